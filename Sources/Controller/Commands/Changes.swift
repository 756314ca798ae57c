import ArgumentParser
import JSON
import Model

/// `belfry changes`: what happened since somebody looked last.
struct Changes: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell what happened since a time: alerts, deliveries, syncs, specs, silences, health.",
    discussion: """
      Example: belfry changes --since 8h
      Example: belfry changes --tenant shop --since 2026-11-20T08:00:00Z
      """)

  @OptionGroup var options: ClientOptions
  @OptionGroup var times: TimeOptions
  @OptionGroup var scope: ScopeOptions
  @Option(help: "Since when: a time, or how long ago.")
  var since = "8h"

  func run() async throws {
    var query = APIQuery()
    query.add(scope.parameters)
    try query.add(since: since)
    let answer = try await options.client().get(query.path("/api/v1/changes"))
    switch options.format {
    case .json: Console.bytes(answer.bytes(pretty: true) + [0x0a])
    case .text: Console.result(Self.text(answer, times.shown, .ofOutput))
    }
  }

  static func text(_ changes: JSONValue, _ times: ClientTimes, _ screen: Screen) -> String {
    var page = ClientPage(screen)
    page.line("since \(times.long(changes.deep("since")?.string))")
    if changes["truncated"]?.bool == true {
      page.line("more happened than one answer reads: the newest part is counted")
    }
    for (name, title) in [("stillFiring", "still firing"), ("fired", "fired"), ("resolved", "resolved")] {
      let part = changes.deep("alerts.\(name)")
      page.section("\(title): \(part?.cell("count") ?? "0")" + severities(part))
      let items = part?["items"]?.array ?? []
      guard !items.isEmpty else { continue }
      page.table(name == "stillFiring" ? Alerts.table(items, times) : History.table(items, times))
    }
    page.section("deliveries")
    page.table(Stats.channels(changes["channels"]?.array ?? []))
    page.section("syncs: \(changes.cell("syncs.count")), changes of specs: \(changes.cell("specs.count"))")
    var specs = Table(["AT", "ACTOR", "ACTION", "SCOPE", "WHAT", "COMMIT"])
    for row in changes.deep("specs.items")?.array ?? [] {
      specs.row([
        times.text(row.deep("at")?.string), row.cell("actor"), row.cell("action"), row.cell("scope"),
        row.cell("subject"), String(row.cell("commit").prefix(8)),
      ])
    }
    page.table(specs)
    for (name, title) in [
      ("begun", "silences that began"), ("ended", "silences that ended"),
      ("endingSoon", "silences that end soon"),
    ] {
      let silences = changes.deep("silences.\(name)")?.array ?? []
      guard !silences.isEmpty else { continue }
      page.section(title)
      for silence in silences { page.silence(silence, times) }
    }
    let health = changes["health"]?.array ?? []
    if !health.isEmpty { page.section("health") }
    for change in health {
      let how = change["recovered"]?.bool == true ? "works again" : "stopped working"
      page.line(
        "\(times.text(change.deep("at")?.string))  \(change.cell("scope"))  \(change.cell("alert"))  "
          + "\(change.cell("name")) \(how): \(change.cell("message"))")
    }
    return page.text
  }

  private static func severities(_ part: JSONValue?) -> String {
    let counts = (part?["severities"]?.array ?? []).map {
      "\($0.cell("count")) \($0.cell("severity") == "-" ? "without severity" : $0.cell("severity"))"
    }
    return counts.isEmpty ? "" : " (" + counts.joined(separator: ", ") + ")"
  }
}
