import JSON
package import Model

/// A message in words, for people: what every channel that shows text starts from.
package struct MessageText: Sendable {
  package let message: Message
  /// The zone in which times are shown, with its name.
  package let zone: ZoneRules
  /// At most so many alerts are shown; the rest is counted.
  package let limit: Int

  package init(_ message: Message, zone: ZoneRules = .utc, limit: Int = 50) {
    self.message = message
    self.zone = zone
    self.limit = limit
  }

  /// `[FIRING:2] critical CheckoutErrors: web-1 answers 5xx`: state, count, severity, what, and the summary where all
  /// alerts share it.
  package var title: String {
    var text = "[" + state + "] "
    if let severity { text += severity + " " }
    text += subject
    if let summary = annotation("summary", of: message.commonAnnotations) { text += ": " + summary }
    return text.onOneLine(limit: 200)
  }

  /// `FIRING:2`, `RESOLVED`, or both where only some have resolved.
  package var state: String {
    let firing = message.firing.count
    let resolved = message.resolved.count
    if firing == 0 { return resolved > 1 ? "RESOLVED:\(resolved)" : "RESOLVED" }
    return "FIRING:\(firing)" + (resolved > 0 ? ", RESOLVED:\(resolved)" : "")
  }

  /// The gravest severity among the firing alerts, or the resolved ones where none fires.
  package var severity: String? {
    let alerts = message.firing.isEmpty ? message.resolved : message.firing
    let severities = Set(alerts.lazy.map { $0.labels["severity"] }.filter { !$0.isEmpty })
    return ["critical", "warning", "info"].first { severities.contains($0) } ?? severities.min()
  }

  /// The alert's name, or the labels of the group.
  private var subject: String {
    let common = message.commonLabels
    if !common["alertname"].isEmpty { return common["alertname"] }
    let values = message.groupLabels.pairs.map { $0.name + "=" + $0.value }
    return values.isEmpty ? "\(message.alerts.count) alerts" : values.joined(separator: " ")
  }

  /// The whole message as lines of plain text.
  package var lines: [String] {
    var lines = [title]
    lines.append("\(message.owner) · " + reasonText)
    let shared = list(message.commonLabels)
    if !shared.isEmpty { lines.append(shared) }
    if !message.mentions.isEmpty { lines.append(message.mentions.joined(separator: " ")) }
    for alert in message.alerts.prefix(limit) {
      lines.append("")
      lines += self.lines(of: alert)
    }
    let hidden = message.truncated + max(0, message.alerts.count - limit)
    if hidden > 0 { lines += ["", "\(hidden) more not shown"] }
    if !message.externalURL.isEmpty { lines += ["", message.externalURL] }
    return lines
  }

  /// Why it was sent.
  package var reasonText: String { message.reason.rawValue }

  /// One alert: its state and own labels, then facts with two spaces in front.
  private func lines(of alert: Alert) -> [String] {
    let own = list(ownLabels(of: alert))
    var lines = [(alert.state == .resolved ? "RESOLVED" : "FIRING") + (own.isEmpty ? "" : " " + own)]
    lines += facts(of: alert).map { "  " + ($0.name.isEmpty ? "" : $0.name + ": ") + $0.value }
    return lines
  }

  /// The labels that tell this alert from the others of the message.
  package func ownLabels(of alert: Alert) -> Labels {
    let common = message.commonLabels
    return Labels(alert.labels.pairs.lazy.filter { !common.contains($0.name) })
  }

  /// What there is to say of one alert: name and text; the summary has no name. Each is one line.
  package func facts(of alert: Alert) -> [Label] {
    var facts: [Label] = []
    if let summary = annotation("summary", of: alert.annotations) { facts.append(Label("", summary)) }
    if let description = annotation("description", of: alert.annotations) { facts.append(Label("", description)) }
    let rest = alert.annotations.filter { !["summary", "description", "runbook_url"].contains($0.name) }
    facts += rest.filter { !$0.value.isEmpty }.map { Label($0.name, $0.value.onOneLine(limit: 2000)) }
    facts.append(Label("value", Self.text(alert.value)))
    facts.append(Label("since", since(alert)))
    if let runbook = annotation("runbook_url", of: alert.annotations) { facts.append(Label("runbook", runbook)) }
    if !alert.generatorURL.isEmpty { facts.append(Label("graph", alert.generatorURL)) }
    facts.append(Label("rule", provenance(of: alert.rule)))
    return facts
  }

  private func annotation(_ name: String, of annotations: [Label]) -> String? {
    guard let value = annotations.first(where: { $0.name == name })?.value, !value.isEmpty else { return nil }
    return value.onOneLine(limit: 2000)
  }

  private func list(_ labels: Labels) -> String {
    labels.pairs.map { $0.name + "=" + $0.value.onOneLine(limit: 300) }.joined(separator: ", ")
  }

  /// `2026-11-20 08:00:00 UTC`, and for a resolved alert until when and how long.
  private func since(_ alert: Alert) -> String {
    let start = alert.firedAt ?? alert.activeAt
    guard alert.state == .resolved, let end = alert.resolvedAt else { return time(start) }
    return time(start) + " until " + time(end) + " (" + Self.rounded(end - start).prometheus + ")"
  }

  package func time(_ instant: Timestamp) -> String {
    let civil = zone.civilTime(at: instant)
    return civil.dateText + " " + civil.timeText + " " + zone.offset(at: instant).abbreviation
  }

  /// `CheckoutErrors, tenants/shop/checkout/rules.yaml:7, changed 2026-11-01 by Ana <ana@example.com> (3f2a9c1d)`.
  private func provenance(of rule: RuleReference) -> String {
    let origin = rule.provenance
    var text = rule.rule.onOneLine(limit: 200)
    if !origin.file.isEmpty { text += ", " + origin.file.onOneLine(limit: 400) + ":" + String(origin.line) }
    if let author = origin.author {
      text += ", changed"
      if let at = origin.committedAt { text += " " + zone.civilTime(at: at).dateText }
      text += " by " + author.onOneLine(limit: 200)
    }
    if let commit = origin.commit { text += " (" + commit.short + ")" }
    return text
  }

  private static func rounded(_ duration: Duration) -> Duration {
    duration >= .seconds(1) ? .seconds(duration.components.seconds) : duration
  }

  private static func text(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    var writer = JSONWriter()
    writer.double(value)
    return writer.text
  }
}
