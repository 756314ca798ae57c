import Model

extension MessageWriter {
  // MARK: Alerts

  /// One alert, with what it doesn't share.
  func item(of alert: Alert) -> MessageContent.Item {
    let isAlone = post.first.alerts.count == 1
    let rest = isAlone ? alert.annotations : alert.annotations.filter { !commonAnnotations.contains($0) }
    return MessageContent.Item(
      isResolved: alert.state == .resolved, level: style.severities.level(of: alert.labels["severity"]),
      title: title(of: alert), brief: brief(of: alert), lines: isAlone ? [] : Self.texts(of: rest),
      facts: times(of: alert) + furtherFacts(of: rest), links: isAlone ? [] : ownLinks(of: alert, rest))
  }

  /// `critical HighCPU instance=a:9100, job=node`: what the others don't have in common with it.
  private func title(of alert: Alert) -> String {
    var words: [String] = []
    var labels: [String] = []
    for label in alert.labels.pairs where !commonLabels.contains(label.name) {
      switch label.name {
      case "severity": words.insert(self.words.severity(label.value), at: 0)
      case "alertname": words.append(label.value)
      default:
        let shown = Self.shown(label)
        labels.append(shown.name + "=" + shown.value)
      }
    }
    if !labels.isEmpty { words.append(labels.joined(separator: ", ")) }
    return words.joined(separator: " ").onOneLine(limit: 600)
  }

  /// `web-1:9100 HighCPU critical`: of what it doesn't share, `instance` first.
  private func brief(of alert: Alert) -> String {
    let own = alert.labels.pairs.filter { !commonLabels.contains($0.name) }
    let last = ["alertname", "severity"]
    let first = own.filter { $0.name == "instance" } + own.filter { !(last + ["instance"]).contains($0.name) }
    var values = first.map(\.value)
    for name in last { values += own.filter { $0.name == name }.map { words.severity($0.value) } }
    return values.map { $0.onOneLine(limit: 120) }.joined(separator: " ").onOneLine(limit: 300)
  }

  /// The value and since when; for what is over, until when and how long.
  private func times(of alert: Alert) -> [Label] {
    let start = alert.firedAt ?? alert.activeAt
    guard alert.state == .resolved else {
      let since = words.since(time(start), for: post.first.at - start)
      return [Label(words.value, value(of: alert)), Label(words.since, since)]
    }
    return times(from: start, to: alert.resolvedAt)
  }

  private func times(from start: Timestamp, to end: Timestamp?) -> [Label] {
    guard let end else { return [Label(words.since, time(start))] }
    return [
      Label(words.since, time(start)), Label(words.ended, time(end)),
      Label(words.lasted, words.duration(max(.zero, end - start))),
    ]
  }

  /// The annotation `value`, which a template can write with its unit; else the number, with the annotation `unit`.
  private func value(of alert: Alert) -> String {
    if let text = Self.annotation("value", of: alert.annotations) { return text.cut(to: 100) }
    let number = alert.value.inPromQL
    guard let unit = Self.annotation("unit", of: alert.annotations) else { return number }
    return number + (unit == "%" ? "" : " ") + unit.cut(to: 40)
  }

  // MARK: Groups

  /// One group of a digest.
  func item(of message: Message) -> MessageContent.Item {
    let common = message.commonLabels
    let tally = Tally(message.alerts)
    let gravest = tally.gravest(by: style.severities)
    var title = hasSeveralOwners ? message.owner.description + " · " : ""
    if let gravest { title += words.severity(gravest).onOneLine(limit: 40) + " " }
    title += name(of: message, common)
    if message.alerts.count + message.truncated > 1 {
      let isMixed = tally.firing > 0 && tally.resolved > 0
      let count = isMixed ? words.states(firing: tally.firing, resolved: tally.resolved) : words.alerts(tally.count)
      title += words.aside(count + (message.truncated > 0 ? words.comma + words.more(message.truncated) : ""))
    }
    let shared = common.pairs.filter { $0.name != "alertname" && $0.name != "severity" }.map(Self.shown)
    let lines = [
      Self.annotation("summary", of: message.commonAnnotations) ?? "",
      shared.map { $0.name + "=" + $0.value }.joined(separator: ", ").cut(to: 300),
    ]
    return MessageContent.Item(
      isResolved: tally.firing == 0, level: gravest.flatMap { style.severities.level(of: $0) },
      title: title.onOneLine(limit: 300), brief: title.onOneLine(limit: 300), lines: lines.filter { !$0.isEmpty },
      facts: times(of: message.alerts), links: [])
  }

  /// The same of a group: since when the first of them fires; when all is over, until when the last did.
  private func times(of alerts: [Alert]) -> [Label] {
    if alerts.count == 1, let alert = alerts.first { return times(of: alert) }
    let firing = alerts.filter { $0.state != .resolved }
    let starts = (firing.isEmpty ? alerts : firing).map { $0.firedAt ?? $0.activeAt }
    guard let start = starts.min() else { return [] }
    guard firing.isEmpty else { return [Label(words.since, words.since(time(start), for: post.first.at - start))] }
    return times(from: start, to: alerts.compactMap(\.resolvedAt).max())
  }

  // MARK: Annotations

  /// Those with a place of their own. `message` is what older rules call the description.
  private static let texts = ["summary", "description", "message"]
  private static let known = Set(
    texts + runbookNames + dashboardNames + ["value", "unit"])

  /// Summary and description, one line each.
  static func texts(of annotations: [Label]) -> [String] {
    texts.compactMap { annotation($0, of: annotations) }
  }

  /// One annotation in one line; `nil` when it is missing or says nothing.
  static func annotation(_ name: String, of annotations: [Label]) -> String? {
    guard let value = annotations.first(where: { $0.name == name })?.value.onOneLine(limit: 2000), !value.isEmpty else {
      return nil
    }
    return value
  }

  /// The annotations without a place of their own, and those that should have been links and aren't.
  func furtherFacts(of annotations: [Label]) -> [Label] {
    annotations.compactMap { annotation in
      let isLink = Self.runbookNames.contains(annotation.name) || Self.dashboardNames.contains(annotation.name)
      guard isLink ? annotation.value.webLink == nil : !Self.known.contains(annotation.name) else { return nil }
      let value = annotation.value.onOneLine(limit: 2000)
      return value.isEmpty ? nil : Label(words.annotation(annotation.name.onOneLine(limit: 200)), value)
    }
  }
}

extension Double {
  /// As Prometheus's API writes a sample: without an exponent, but for the very small and the very large.
  fileprivate var inPromQL: String {
    guard isFinite, self != 0, !(1e-6..<1e21).contains(magnitude) else { return plainAsGo }
    return formattedAsGo(.e, precision: nil)
  }
}
