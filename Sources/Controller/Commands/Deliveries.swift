import ArgumentParser
import JSON
import Model

/// `belfry deliveries`: what was sent to whom, with which outcome.
struct Deliveries: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List attempts to deliver notifications, newest first.",
    discussion: """
      Each attempt is a line: what was sent of which group, how it ended, what the other side said, and when it is tried
      again.

      Example: belfry deliveries --tenant shop --since 1h
      Example: belfry deliveries --channel oncall --outcome rejected
      """)

  @OptionGroup var options: ClientOptions
  @OptionGroup var times: TimeOptions
  @Option(help: "Only this tenant's.")
  var tenant: String?
  @Option(help: "Only this channel's.")
  var channel: String?
  @Option(help: "Only this outcome: delivered, rejected, throttled, unreachable, observed or held.")
  var outcome: String?
  @Option(help: "Only messages that told of the alert with this fingerprint.")
  var fingerprint: String?
  @Option(help: "From when on: a time, or how long ago, such as 1h.")
  var since: String?
  @Option(help: "Before when: a time, or how long ago.")
  var until: String?
  @Option(help: "Only messages that told of an alert of this severity.")
  var severity: String?
  @Option(help: "Only messages that told of an alert of this rule.")
  var rule: String?
  @Option(help: "How many at most.")
  var limit = 50

  func run() async throws {
    var query = APIQuery()
    query.add([
      ("tenant", tenant), ("channel", channel), ("outcome", outcome), ("fingerprint", fingerprint),
      ("severity", severity), ("rule", rule),
    ])
    try query.add(since: since, until: until)
    let times = times.shown
    try await options.client().list("/api/v1/deliveries", query, limit: limit).show(options.format) { items, screen in
      var table = Table([
        "AT", "CHANNEL", "ENDPOINT", "OUTCOME", "TRY", "ALERTS", "BYTES", "TOOK", "NEXT TRY", "WHY", "GROUP", "ANSWER",
      ])
      for delivery in items { table.row(Self.row(delivery, times)) }
      return table.text(for: screen)
    }
  }

  private static func row(_ delivery: JSONValue, _ times: ClientTimes) -> [String] {
    let groups = delivery["groups"]?.int ?? 1
    let channel = "\(delivery["owner"]?.string ?? "?")/\(delivery["channel"]?["name"]?.string ?? "?")"
    let error = delivery["error"]?.string.map { " (" + $0 + ")" } ?? ""
    return [
      times.text(delivery["startedAt"]?.string), channel, endpoint(delivery),
      (delivery["outcome"]?.string ?? "?") + error,
      String(delivery["attempt"]?.int ?? 0),
      "\(delivery["firing"]?.int ?? 0)+\(delivery["resolved"]?.int ?? 0)" + (groups > 1 ? " of \(groups) groups" : ""),
      String(delivery["bytes"]?.int ?? 0), took(delivery), delivery["nextAttemptAt"]?.string ?? "-",
      delivery["reason"]?.string ?? "?", delivery["groupKey"]?.string ?? "?", delivery["detail"]?.string ?? "?",
    ]
  }

  /// Which endpoint of the channel, from 1 as `channel test` counts; nothing was sent to one where it was held or
  /// observed.
  private static func endpoint(_ delivery: JSONValue) -> String {
    guard let number = delivery["endpoint"]?.int, !["held", "observed"].contains(delivery["outcome"]?.string) else {
      return "-"
    }
    return String(number + 1)
  }

  private static func took(_ delivery: JSONValue) -> String {
    guard let start = delivery["startedAt"]?.string.flatMap({ Timestamp(rfc3339: $0) }),
      let end = delivery["finishedAt"]?.string.flatMap({ Timestamp(rfc3339: $0) })
    else { return "?" }
    return (end - start).prometheus
  }
}
