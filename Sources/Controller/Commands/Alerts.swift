import ArgumentParser
import JSON
import Model

/// `belfry alerts`: the alerts that are pending or firing now.
struct Alerts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the alerts that are pending or firing.",
    discussion: """
      With --fail-on it exits with 3 when an alert of the list is in that state, for scripts that must not go on then.
      --watch draws the list anew on a terminal, and prints a line for each change elsewhere.

      Example: belfry alerts --tenant shop --severity critical
      Example: belfry alerts 'severity=~"critical|warning"' --watch
      Example: belfry alerts --tenant shop --fail-on firing --format json
      """)

  /// What `--fail-on` and `--state` know.
  enum State: String, ExpressibleByArgument, CaseIterable {
    case pending, firing
  }

  @OptionGroup var options: ClientOptions
  @OptionGroup var times: TimeOptions
  @OptionGroup var watching: WatchOptions
  @OptionGroup var scope: ScopeOptions
  @Option(help: "Only this state.")
  var state: State?
  @Option(help: "Only this value of the label 'severity'.")
  var severity: String?
  @Option(help: "Only this rule's.")
  var rule: String?
  @Option(help: "Exit with 3 when an alert of the list is in this state.")
  var failOn: State?
  @Option(help: "How many at most (default: all).")
  var limit: Int?
  @Argument(help: "Matchers in Alertmanager's syntax; all must hold.")
  var matchers: [String] = []

  func run() async throws {
    let client = try options.client()
    var query = APIQuery()
    query.add(scope.parameters + [("state", state?.rawValue)])
    query.add(matchers: matchers, severity: severity, rule: rule)
    if watching.watch { return try await follow(client, query) }
    let list = try await client.list("/api/v1/alerts", query, limit: limit)
    list.show(options.format) { Self.table($0, times.shown).text(for: $1) }
    if let failOn, list.items.contains(where: { $0["state"]?.string == failOn.rawValue }) {
      throw Exit.unsound.code
    }
  }

  private func follow(_ client: StatusClient, _ query: APIQuery) async throws {
    var watch = Watching(client)
    var changes = AlertChanges()
    var tag: String?
    var items: [JSONValue] = []
    try await watch.forever {
      // The first page's tag stands for all: it changes with anything that alerts show.
      if try await client.get(query.path("/api/v1/alerts", ["limit=1"]), unless: &tag) != nil {
        items = try await client.list("/api/v1/alerts", query, limit: limit).items
        if !Console.isTerminal { print(changes.take(items)) }
      }
      if Console.isTerminal {
        let head = "\(items.count) alerts, \(SystemClock().now.description)\n\n"
        Watching.draw(head + Self.table(items, times.shown).text(for: .ofOutput))
      }
    }
  }

  private func print(_ changed: [(state: String, alert: JSONValue)]) {
    let now = SystemClock().now.description
    for (state, alert) in changed {
      switch options.format {
      case .json:
        let members = [JSONValue.Member("at", .string(now)), .init("state", .string(state)), .init("alert", alert)]
        Console.bytes(JSONValue.object(members).bytes(pretty: false) + [0x0a])
      case .text:
        var table = Table([])
        table.row([now, state, alert.cell("labels.alertname"), alert.cell("scope"), alert.labelWords])
        Console.result(String(table.text.drop { $0 == "\n" }))
      }
    }
  }

  static func table(_ alerts: [JSONValue], _ times: ClientTimes) -> Table {
    var table = Table(["STATE", "ALERT", "SCOPE", "SINCE", "VALUE", "FINGERPRINT", "LABELS"])
    for alert in alerts {
      table.row([
        alert.cell("state") + muting(alert), alert.cell("labels.alertname"), alert.cell("scope"),
        times.text((alert.deep("firedAt") ?? alert.deep("activeAt"))?.string), alert.cell("value"),
        String(alert.cell("fingerprint").prefix(8)), alert.labelWords,
      ])
    }
    return table
  }

  /// What keeps the alert from being told, behind its state.
  private static func muting(_ alert: JSONValue) -> String {
    func has(_ name: String) -> Bool { !(alert[name]?.array ?? []).isEmpty }
    var words: [String] = []
    if has("silencedBy") { words.append("silenced") }
    if has("inhibitedBy") { words.append("inhibited") }
    if has("mutedBy") { words.append("muted") }
    if alert["unrouted"]?.bool == true { words.append("no route") }
    return words.isEmpty ? "" : " (" + words.joined(separator: ", ") + ")"
  }
}

/// What became different from one list of alerts to the next.
struct AlertChanges {
  private var known: [String: JSONValue] = [:]

  /// The alerts that came, changed their state or went, in the order of the list; gone ones last.
  mutating func take(_ alerts: [JSONValue]) -> [(state: String, alert: JSONValue)] {
    var now: [String: JSONValue] = [:]
    var changed: [(state: String, alert: JSONValue)] = []
    for alert in alerts {
      let key = alert.cell("scope") + "\u{0}" + alert.cell("fingerprint")
      now[key] = alert
      if known[key]?.cell("state") != alert.cell("state") { changed.append((alert.cell("state"), alert)) }
    }
    for key in known.keys.sorted() where now[key] == nil {
      if let gone = known[key] { changed.append(("gone", gone)) }
    }
    known = now
    return changed
  }
}
