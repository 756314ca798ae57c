import Diagnostics
import Model
import PromQL
import YAML

/// A rule's expression as it was read.
struct ReadExpression {
  let text: String
  let node: YAMLNode
  /// `nil` when the text is none.
  let expr: Expr?
  private var madeLabels: LabelFacts?

  init(_ text: String, _ node: YAMLNode, _ expr: Expr?) {
    self.text = text
    self.node = node
    self.expr = expr
  }

  /// What labels its result has; made when first asked for.
  var labels: LabelFacts? {
    mutating get {
      if madeLabels == nil, isOfUsualLength { madeLabels = expr?.labelFacts }
      return madeLabels
    }
  }

  /// Whether it is short enough for checks that take more than linear time.
  var isOfUsualLength: Bool { text.utf8.count <= 1 << 16 }

  /// What is kept of it.
  var expression: Expression {
    expr.map { Expression(text, meaning: $0.meaning) } ?? Expression(text)
  }

  /// A part of it, on one line, its middle left out where it is long.
  func part(_ range: Range<Int>) -> String {
    let bytes = text.utf8
    let part = bytes.dropFirst(range.lowerBound).prefix(range.count)
    func words(_ part: Substring.UTF8View) -> String {
      Substring(part).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    if part.count > 1000 { return words(part.prefix(200)).prefix(36) + "…" + words(part.suffix(200)).suffix(23) }
    let all = words(part)
    return all.count > 60 ? all.prefix(36) + "…" + all.suffix(23) : all
  }
}

extension Reading {
  /// How many findings of one kind are told of one expression or template.
  static let lintLimit = 20

  /// Reads an expression, and tells every reason why it is none.
  mutating func readExpression(_ text: String, _ node: YAMLNode) -> ReadExpression {
    let parsed = Expr.parse(text)
    for problem in parsed.problems {
      error(.malformedExpression, problem.message, at: place(of: problem.range, in: node), fix: problem.fix)
    }
    return ReadExpression(text, node, parsed.expr)
  }

  /// Checks of a rule's expression by itself.
  mutating func checkExpression(_ read: ReadExpression, of rule: Rule, in group: RuleGroupSpec) {
    guard let expr = read.expr else { return }
    for use in expr.experimentalUses.prefix(Self.lintLimit) { report(use, read) }
    noteLabels(of: expr, in: read.node)
    guard options.lints else { return }
    noteMeaning(of: rule, in: group)
    guard read.isOfUsualLength else { return }
    let facts = ExpressionFacts(expr)
    notes.rules[notes.rules.count - 1].metrics = facts.metrics
    notes.rules[notes.rules.count - 1].expression = read.node
    checkType(expr, read)
    if rule.purpose == .alert { checkCondition(facts, expr, read) }
    for comparison in facts.comparisons.prefix(Self.lintLimit) { report(comparison, read, rule.purpose) }
    for matcher in facts.plainPatterns.prefix(Self.lintLimit) { report(matcher, read) }
    for pattern in facts.wrongPatterns.prefix(Self.lintLimit) {
      lint(
        .wrongPattern, "RE2 doesn't take the pattern, so that each evaluation fails: \(pattern.message)",
        at: place(of: pattern.range, in: read.node), fix: "escape what is meant literally with a backslash")
    }
    for absence in facts.aggregatedAbsences.prefix(Self.lintLimit) {
      lint(
        .aggregatedAbsence, "'\(read.part(absence))' has no labels, since an aggregation stands in 'absent'",
        at: place(of: absence, in: read.node), fix: "ask for the series itself: absent(metric{label=\"value\"})")
    }
    for rate in facts.rates.prefix(Self.lintLimit) { check(rate, read, group) }
  }

  private mutating func report(_ use: ExperimentalUse, _ read: ReadExpression) {
    let problem = use.problem
    let allowed = "; where all servers have it, allow it: # belfry/disable experimental-expression: <reason>"
    lint(
      Diagnostic(
        .error, DiagnosticCode.experimentalExpression.rawValue, problem.message,
        at: span(place(of: problem.range, in: read.node)), fix: (problem.fix ?? "use what is stable") + allowed))
  }

  private mutating func checkType(_ expr: Expr, _ read: ReadExpression) {
    let type = expr.type
    guard type == .matrix || type == .string else { return }
    lint(
      .resultType, "the result is a \(type.rawValue), which no rule can use", at: place(of: expr.range, in: read.node),
      fix: type == .matrix ? "apply a function, such as rate(…) or max_over_time(…)" : "write an expression of samples")
  }

  private mutating func checkCondition(_ facts: ExpressionFacts, _ expr: Expr, _ read: ReadExpression) {
    guard !facts.hasCondition, expr.type == .vector || expr.type == .scalar else { return }
    // One that always holds is told as such.
    guard facts.comparisons.isEmpty else { return }
    lint(
      .noCondition, "the alert has no comparison: it fires as long as '\(read.part(expr.range))' has a value",
      at: place(of: expr.range, in: read.node), fix: "compare with a threshold, such as '> 0'")
  }

  private mutating func report(_ finding: ComparisonFinding, _ read: ReadExpression, _ purpose: Rule.Purpose) {
    let part = read.part(finding.range)
    let place = place(of: finding.range, in: read.node)
    switch finding.outcome {
    case .never:
      lint(
        .neverTrue,
        finding.isPair ? "no value passes both sides of '\(part)'" : "'\(part)' is never true: no value can pass it",
        at: place, fix: "turn the comparison round, or correct its bound")
    case .always:
      lint(
        .alwaysTrue,
        finding.isPair ? "every value passes a side of '\(part)'" : "'\(part)' is always true: every value passes it",
        at: place, fix: "correct the bound, or leave the comparison out")
    }
  }

  private mutating func report(_ item: SelectorMatcher, _ read: ReadExpression) {
    let matcher = item.matcher
    let plain = matcher.operation == .matches ? "=" : "!="
    lint(
      .plainPattern,
      "'\(Wording.short(matcher.description))' is a pattern for one plain text",
      at: place(of: item.range, in: read.node),
      fix: "write \(Wording.short(matcher.name))\(plain)\(Wording.short(matcher.value.quotedAsGo))")
  }

  private mutating func check(_ rate: RateUse, _ read: ReadExpression, _ group: RuleGroupSpec) {
    if let metric = rate.metric, MetricNames.isGauge(metric) {
      lint(
        .rateOfGauge,
        "'\(rate.function.rawValue)' is made for counters, which '\(Wording.short(metric))' by its name isn't",
        at: place(of: rate.range, in: read.node),
        fix: MetricNames.isRecorded(metric)
          ? "take the rate first and aggregate afterwards" : "use deriv or delta for a value that goes up and down")
    }
    guard let window = rate.window, window > .zero else { return }
    check(.window(of: rate.function.rawValue), window, group) { reading, isExact in
      isExact ? reading.place(of: rate.windowRange, in: read.node) : read.node.range
    }
  }

  /// Checks a duration against the group's interval, or keeps it for when the scope's is known.
  ///
  /// The exact place is made where it is likely to be told.
  mutating func check(
    _ kind: RuleSpan.Kind, _ length: Duration, _ group: RuleGroupSpec,
    at place: (inout Reading, _ isExact: Bool) -> SourceRange
  ) {
    let bound = group.interval.map { RuleInterval($0, of: "the group") } ?? RuleSpan.longestScopeInterval
    guard options.lints, kind.isTooShort(length, for: bound) else { return }
    let isLikely = group.interval != nil || kind.isTooShort(length, for: .default)
    let found = RuleSpan(kind: kind, length: length, range: place(&self, isLikely), rule: notes.current)
    if let interval = group.interval {
      lint(found.diagnostic(for: .init(interval, of: "the group"), file: file))
    } else {
      notes.report.spans.append(found)
    }
  }

  private mutating func noteMeaning(of rule: Rule, in group: RuleGroupSpec) {
    guard rule.enabled, let noted = notes.rules.last else { return }
    var hash = FNV1a()
    hash.combine(byte: rule.purpose == .alert ? 0 : 1)
    if rule.purpose == .record { hash.combine(rule.name) }
    hash.combine(rule.expression.digest)
    hash.combine(UInt64(bitPattern: Int64(rule.hold.components.seconds)))
    hash.combine(rule.dataSource ?? group.dataSource ?? "")
    for label in group.labels where !rule.labels.contains(where: { $0.name == label.name }) { hash.combine(label) }
    for label in rule.labels { hash.combine(label) }
    notes.report.rules.append(RuleFacts(meaning: hash.value, range: noted.nameRange, rule: notes.current))
  }
}

extension FNV1a {
  fileprivate mutating func combine(_ label: Label) {
    combine(byte: 0xff)
    combine(label.name)
    combine(byte: 0xfe)
    combine(label.value)
  }
}

extension String {
  /// The hash by which a metric's name is remembered.
  var metricHash: UInt64 {
    var hash = FNV1a()
    hash.combine(self)
    return hash.value
  }
}
