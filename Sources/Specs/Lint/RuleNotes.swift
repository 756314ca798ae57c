import Diagnostics
import PromQL
import YAML

/// What is noted of a file's rules while it is read, for checks that look at several of them.
struct RuleNotes {
  /// A finding, and the rule that it is about.
  struct Finding {
    var rule: Int32?
    var diagnostic: Diagnostic
  }

  /// One rule.
  struct Rule {
    /// The number of its group in the file.
    var group: Int
    var isAlert: Bool
    var name: String
    /// Of the whole rule.
    var range: SourceRange
    var nameRange: SourceRange
    var metrics: [MetricUse] = []
    /// The scalar that holds the expression.
    var expression: YAMLNode?
  }

  var findings: [Finding] = []
  var rules: [Rule] = []
  /// The names of the groups that have been begun.
  var groups: [String] = []
  var report = LintReport()
  /// The data source that the rule at hand names, by itself or by its group.
  var source: String?

  /// The number of the rule at hand.
  var current: Int32 { Int32(rules.count - 1) }
}

extension Reading {
  /// A warning about the rule at hand.
  mutating func lint(
    _ code: DiagnosticCode, _ message: String, at range: SourceRange, fix: String? = nil,
    notes: [Diagnostic.Note] = []
  ) {
    lint(Diagnostic(.warning, code.rawValue, message, at: span(range), fix: fix, notes: notes))
  }

  /// A finding about the rule at hand, which a comment may switch off.
  mutating func lint(_ diagnostic: Diagnostic) {
    guard options.lints || diagnostic.severity == .error else { return }
    notes.findings.append(.init(rule: notes.current, diagnostic: diagnostic))
  }

  /// What is left when the file's last document has been read.
  mutating func finishLints(of stream: YAMLStream) -> LintReport {
    guard options.lints else { return errorsAlone(of: stream) }
    guard !notes.rules.isEmpty || bytes.holdControl else { return LintReport() }
    checkOrder()
    noteRecorded()
    let comments = LintControls(of: stream, in: sourceText, rules: notes.rules, bytes: bytes)
    var controls = ControlIndex(comments.found)
    for problem in comments.problems {
      notes.report.findings.warning(problem.code.rawValue, problem.message, at: span(problem.range), fix: problem.fix)
    }
    for finding in notes.findings where !controls.switchOff(finding.diagnostic.code, of: finding.rule) {
      if finding.diagnostic.severity == .error {
        diagnostics.report(finding.diagnostic)
      } else {
        notes.report.findings.report(finding.diagnostic)
      }
    }
    for control in controls.all {
      if control.code.needsWholeTree {
        notes.report.controls.append(control)
      } else if !control.isUsed {
        notes.report.findings.report(control.unused(in: file))
      }
    }
    return notes.report
  }

  /// What is left where only errors are asked for.
  private mutating func errorsAlone(of stream: YAMLStream) -> LintReport {
    if !notes.findings.isEmpty {
      var controls = ControlIndex(LintControls(of: stream, in: sourceText, rules: notes.rules, bytes: bytes).found)
      for finding in notes.findings where !controls.switchOff(finding.diagnostic.code, of: finding.rule) {
        diagnostics.report(finding.diagnostic)
      }
    }
    return notes.report
  }

  /// Keeps what rules record, and which recorded metrics alerts use that come from elsewhere.
  private mutating func noteRecorded() {
    var recorded: Set<String> = []
    for rule in notes.rules where !rule.isAlert { recorded.insert(rule.name) }
    notes.report.recorded = recorded.map(\.metricHash).sorted()
    for (index, rule) in notes.rules.enumerated() where rule.isAlert {
      var seen: Set<String> = []
      for use in rule.metrics where MetricNames.isRecorded(use.name) && !recorded.contains(use.name) {
        guard seen.count < Self.lintLimit, seen.insert(use.name).inserted, let node = rule.expression else { continue }
        notes.report.reads.append(
          RecordedRead(
            metric: use.name, hash: use.name.metricHash, range: place(of: use.range, in: node), rule: Int32(index)))
      }
    }
  }

  /// Tells of rules that read what a later rule records, and so see its value of the evaluation before.
  private mutating func checkOrder() {
    var recorders: [String: [Int]] = [:]
    for (index, rule) in notes.rules.enumerated() where !rule.isAlert {
      recorders[rule.name, default: []].append(index)
    }
    guard !recorders.isEmpty else { return }
    for (index, rule) in notes.rules.enumerated() {
      var seen: Set<String> = []
      for use in rule.metrics where use.isCurrent {
        guard let all = recorders[use.name], let first = all.first, first > index, let node = rule.expression,
          seen.count < Self.lintLimit, seen.insert(use.name).inserted
        else { continue }
        reportOrder(of: rule, index, use, recordedBy: notes.rules[first], place(of: use.range, in: node))
      }
    }
  }

  private mutating func reportOrder(
    of rule: RuleNotes.Rule, _ index: Int, _ use: MetricUse, recordedBy recorder: RuleNotes.Rule, _ range: SourceRange
  ) {
    let isSameGroup = recorder.group == rule.group
    let later =
      isSameGroup ? "a later rule of its group" : "the later group '\(Wording.short(notes.groups[recorder.group]))'"
    notes.findings.append(
      .init(
        rule: Int32(index),
        diagnostic: Diagnostic(
          .warning, DiagnosticCode.ruleOrder.rawValue,
          "'\(Wording.short(use.name))' is recorded by \(later), so this rule sees a value that is one evaluation old",
          at: span(range),
          fix: isSameGroup
            ? "move the recording rule in front of this one" : "move both into one group, the recording rule first",
          notes: [.init("recorded here", at: span(recorder.nameRange))])))
  }
}

extension [UInt8] {
  /// Whether a comment for this program may stand in the text.
  var holdControl: Bool {
    let wanted = Array("belfry/disable".utf8)
    guard count >= wanted.count else { return false }
    return withUnsafeBufferPointer { bytes in
      var offset = 0
      while offset + wanted.count <= bytes.count {
        guard let next = bytes[offset...].firstIndex(of: UInt8(ascii: "#")) else { return false }
        var start = next + 1
        while start < bytes.count, bytes[start] == 0x20 || bytes[start] == 0x09 || bytes[start] == UInt8(ascii: "#") {
          start += 1
        }
        if bytes[start...].starts(with: wanted.prefix(7)) { return true }
        offset = next + 1
      }
      return false
    }
  }
}
