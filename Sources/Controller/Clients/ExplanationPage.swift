import JSON
import Model

/// One alert explained as a page for somebody who was just woken by it.
struct ExplanationPage {
  private let document: JSONValue
  private let times: ClientTimes
  private var page: ClientPage

  init(_ document: JSONValue, _ times: ClientTimes, _ screen: Screen) {
    self.document = document
    self.times = times
    page = ClientPage(screen)
    what()
    rule()
    route()
    groups()
    muting()
    next()
    sent()
    history()
  }

  var text: String { page.text }

  private var alert: JSONValue { document["alert"] ?? .null }

  private mutating func what() {
    page.whole("\(alert.cell("labels.alertname")) is \(alert.cell("state")) in \(alert.cell("scope"))")
    for (name, value) in (alert["annotations"]?.members ?? []).map({ ($0.name, $0.value.string ?? "") }) {
      page.whole(name == "summary" ? value : name + ": " + value, indent: 2)
    }
    page.section("alert")
    fact("fingerprint", alert.cell("fingerprint"))
    fact("labels", alert.labelWords)
    fact("value", alert.cell("value") + threshold)
    fact("active since", times.long(alert.deep("activeAt")?.string))
    if alert.deep("firedAt") != nil { fact("firing since", times.long(alert.deep("firedAt")?.string)) }
    if alert.deep("keepFiringSince") != nil {
      fact("condition ended", times.long(alert.deep("keepFiringSince")?.string) + ", kept firing by keep_firing_for")
    }
    if alert.deep("resolvedAt") != nil { fact("resolved", times.long(alert.deep("resolvedAt")?.string)) }
    if alert.deep("generatorUrl") != nil { fact("graph", alert.cell("generatorUrl")) }
  }

  private var threshold: String {
    guard let threshold = document.deep("threshold") else { return "" }
    return ", fires when \(threshold.cell("comparison")) \(threshold.cell("limit"))"
  }

  private mutating func rule() {
    page.section("rule")
    let rule = document.deep("rule")
    fact("written in", "\(alert.cell("rule.file")):\(alert.cell("rule.line"))")
    if let change = alert.deep("rule.lastChange") {
      let request = change.deep("pullRequest").map { ", " + ($0.string ?? "") } ?? ""
      let page = change.deep("pullRequestUrl").map { " " + ($0.string ?? "") } ?? ""
      fact(
        "last changed by",
        "\(change.cell("author")), commit \(change.cell("commit").prefix(8)), "
          + times.long(change.deep("committedAt")?.string) + request + page)
    }
    guard let rule else { return fact("", "the rule is no longer there") }
    fact("expression", rule.cell("query"))
    fact("for", rule.cell("for"))
    fact("last evaluated", times.long(rule.deep("lastEvaluationAt")?.string))
    if rule.deep("lastError") != nil { fact("it fails", rule.cell("lastError")) }
  }

  private mutating func route() {
    page.section("route")
    let steps = document["route"]?.array ?? []
    if alert["unrouted"]?.bool == true || steps.isEmpty { page.line("no route takes it: nobody is told", indent: 2) }
    for step in steps {
      let matchers = (step["matchers"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
      let depth = 2 + 2 * (step["depth"]?.int ?? 0)
      let place = step.deep("origin").map { "  \($0.cell("file")):\($0.cell("line"))" } ?? ""
      page.whole("\(outcome(of: step))  \(step.cell("owner")) {\(matchers)}\(refusal(of: step))\(place)", indent: depth)
      let channels = (step["channels"]?.array ?? []).map { $0.cell("name") }
      if !channels.isEmpty {
        page.whole("→ " + channels.joined(separator: ", ") + settings(of: step), indent: depth + 2)
      }
    }
  }

  private func outcome(of step: JSONValue) -> String {
    step.deep("outcome")?.string ?? (step["matches"]?.bool == true ? "matches" : "refused")
  }

  private func refusal(of step: JSONValue) -> String {
    guard let refused = step.deep("refusedBy") else { return "" }
    return ": its \(refused.cell("label")) is \((refused["value"]?.string ?? "").quotedAsGo)"
  }

  private func settings(of step: JSONValue) -> String {
    guard let settings = step.deep("settings") else { return "" }
    let labels = (settings.deep("groupBy.value")?.array ?? []).compactMap(\.string).joined(separator: ", ")
    return " (grouped by \(labels.isEmpty ? "nothing" : labels); waits \(settings.cell("groupWait.value")), then every "
      + "\(settings.cell("groupInterval.value")), again after \(settings.cell("repeatInterval.value")))"
  }

  private mutating func groups() {
    let groups = document["groups"]?.array ?? []
    guard !groups.isEmpty else { return }
    page.section("told")
    for group in groups {
      let told = group["told"]?.bool.map { $0 ? "told as firing" : "not told yet" } ?? ""
      page.whole(
        "\(group.cell("channel.name")): \(group.cell("alerts")) in the group, last sent "
          + "\(times.text(group.deep("lastSentAt")?.string)), looked through next "
          + "\(times.text(group.deep("nextFlushAt")?.string))" + (told.isEmpty ? "" : "; " + told)
          + (group["underWay"]?.bool == true ? "; a message is on its way" : ""), indent: 2)
      if let hold = group.deep("hold") {
        page.whole("held back by \(hold.cell("reason")) until \(times.long(hold.deep("until")?.string))", indent: 4)
      }
    }
  }

  private mutating func muting() {
    let silences = document["silences"]?.array ?? []
    let inhibitions = document["inhibitions"]?.array ?? []
    guard !silences.isEmpty || !inhibitions.isEmpty else { return }
    page.section("kept quiet by")
    for silence in silences { page.silence(silence, times) }
    for inhibition in inhibitions {
      page.whole(
        "inhibition \(inhibition.cell("rule.name")), because of alert \(inhibition.cell("source"))", indent: 2)
    }
  }

  private mutating func next() {
    let steps = document["next"]?.array ?? []
    guard !steps.isEmpty else { return }
    page.section("next")
    for step in steps {
      page.whole(
        "\(times.text(step.deep("at")?.string))  \(step.cell("what"))"
          + (step.deep("channel").map { " on \($0.cell("name"))" } ?? "") + ": \(step.cell("why"))", indent: 2)
    }
  }

  private mutating func sent() {
    page.section("sent")
    let deliveries = document["deliveries"]?.array ?? []
    if deliveries.isEmpty { page.line("nothing was sent of it", indent: 2) }
    var table = Table(["AT", "CHANNEL", "OUTCOME", "TRY", "WHY", "ANSWER"])
    for delivery in deliveries.prefix(20) {
      table.row([
        times.text(delivery.deep("startedAt")?.string), delivery.cell("channel.name"), delivery.cell("outcome"),
        delivery.cell("attempt"), delivery.cell("reason"), delivery.cell("detail"),
      ])
    }
    page.table(table)
  }

  private mutating func history() {
    let transitions = document["transitions"]?.array ?? []
    guard !transitions.isEmpty else { return }
    page.section("history")
    for transition in transitions.prefix(20) {
      page.line(
        "\(times.text(transition.deep("at")?.string))  \(transition.deep("from")?.string ?? "inactive") → "
          + "\(transition.cell("to")): \(transition.cell("reason"))", indent: 2)
    }
  }

  private mutating func fact(_ name: String, _ value: String) {
    page.whole(name + String(repeating: " ", count: max(1, 17 - name.count)) + value, indent: 2)
  }
}
