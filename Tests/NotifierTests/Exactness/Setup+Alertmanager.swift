import JSON
import Model

extension Setup {
  /// Alertmanager's configuration file; `url` gives the address of a hook.
  func alertmanagerFile(url: (String) -> String) -> String {
    var text = "route: \(root.alertmanagerText)\nreceivers:\n"
    for receiver in receivers {
      let hooks = receiver.hooks.map { hook in
        let limit = hook.maxAlerts > 0 ? ", max_alerts: \(hook.maxAlerts)" : ""
        return "{url: \(quoted(url(hook.name))), send_resolved: \(hook.sendsResolved)\(limit)}"
      }
      text += "- {name: \(quoted(receiver.name)), webhook_configs: [\(hooks.joined(separator: ", "))]}\n"
    }
    if root.namesIntervals { text += "time_intervals:\n" }
    for (name, years) in Self.intervals.sorted(by: { $0.key < $1.key }) where root.namesIntervals {
      text += "- {name: \(name), time_intervals: [{years: ['\(years.lowerBound):\(years.upperBound)']}]}\n"
    }
    guard !inhibitions.isEmpty else { return text }
    text += "inhibit_rules:\n"
    for rule in inhibitions {
      text += "- {source_matchers: [\(quoted(rule.source))], target_matchers: [\(quoted(rule.target))], "
      text += "equal: \(list(rule.equal))}\n"
    }
    return text
  }
}

extension Way {
  /// Whether this route or one below has time intervals.
  fileprivate var namesIntervals: Bool {
    !mute.isEmpty || !active.isEmpty || children.contains(where: \.namesIntervals)
  }

  /// As a YAML mapping in one line.
  fileprivate var alertmanagerText: String {
    var fields: [String] = []
    if let receiver { fields.append("receiver: " + quoted(receiver)) }
    if !matchers.isEmpty { fields.append("matchers: " + list(matchers)) }
    switch grouping {
    case .all?: fields.append("group_by: ['...']")
    case .by(let names)?: fields.append("group_by: " + list(names))
    case .missing?, nil: break
    }
    if let wait { fields.append("group_wait: \(wait)ms") }
    if let interval { fields.append("group_interval: \(interval)ms") }
    if let repeats { fields.append("repeat_interval: \(repeats)ms") }
    if continues { fields.append("continue: true") }
    if !mute.isEmpty { fields.append("mute_time_intervals: " + list(mute)) }
    if !active.isEmpty { fields.append("active_time_intervals: " + list(active)) }
    if !children.isEmpty { fields.append("routes: [\(children.map(\.alertmanagerText).joined(separator: ", "))]") }
    return "{" + fields.joined(separator: ", ") + "}"
  }
}

/// A text as JSON and YAML both read it.
private func quoted(_ text: String) -> String { String(decoding: JSONValue.string(text).bytes(), as: UTF8.self) }

private func list(_ texts: [String]) -> String { "[" + texts.map(quoted).joined(separator: ", ") + "]" }
