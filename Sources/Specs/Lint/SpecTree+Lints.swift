import Diagnostics
import Model

extension SpecTree {
  /// What the checks of rules say of a scope.
  func reportLints(of scope: Scope, in index: RuleIndex, to found: inout Diagnostics) {
    for finding in foreignMentions(in: scope) { found.report(finding) }
    let repetitions = Repetitions(index)
    let interval = scopeInterval(of: scope)
    for (path, report) in index.reports {
      found.append(report.findings)
      guard !report.spans.isEmpty || !report.reads.isEmpty || !report.controls.isEmpty || repetitions.touch(path)
      else { continue }
      var all = repetitions.findings(in: path)
      for span in report.spans where span.kind.isTooShort(span.length, for: interval) {
        all.append(.init(rule: span.rule, diagnostic: span.diagnostic(for: interval, file: path)))
      }
      for read in report.reads where !isRecorded(read.hash) { all.append(Self.unrecorded(read, in: path)) }
      Self.report(all, but: report.controls, in: path, to: &found)
    }
  }

  /// The interval of groups that name none, and whose it is.
  private func scopeInterval(of scope: Scope) -> RuleInterval {
    for level in scope.lineage {
      if let interval = settings(of: level).interval { return RuleInterval(interval, of: level.description) }
    }
    return .default
  }

  private static func unrecorded(_ read: RecordedRead, in path: String) -> RuleNotes.Finding {
    RuleNotes.Finding(
      rule: read.rule,
      diagnostic: Diagnostic(
        .warning, DiagnosticCode.unrecordedMetric.rawValue,
        "no rule of this repository records '\(Wording.short(read.metric))'",
        at: SourceSpan(file: path, range: read.range),
        fix: "add the recording rule or correct the name; where a server records it by itself, switch this off"))
  }

  /// Reports what no comment switches off, and the comments that switch off nothing.
  private static func report(
    _ findings: [RuleNotes.Finding], but controls: [LintControl], in path: String, to found: inout Diagnostics
  ) {
    var controls = ControlIndex(controls)
    for finding in findings where !controls.switchOff(finding.diagnostic.code, of: finding.rule) {
      found.report(finding.diagnostic)
    }
    for control in controls.all where !control.isUsed { found.report(control.unused(in: path)) }
  }
}

/// The rules of a scope that say the same as another: each but the first, with the first.
private struct Repetitions {
  private struct Place {
    var file: String
    var facts: RuleFacts
  }

  private var findings: [String: [RuleNotes.Finding]] = [:]

  init(_ index: RuleIndex) {
    guard !index.repeated.isEmpty else { return }
    var places: [UInt64: [Place]] = [:]
    for (path, report) in index.reports {
      for facts in report.rules where index.repeated.contains(facts.meaning) {
        places[facts.meaning, default: []].append(Place(file: path, facts: facts))
      }
    }
    for all in places.values {
      let ordered = all.sorted { ($0.file, $0.facts.rule) < ($1.file, $1.facts.rule) }
      guard let first = ordered.first else { continue }
      for other in ordered.dropFirst() { findings[other.file, default: []].append(Self.finding(other, first)) }
    }
  }

  /// Whether the file at `path` repeats a rule.
  func touch(_ path: String) -> Bool { findings[path] != nil }

  func findings(in path: String) -> [RuleNotes.Finding] { findings[path] ?? [] }

  private static func finding(_ other: Place, _ first: Place) -> RuleNotes.Finding {
    RuleNotes.Finding(
      rule: other.facts.rule,
      diagnostic: Diagnostic(
        .warning, DiagnosticCode.duplicateRule.rawValue,
        "the rule says the same as another: expression and labels are equal",
        at: SourceSpan(file: other.file, range: other.facts.range), fix: "remove one of the two",
        notes: [.init("the first one", at: SourceSpan(file: first.file, range: first.facts.range))]))
  }
}
