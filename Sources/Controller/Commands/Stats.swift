import ArgumentParser
import JSON
import Model

/// `belfry stats`: which rules fire most, which are noise, how long alerts last, how channels do.
struct Stats: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show figures: top alerts, noise, time to resolve, deliveries.",
    discussion: """
      Example: belfry stats --since 7d
      Example: belfry stats --tenant shop --since 30d --top 20 --format json
      """)

  @OptionGroup var options: ClientOptions
  @OptionGroup var scope: ScopeOptions
  @Option(help: "From when on: a time, or how long ago.")
  var since = "7d"
  @Option(help: "Before when: a time, or how long ago.")
  var until: String?
  @Option(help: "How many rules each list has (default: 10).")
  var top: Int?

  func run() async throws {
    var query = APIQuery()
    query.add(scope.parameters + [("top", top.map(String.init))])
    try query.add(since: since, until: until)
    let answer = try await options.client().get(query.path("/api/v1/stats"))
    switch options.format {
    case .json: Console.bytes(answer.bytes(pretty: true) + [0x0a])
    case .text: Console.result(Self.text(answer, .ofOutput))
    }
  }

  static func text(_ stats: JSONValue, _ screen: Screen) -> String {
    var page = ClientPage(screen)
    page.line("\(stats.cell("since")) to \(stats.cell("until"))")
    if stats["truncated"]?.bool == true {
      page.line("counted since \(stats.cell("countedSince")): there are too many rows")
    }
    let totals = stats["totals"] ?? .null
    page.line(
      "\(totals.cell("firings")) firings, \(totals.cell("pages")) pages, \(totals.cell("flaps")) flaps, "
        + "\(totals.cell("shortLived")) short-lived, \(totals.cell("untouched")) never acted on; "
        + "resolved within \(seconds(totals, "timeToResolve.medianSeconds")) (median), "
        + "\(seconds(totals, "timeToResolve.p90Seconds")) (90 %)")
    for (name, title) in [("firings", "fired most"), ("pages", "paged most"), ("noise", "noisiest")] {
      let rules = stats.deep("top.\(name)")?.array ?? []
      guard !rules.isEmpty else { continue }
      page.section(title)
      var table = Table(["FIRINGS", "PAGES", "FLAPS", "SHORT", "UNTOUCHED", "RESOLVED IN", "SEVERITY", "RULE", "SCOPE"])
      for rule in rules {
        table.row(
          ["firings", "pages", "flaps", "shortLived", "untouched"].map { rule.cell($0) } + [
            seconds(rule, "timeToResolve.medianSeconds"), rule.cell("severity"), rule.cell("rule"), rule.cell("scope"),
          ])
      }
      page.table(table)
    }
    page.section("deliveries")
    page.table(channels(stats["channels"]?.array ?? []))
    return page.text
  }

  /// How channels did.
  static func channels(_ channels: [JSONValue]) -> Table {
    var table = Table(["CHANNEL", "TRIES", "DELIVERED", "FAILED", "GIVEN UP", "RATE", "MEDIAN", "95 %"])
    for channel in channels {
      let rate = channel.deep("deliveryRate").flatMap { Double($0.text) }.map { "\(Int($0 * 1000) / 10) %" } ?? "-"
      table.row([
        "\(channel.cell("scope"))/\(channel.cell("name"))", channel.cell("attempts"), channel.cell("delivered"),
        channel.cell("failed"), channel.cell("givenUp"), rate, milliseconds(channel, "latencyP50Ms"),
        milliseconds(channel, "latencyP95Ms"),
      ])
    }
    return table
  }

  private static func milliseconds(_ value: JSONValue, _ path: String) -> String {
    value.deep(path).map { $0.text + " ms" } ?? "-"
  }

  private static func seconds(_ value: JSONValue, _ path: String) -> String {
    value.deep(path).flatMap { Double($0.text) }.map { ClientTimes.span(Int64($0)) } ?? "-"
  }
}
