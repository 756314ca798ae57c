import Diagnostics
import Model
import PromQL
import Templates
import YAML

extension Reading {
  /// Checks the templates of a rule's labels or annotations; `read` is the expression whose result they see.
  mutating func checkTemplates(_ node: YAMLNode?, _ read: inout ReadExpression?) {
    for entry in node?.entries ?? [] {
      guard let text = entry.value.text, Template.hasActions(text) else { continue }
      guard let template = try? Template(parsing: text) else {
        report(Template.problems(in: text), in: entry, as: .error)
        continue
      }
      check(template.analysis(), entry, &read)
    }
  }

  /// A group's labels are templates of its alerts too, which promtool doesn't look at: a mistake is a warning.
  mutating func checkGroupLabels(_ node: YAMLNode?, _ rules: [Rule]) {
    guard rules.contains(where: { $0.purpose == .alert }) else { return }
    for entry in node?.entries ?? [] {
      guard let text = entry.value.text, Template.hasActions(text) else { continue }
      report(Template.problems(in: text), in: entry, as: .warning)
    }
  }

  private mutating func report(
    _ problems: [TemplateSyntaxError], in entry: YAMLEntry, as severity: Diagnostic.Severity
  ) {
    for problem in problems {
      diagnostics.report(
        Diagnostic(
          severity, DiagnosticCode.templateSyntax.rawValue,
          "the template of '\(Wording.short(entry.name))' can't be read: \(problem.description)",
          at: span(place(of: problem.offset, in: entry.value))))
    }
  }

  private mutating func check(_ analysis: TemplateAnalysis, _ entry: YAMLEntry, _ read: inout ReadExpression?) {
    for finding in analysis.findings.prefix(Self.lintLimit) {
      lint(
        .templateMistake, "the template of '\(Wording.short(entry.name))' can't work: \(finding.message)",
        at: place(of: finding.offset, in: entry.value), fix: finding.fix)
    }
    guard !analysis.labelUses.isEmpty, let facts = read?.labels, let read else { return }
    var told: Set<String> = []
    for use in analysis.labelUses {
      guard told.count < Self.lintLimit, let reason = facts.impossibility(of: use.name),
        told.insert(use.name).inserted
      else { continue }
      let sign = entry.value.text?.utf8.dropFirst(use.offset).first
      let isField = sign == UInt8(ascii: ".")
      let start = use.offset + (isField ? 1 : 0)
      let length = use.name.utf8.count + (sign == UInt8(ascii: "\"") || sign == UInt8(ascii: "`") ? 2 : 0)
      let place = place(of: start..<start + length, in: entry.value)
      report(use.name, in: entry, at: place, reason, read)
    }
  }

  private mutating func report(
    _ label: String, in entry: YAMLEntry, at range: SourceRange, _ reason: LabelFacts.Reason, _ read: ReadExpression
  ) {
    let part = read.part(reason.range)
    let place = place(of: reason.range, in: read.node)
    lint(
      .impossibleLabel,
      "'\(Wording.short(entry.name))' uses the label '\(Wording.short(label))', which the expression's result can't have",
      at: range, fix: reason.kind.remedy(label),
      notes: [.init(reason.kind.words(part), at: span(place))])
  }

  /// Tells of an alert without `severity`, unless the expression's result is known to bring it.
  mutating func checkSeverity(_ read: inout ReadExpression?, _ fields: Fields) {
    if let facts = read?.labels {
      if facts.certainty(of: "severity") != nil { return }
      if !facts.isOpen, facts.impossibility(of: "severity") == nil { return }
    }
    lint(
      .missingSeverity, "the alert has no label 'severity'", at: fields["alert"]?.range ?? fields.range.firstLineStart,
      fix: "add 'labels: {severity: …}', since routes and people sort alerts by it")
  }
}

extension LabelFacts.Reason.Kind {
  /// Why a label isn't there, for a note at the part of the expression that is the reason.
  fileprivate func words(_ part: String) -> String {
    switch self {
    case .matcher: "'\(part)' asks for series without it"
    case .aggregatedBy: "'\(part)' keeps only the labels that it names"
    case .aggregatedWithout: "'\(part)' takes it away"
    case .matchedOn: "'\(part)' keeps only the labels of 'on'"
    case .matchedIgnoring: "'\(part)' takes away the labels of 'ignoring'"
    case .included: "'\(part)' would bring it from the other side, which lacks it"
    case .noLabels: "'\(part)' has no labels"
    case .absent: "'\(part)' has only the labels that a selector right within it names with '='"
    case .computed: "'\(part)' gives values without the metric's name"
    case .buckets: "'\(part)' joins the buckets"
    case .set: "'\(part)' sets labels"
    }
  }

  fileprivate func remedy(_ label: String) -> String {
    switch self {
    case .aggregatedBy: "add it to 'by (\(label))', or leave it out of the template"
    case .matchedOn: "add it to 'on', or bring it by group_left(\(label))"
    default: "leave it out of the template, or change the expression"
    }
  }
}
