import Model

/// The words that messages have of their own, in each language: the only place where they stand.
package struct MessageWords: Sendable {
  package let language: MessageLanguage

  package init(_ language: MessageLanguage) {
    self.language = language
  }

  private func either(_ english: String, _ chinese: String) -> String {
    switch language {
    case .english: english
    case .chinese: chinese
    }
  }

  package var firing: String { either("FIRING", "告警中") }
  package var resolved: String { either("RESOLVED", "已恢复") }
  package var test: String { either("TEST", "测试通知") }
  /// What every title of a test begins with.
  package var testMark: String { "[" + test + "]" }
  package var value: String { either("Value", "当前值") }
  package var since: String { either("Since", "开始时间") }
  package var ended: String { either("Ended", "恢复时间") }
  package var lasted: String { either("Lasted", "持续时长") }
  package var rule: String { either("Rule", "规则") }
  package var runbook: String { either("Runbook", "处理手册") }
  package var dashboard: String { either("Dashboard", "查看仪表盘") }
  package var graph: String { either("Graph", "查看图表") }
  package var view: String { either("View alerts", "查看告警") }
  package var silence: String { either("Silence", "静默") }
  package var labels: String { either("Labels", "标签") }

  /// `FIRING:2`, `RESOLVED`, or both where only some have resolved.
  package func states(firing: Int, resolved: Int) -> String {
    if firing == 0 { return state(self.resolved, of: resolved > 1 ? resolved : nil) }
    return state(self.firing, of: firing) + (resolved > 0 ? comma + state(self.resolved, of: resolved) : "")
  }

  /// `FIRING:2`.
  func state(_ word: String, of count: Int?) -> String { word + (count.map { either(":", "：") + String($0) } ?? "") }

  /// What is said of a name, behind it: ` (RESOLVED:1)`.
  func aside(_ text: String) -> String { either(" (" + text + ")", "（" + text + "）") }

  /// The time since which it goes on, and for how long by now; the latter from one minute on.
  package func since(_ time: String, for duration: Duration) -> String {
    guard duration >= .seconds(60) else { return time }
    return time + either(" (for \(self.duration(duration)))", "（已持续 \(self.duration(duration))）")
  }

  /// The name of an annotation without a place of its own: as written, or in Chinese where there is a usual word.
  package func annotation(_ name: String) -> String {
    guard language == .chinese else { return name }
    return switch name {
    case "runbook_url", "runbook": runbook
    case "dashboard_url", "dashboard": "仪表盘"
    case "owner": "负责人"
    case "cluster": "集群"
    case "namespace": "命名空间"
    case "instance": "实例"
    case "impact": "影响"
    case "action": "处理建议"
    default: name
    }
  }

  /// `2 alerts`, `1 alert`.
  package func alerts(_ count: Int) -> String {
    either(count == 1 ? "1 alert" : "\(count) alerts", "\(count) 条告警")
  }

  /// `12 groups of alerts`.
  package func groups(_ count: Int) -> String {
    either(count == 1 ? "1 group of alerts" : "\(count) groups of alerts", "\(count) 组告警")
  }

  /// What stands at the end of a list that was cut.
  package func more(_ count: Int) -> String { either("\(count) more not shown", "还有 \(count) 条未显示") }

  /// The same for groups, with the alerts in them.
  package func moreGroups(_ groups: Int, alerts count: Int) -> String {
    either(
      "\(groups) more \(groups == 1 ? "group" : "groups") with \(alerts(count)) not shown",
      "还有 \(groups) 组共 \(count) 条告警未显示")
  }

  /// Why a template's text could not be sent.
  package var tooLong: String { either("its text is longer than the destination takes", "内容超出目标的长度限制") }

  /// What the first message says after a bound of a rule or scope held alerts back.
  package func heldBack(_ count: Int) -> String {
    either(
      "\(alerts(count)) held back since the last notification, by a limit of the rule or its scope.",
      "自上次通知以来，因规则或范围的限制暂缓了 \(count) 条告警。")
  }

  /// What one try of a channel says.
  package var testNotice: String {
    either("This is a test of the channel. Nothing is wrong.", "这是一条通道测试通知，一切正常，无需处理。")
  }

  package func templateTrouble(_ why: String) -> String {
    either("The channel's template failed, so this is the usual text: ", "通道模板出错，以下为默认内容：") + why
  }

  /// A value of `severity`: as the team writes it, or in Chinese where it is one of the levels' names.
  package func severity(_ name: String) -> String {
    guard language == .chinese, let level = SeverityLevel(rawValue: name.lowercased()) else { return name }
    switch level {
    case .critical: return "严重"
    case .error: return "错误"
    case .warning: return "警告"
    case .info: return "提示"
    }
  }

  package func reason(_ reason: NotificationReason) -> String {
    guard language == .chinese else { return reason.rawValue }
    switch reason {
    case .first: return "首次通知"
    case .newAlerts: return "新增告警"
    case .allResolved: return "全部恢复"
    case .someResolved: return "部分恢复"
    case .repeated: return "持续告警"
    }
  }

  /// `changed 2026-11-01 by Ana <ana@example.com> (3f2a9c1d)`; what isn't known is left out, `nil` if all of it.
  package func changed(on date: String?, by author: String?, commit: String?) -> String? {
    guard date != nil || author != nil || commit != nil else { return nil }
    switch language {
    case .english:
      let parts = [date, author.map { "by " + $0 }, commit.map { "(" + $0 + ")" }].compactMap(\.self)
      return "changed " + parts.joined(separator: " ")
    case .chinese:
      let parts = [author.map { "由 " + $0 }, date.map { "于 " + $0 }].compactMap(\.self)
      return parts.map { $0 + " " }.joined() + "修改" + (commit.map { "（" + $0 + "）" } ?? "")
    }
  }

  /// `1h2m5s`, in whole seconds from one second on.
  package func duration(_ duration: Duration) -> String {
    let rounded = duration >= .seconds(1) ? Duration.seconds(duration.components.seconds) : duration
    guard language == .chinese, rounded >= .seconds(1) else { return rounded.prometheus }
    var rest = rounded.components.seconds
    var text = ""
    for (size, unit) in [(86_400, "天"), (3600, "小时"), (60, "分"), (1, "秒")] as [(Int64, String)] where rest >= size {
      text += String(rest / size) + unit
      rest %= size
    }
    return text
  }

  /// What stands between the parts of a list in a sentence.
  package var comma: String { either(", ", "，") }

  /// What stands between a name and its value.
  package var colon: String { either(": ", "：") }
}
