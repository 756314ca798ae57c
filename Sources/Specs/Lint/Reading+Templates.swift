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
      guard let analysis = try? Template.analysis(of: text) else {
        report(Template.problems(in: text), in: entry, as: .error)
        continue
      }
      check(analysis, entry, &read)
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
          at: span(placeOfWord(at: problem.offset, in: entry.value)), fix: problem.remedy))
    }
  }

  /// The place of the word, the text in quotes or the sign at an offset of a template; of an action that isn't closed,
  /// all of it.
  mutating func placeOfWord(at offset: Int, in node: YAMLNode) -> SourceRange {
    guard let length = node.text.map({ Self.lengthOfWord($0.utf8.dropFirst(offset)) }), length > 0 else {
      return place(of: offset, in: node)
    }
    return place(of: offset..<offset + length, in: node)
  }

  private static func lengthOfWord(_ text: Substring.UTF8View) -> Int {
    guard let first = text.first else { return 0 }
    switch first {
    case UInt8(ascii: "{"): return text.count
    case UInt8(ascii: "\""), UInt8(ascii: "`"):
      let rest = text.dropFirst()
      return rest.firstIndex(of: first).map { text.distance(from: text.startIndex, to: $0) + 1 } ?? text.count
    default:
      let word = text.prefix { isPartOfWord($0) }.count
      return max(word, 1)
    }
  }

  /// Letters of every script, digits, and the signs of variables and fields.
  private static func isPartOfWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "."), 0x80...:
      true
    default: false
    }
  }

  private mutating func check(_ analysis: TemplateAnalysis, _ entry: YAMLEntry, _ read: inout ReadExpression?) {
    for finding in analysis.findings.prefix(Self.lintLimit) {
      lint(
        .templateMistake, "the template of '\(Wording.short(entry.name))' can't work: \(finding.message)",
        at: placeOfWord(at: finding.offset, in: entry.value), fix: finding.fix)
    }
    for query in analysis.queries.prefix(Self.lintLimit) { check(query, entry) }
    guard options.lints, !analysis.labelUses.isEmpty, let facts = read?.labels, let read else { return }
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

  /// A query of a template is an expression too, which nobody else reads before the alert fires.
  private mutating func check(_ query: TemplateAnalysis.Use, _ entry: YAMLEntry) {
    let parsed = Expr.parse(query.name)
    if let expr = parsed.expr {
      noteLabels(of: expr, in: entry.value, at: placeOfWord(at: query.offset, in: entry.value))
    }
    guard let problem = parsed.problems.first else { return }
    lint(
      .templateMistake,
      "the template of '\(Wording.short(entry.name))' can't work: its query can't be read: \(problem.message)",
      at: placeOfWord(at: query.offset, in: entry.value), fix: problem.fix)
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

extension TemplateSyntaxError {
  /// What to write for signs that other languages calculate, compare and index with.
  var remedy: String? {
    guard case .unexpectedCharacter(let sign) = problem else { return nil }
    switch sign {
    case "[", "]": return #"write index $labels "name""#
    case "<", ">", "&": return "write functions before their arguments: gt $value 5.0, and $a $b"
    case "-": return #"a label whose name has such a sign is index $labels "a-b"; PromQL calculates, templates don't"#
    case "+", "*", "/": return "calculate in PromQL; templates don't"
    default: return nil
    }
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
