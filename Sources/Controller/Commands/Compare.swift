import ArgumentParser
import JSON
import Model

/// `belfry compare`: a tenant beside the Alertmanager that pages it.
struct Compare: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare a tenant's alerts with those of an Alertmanager, for a while.",
    discussion: """
      For the time in which both run: the tenant says 'notify: observe', and the Alertmanager still pages. Looks at both
      again and again, and reports which alerts and groups one had and the other hadn't for longer than --patience, and
      which only one of them muted. Exits with 2 when there are such differences.

      Example: belfry compare --alertmanager http://127.0.0.1:9093 --tenant shop --matcher 'team="shop"' --for 1h
      """)

  @OptionGroup var options: ClientOptions
  @Option(help: "The Alertmanager's address.")
  var alertmanager: String
  @Option(help: "A token that may read there (or BELFRY_ALERTMANAGER_TOKEN).")
  var alertmanagerToken: String?
  @Option(help: "The tenant.")
  var tenant: String
  @Option(help: "Which of the Alertmanager's alerts are the tenant's, in its syntax; all must hold.")
  var matcher: [String] = []
  @Option(help: "Labels that only one side has; repeated.")
  var ignoreLabel: [String] = ["tenant", "project"]
  @Option(name: .customLong("for"), help: "How long.")
  var length = "5m"
  @Option(help: "How often both are looked at.")
  var every = "15s"
  @Option(help: "How long they may differ, since they evaluate at different instants.")
  var patience = "2m"

  func run() async throws {
    let (length, every) = (try duration(length, "--for"), try duration(every, "--every"))
    let token = alertmanagerToken ?? environment("BELFRY_ALERTMANAGER_TOKEN")
    let looks = try ComparisonLooks(
      belfry: try options.client(), tenant: tenant, alertmanager: alertmanager, token: token.map { Secret($0) },
      matchers: matcher)
    var comparison = AlertmanagerComparison(patience: try duration(patience, "--patience"), ignoring: ignoreLabel)
    let clock = SystemClock()
    let start = clock.now
    while true {
      async let ours = looks.ours()
      async let theirs = looks.theirs()
      comparison.look(belfry: try await ours, alertmanager: try await theirs, at: clock.now)
      let next = clock.now + every
      if next > start + length { break }
      try await clock.sleep(until: next, tolerance: nil)
    }
    switch options.format {
    case .text: Console.result(ComparisonReport(comparison).text)
    case .json: Console.bytes(ComparisonReport(comparison).json.bytes(pretty: true) + [0x0a])
    }
    if !comparison.differences.isEmpty { throw Exit.changes.code }
  }

  private func duration(_ text: String, _ option: String) throws -> Duration {
    guard let duration = try? Duration(prometheus: text), duration > .zero || option != "--every" else {
      throw CommandFailure(.usage, "\(option) '\(text)': a duration such as 30s or 10m is accepted")
    }
    return duration
  }
}
