import ArgumentParser
import JSON
import Model

/// `belfry history`: which alerts changed their state, when and why.
struct History: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List changes of alerts' states, newest first.",
    discussion: """
      Example: belfry history --tenant shop --since 8h --severity critical
      Example: belfry history --rule CheckoutErrors --state firing --format json
      """)

  @OptionGroup var options: ClientOptions
  @OptionGroup var times: TimeOptions
  @OptionGroup var scope: ScopeOptions
  @Option(help: "Only this rule's.")
  var rule: String?
  @Option(help: "Only this value of the label 'severity'.")
  var severity: String?
  @Option(help: "Only changes to this state: pending, firing or resolved.")
  var state: String?
  @Option(help: "Only the alert with this fingerprint.")
  var fingerprint: String?
  @Option(help: "From when on: a time, or how long ago, such as 8h.")
  var since: String?
  @Option(help: "Before when: a time, or how long ago.")
  var until: String?
  @Option(help: "How many at most.")
  var limit = 50
  @Argument(help: "Matchers in Alertmanager's syntax; all must hold.")
  var matchers: [String] = []

  func run() async throws {
    var query = APIQuery()
    query.add(
      scope.parameters + [
        ("rule", rule), ("severity", severity), ("state", state), ("fingerprint", fingerprint),
      ])
    query.add(matchers: matchers)
    try query.add(since: since, until: until)
    let times = times.shown
    try await options.client().list("/api/v1/history", query, limit: limit).show(options.format) { items, screen in
      Self.table(items, times).text(for: screen)
    }
  }

  static func table(_ transitions: [JSONValue], _ times: ClientTimes) -> Table {
    var table = Table(["AT", "TO", "FROM", "ALERT", "SCOPE", "WHY", "FINGERPRINT", "LABELS"])
    for transition in transitions {
      let alert = transition["alert"] ?? .null
      table.row([
        times.text(transition.deep("at")?.string), transition.cell("to"), transition.deep("from")?.string ?? "inactive",
        alert.cell("labels.alertname"), alert.cell("scope"), transition.cell("reason"),
        String(alert.cell("fingerprint").prefix(8)), alert.labelWords,
      ])
    }
    return table
  }
}
