import Model

extension Expr {
  /// The labels that the elements of the result have, may have, and can't have.
  package var labelFacts: LabelFacts {
    switch form {
    case .number, .string: LabelFacts(others: .impossible(.init(.noLabels, range)))
    case .selector(let selector): selector.labelFacts(at: range)
    case .matrix(let matrix): matrix.selector.labelFacts(at: range)
    case .subquery(let subquery): subquery.inner.labelFacts
    case .call(let call): call.labelFacts(at: range)
    case .aggregation(let aggregation): aggregation.labelFacts(at: range)
    case .negation(let inner): inner.labelFacts.computed(at: range)
    case .plus(let inner), .parenthesised(let inner): inner.labelFacts
    case .binary(let binary): binary.labelFacts(at: range)
    }
  }

  /// Whether the result is a number, by the form alone.
  var isScalar: Bool {
    switch form {
    case .number: true
    case .string, .selector, .matrix, .subquery, .aggregation: false
    case .call(let call): call.function.signature.result == .scalar
    case .negation(let inner), .plus(let inner), .parenthesised(let inner): inner.isScalar
    case .binary(let binary): binary.matching == nil && binary.left.isScalar && binary.right.isScalar
    }
  }

  /// The expression without parentheses around it.
  var bare: Expr {
    var expr = self
    while case .parenthesised(let inner) = expr.form { expr = inner }
    return expr
  }

  /// The text of a string literal.
  var literalString: String? {
    guard case .string(let text) = bare.form else { return nil }
    return text
  }

  /// The selector of an instant or range vector selector.
  var selector: Selector? {
    switch bare.form {
    case .selector(let selector): selector
    case .matrix(let matrix): matrix.selector
    default: nil
    }
  }
}

extension LabelFacts {
  /// The same without the metric's name, as computing leaves it.
  func computed(at range: Range<Int>) -> Self {
    var facts = self
    if impossibility(of: "__name__") == nil { facts["__name__"] = .impossible(.init(.computed, range)) }
    return facts
  }
}

extension Selector {
  fileprivate func labelFacts(at range: Range<Int>) -> LabelFacts {
    var facts = LabelFacts(others: .possible)
    facts["__name__"] = .certain(.init(.matcher, range))
    for item in matchers where item.matcher.name != "__name__" {
      let reason = LabelFacts.Reason(.matcher, item.range)
      if item.matcher.operation == .equal, item.matcher.value.isEmpty {
        facts[item.matcher.name] = .impossible(reason)
      } else if !item.matcher.accepts("") {
        facts[item.matcher.name] = .certain(reason)
      }
    }
    return facts
  }

  /// The labels that `absent` gives: of each label that one equality matcher names and no other matcher does.
  fileprivate func absentFacts(at range: Range<Int>) -> LabelFacts {
    var facts = LabelFacts(others: .impossible(.init(.absent, range)))
    for item in matchers where item.matcher.name != "__name__" {
      let matcher = item.matcher
      let isAlone = matchers.count { $0.matcher.name == matcher.name } == 1
      guard matcher.operation == .equal, !matcher.value.isEmpty, isAlone else { continue }
      facts[matcher.name] = .certain(.init(.matcher, item.range))
    }
    return facts
  }
}

extension Aggregation {
  fileprivate func labelFacts(at range: Range<Int>) -> LabelFacts {
    let inner = inner.labelFacts
    switch operation {
    case .topk, .bottomk, .limitk, .limitRatio: return inner
    case .sum, .avg, .count, .min, .max, .group, .stddev, .stdvar, .quantile, .countValues: break
    }
    var facts = without ? inner : LabelFacts(others: .impossible(.init(.aggregatedBy, range)))
    for label in labels {
      facts[label] = without ? .impossible(.init(.aggregatedWithout, range)) : inner[label]
    }
    if without { facts = facts.computed(at: range) }
    if operation == .countValues, let label = parameter?.literalString {
      facts[label] = .certain(.init(.set, range))
    }
    return facts
  }
}

extension Call {
  fileprivate func labelFacts(at range: Range<Int>) -> LabelFacts {
    let none = LabelFacts(others: .impossible(.init(.noLabels, range)))
    switch function {
    case .vector, .scalar, .time, .pi, .start, .end, .step, .range, .minOf, .maxOf: return none
    case .absent, .absentOverTime:
      return arguments.first?.selector?.absentFacts(at: range) ?? LabelFacts(others: .impossible(.init(.absent, range)))
    case .labelReplace: return replaced(at: range) ?? LabelFacts(others: .possible)
    case .labelJoin: return joined(at: range) ?? LabelFacts(others: .possible)
    case .info: return LabelFacts(others: .possible)
    case .sort, .sortDesc, .sortByLabel, .sortByLabelDesc, .lastOverTime, .firstOverTime:
      return arguments.first?.labelFacts ?? none
    case .histogramQuantile, .histogramFraction, .histogramQuantiles: return quantiles(at: range) ?? none
    default:
      guard let series = arguments.first(where: { !$0.isScalar }) else { return none }
      return series.labelFacts.computed(at: range)
    }
  }

  private func quantiles(at range: Range<Int>) -> LabelFacts? {
    guard let series = arguments.first(where: { !$0.isScalar }) else { return nil }
    var facts = series.labelFacts.computed(at: range)
    if facts.impossibility(of: "le") == nil { facts["le"] = .impossible(.init(.buckets, range)) }
    if function == .histogramQuantiles, arguments.count > 1, let label = arguments[1].literalString {
      facts[label] = .certain(.init(.set, range))
    }
    return facts
  }

  /// `label_replace(v, label, replacement, source, pattern)`: the label is set where the pattern matches.
  private func replaced(at range: Range<Int>) -> LabelFacts? {
    guard arguments.count == 5, let label = arguments[1].literalString else { return nil }
    var facts = arguments[0].labelFacts
    let replacement = arguments[2].literalString
    let pattern = arguments[4].literalString
    let before = facts[label]
    if replacement == "" {
      if case .certain = before { facts[label] = .possible }
    } else if let replacement, !replacement.utf8.contains(UInt8(ascii: "$")), pattern == ".*" || pattern == "(.*)" {
      facts[label] = .certain(.init(.set, range))
    } else if case .certain = before, let replacement, !replacement.utf8.contains(UInt8(ascii: "$")) {
      // It stays, or becomes another text that isn't empty.
    } else {
      facts[label] = .possible
    }
    return facts
  }

  /// `label_join(v, label, separator, source…)`.
  private func joined(at range: Range<Int>) -> LabelFacts? {
    guard arguments.count >= 3, let label = arguments[1].literalString else { return nil }
    var facts = arguments[0].labelFacts
    let sources = arguments.dropFirst(3).map(\.literalString)
    let hasText = sources.contains { $0.map { facts.certainty(of: $0) != nil } ?? false }
    let hasSeparator = sources.count > 1 && !(arguments[2].literalString ?? "").isEmpty
    facts[label] = hasText || hasSeparator ? .certain(.init(.set, range)) : .possible
    return facts
  }
}
