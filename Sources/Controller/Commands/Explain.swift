import ArgumentParser
import JSON
import Model

/// `belfry explain`: one alert, from its rule to what will happen next.
struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain one alert: what, since when, who is told and why, what happens next.",
    discussion: """
      Takes a fingerprint, the beginning of one that only one live alert has, or an alert's name with as many labels as
      it takes to mean one. Exits with 1 when there is none, or there are several.

      Example: belfry explain 682a41a4b645c8f8
      Example: belfry explain 682a
      Example: belfry explain CheckoutErrors instance=web-1
      """)

  @OptionGroup var options: ClientOptions
  @OptionGroup var times: TimeOptions
  @OptionGroup var scope: ScopeOptions
  @Argument(help: "A fingerprint, or an alert's name.")
  var alert: String
  @Argument(help: "Labels of the alert, as name=value.")
  var labels: [String] = []

  func run() async throws {
    let client = try options.client()
    let found = try await fingerprint(client)
    var query = APIQuery()
    query.add(found.scope)
    let answer = try await client.get(query.path("/api/v1/alerts/" + found.fingerprint))
    switch options.format {
    case .json: Console.bytes(answer.bytes(pretty: true) + [0x0a])
    case .text: Console.result(ExplanationPage(answer, times.shown, .ofOutput).text)
    }
  }

  /// The fingerprint that the arguments mean, and the scope, where that has to be said too.
  private func fingerprint(
    _ client: StatusClient
  ) async throws -> (fingerprint: String, scope: [(String, String?)]) {
    let text = alert.lowercased()
    let isHexadecimal = text.utf8.allSatisfy { byte in
      UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte
    }
    if labels.isEmpty, isHexadecimal, text.utf8.count == 16 { return (text, scope.parameters) }
    var query = APIQuery()
    query.add(scope.parameters)
    let isPrefix = labels.isEmpty && isHexadecimal && text.utf8.count >= 4
    if !isPrefix { query.add(matchers: try matchers(), rule: alert) }
    let list = try await client.list("/api/v1/alerts", query, limit: nil).items
    let items = isPrefix ? list.filter { $0.cell("fingerprint").hasPrefix(text) } : list
    guard let first = items.first else {
      throw CommandFailure(
        .failed,
        isPrefix
          ? "no live alert's fingerprint begins with '\(text)'; one that has resolved is found by all 16 digits"
          : "no live alert is '\(alert)'\(labels.isEmpty ? "" : " with " + labels.joined(separator: " ")); see belfry alerts"
      )
    }
    guard items.count == 1 else {
      let shown = Alerts.table(Array(items.prefix(20)), times.shown).text
      throw CommandFailure(.failed, "\(items.count) alerts fit; say more of one:\n" + shown)
    }
    return (
      first.cell("fingerprint"), [("tenant", first.deep("tenant")?.string), ("project", first.deep("project")?.string)]
    )
  }

  private func matchers() throws -> [String] {
    try labels.map { label in
      guard let sign = label.firstIndex(of: "="), sign != label.startIndex else {
        throw CommandFailure(.usage, "'\(label)': a label as name=value is accepted")
      }
      // What is a matcher already stays one.
      if label[sign...].hasPrefix("=\"") || label[sign...].hasPrefix("=~") || label[..<sign].hasSuffix("!") {
        return label
      }
      return label[..<sign] + "=" + String(label[label.index(after: sign)...]).quotedAsGo
    }
  }
}
