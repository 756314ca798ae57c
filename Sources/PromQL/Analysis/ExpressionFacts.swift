import Model

/// What one look over an expression finds, for checks of rules.
package struct ExpressionFacts: Sendable {
  /// Every mention of a metric by its name.
  package internal(set) var metrics: [MetricUse] = []
  /// The matchers that are patterns and hold nothing that a pattern needs.
  package internal(set) var plainPatterns: [SelectorMatcher] = []
  /// Calls of `rate`, `increase` and `irate`.
  package internal(set) var rates: [RateUse] = []
  /// Calls of `absent` and `absent_over_time` over an aggregation.
  package internal(set) var aggregatedAbsences: [Range<Int>] = []
  /// Patterns in calls that RE2 doesn't take, so that each evaluation fails.
  package internal(set) var wrongPatterns: [WrongPattern] = []
  /// Comparisons whose outcome doesn't depend on any sample.
  package internal(set) var comparisons: [ComparisonFinding] = []
  /// Whether a condition decides if there is a result, and not the mere existence of series.
  package internal(set) var hasCondition = false

  /// Looks over `expr` once.
  package init(_ expr: Expr) {
    // A number by itself is the usual way to write an alert that is meant to fire always.
    if case .number = expr.bare.form { hasCondition = true } else { hasCondition = visit(expr).decides }
  }
}

/// A mention of a metric by its name.
package struct MetricUse: Hashable, Sendable {
  package var name: String
  /// The bytes of the selector.
  package var range: Range<Int>
  /// Whether its newest sample is asked for: no window, no `offset`, no `@`.
  package var isCurrent: Bool
}

/// A text in a call that is no pattern.
package struct WrongPattern: Hashable, Sendable {
  /// The bytes of the text with its quotes.
  package var range: Range<Int>
  /// RE2's words.
  package var message: String
}

/// A call of a function that a counter is made for.
package struct RateUse: Hashable, Sendable {
  package var function: Function
  /// `nil` where the metric has no name, or the argument is a subquery.
  package var metric: String?
  /// `nil` for a subquery, or an expression that only a query's step decides.
  package var window: Duration?
  /// The bytes of the call.
  package var range: Range<Int>
  /// The bytes of the window.
  package var windowRange: Range<Int>
}

/// A comparison that holds for all values, or for none.
package struct ComparisonFinding: Hashable, Sendable {
  /// What comes of it whatever the samples are.
  package enum Outcome: Hashable, Sendable {
    case always, never
  }

  package var outcome: Outcome
  /// The bytes of the comparison, or of the two that exclude each other with what is between.
  package var range: Range<Int>
  /// Whether two conditions on the same expression are meant, and not one by itself.
  package var isPair = false
}

/// What is known of a node's result on the way up.
struct NodeFacts {
  var values: ValueRange = .all
  var isScalar = false
  /// Whether a condition decides if there is a result.
  var decides = false
}

extension ExpressionFacts {
  mutating func visit(_ expr: Expr) -> NodeFacts {
    switch expr.form {
    case .number(let number): return NodeFacts(values: .exactly(number.value), isScalar: true)
    case .string: return NodeFacts()
    case .selector(let selector): return visit(selector, isRange: false, at: expr.range)
    case .matrix(let matrix): return visit(matrix.selector, isRange: true, at: expr.range)
    case .subquery(let subquery): return visit(subquery.inner)
    case .call(let call): return visit(call, at: expr.range)
    case .aggregation(let aggregation): return visit(aggregation)
    case .negation(let inner):
      var facts = visit(inner)
      facts.values = -facts.values
      return facts
    case .plus(let inner), .parenthesised(let inner): return visit(inner)
    case .binary(let binary): return visit(binary, at: expr.range)
    }
  }

  private mutating func visit(_ selector: Selector, isRange: Bool, at range: Range<Int>) -> NodeFacts {
    var name = selector.name
    for item in selector.matchers {
      let matcher = item.matcher
      if matcher.name == "__name__", matcher.operation == .equal, name == nil { name = matcher.value }
      let isPattern = matcher.operation == .matches || matcher.operation == .matchesNot
      if isPattern, matcher.value.isPlainAsPattern { plainPatterns.append(item) }
    }
    guard let name else { return NodeFacts() }
    let isCurrent = !isRange && selector.modifiers.offset == nil && selector.modifiers.at == nil
    metrics.append(MetricUse(name: name, range: range, isCurrent: isCurrent))
    // ALERTS is there only while an alert is; what is recorded may hold its condition where it is recorded; and of a
    // metric that is always 1, only matchers can choose.
    let isConditional =
      name == "ALERTS" || name == "ALERTS_FOR_STATE" || MetricNames.isRecorded(name)
      || MetricNames.describes(name) && selector.matchers.contains { $0.matcher.name != "__name__" }
    return NodeFacts(decides: isConditional)
  }

  private mutating func visit(_ aggregation: Aggregation) -> NodeFacts {
    var parameter: NodeFacts?
    if let expr = aggregation.parameter { parameter = visit(expr) }
    var facts = visit(aggregation.inner)
    facts.isScalar = false
    let inner = facts.values
    switch aggregation.operation {
    case .count, .countValues: facts.values = .atLeastOne
    case .group: facts.values = .exactly(1)
    case .stddev, .stdvar: facts.values = .notNegative
    case .sum: facts.values = inner.summed
    case .avg, .min, .max, .topk, .bottomk, .limitk, .limitRatio: break
    case .quantile:
      let quantile = parameter?.values ?? .all
      if !(quantile.low >= 0 && quantile.high <= 1) || quantile.mayBeNaN { facts.values = .all }
    }
    return facts
  }
}

extension ValueRange {
  /// Of the sum of at least one of the values.
  var summed: ValueRange {
    ValueRange(low >= 0 ? low : -.infinity, high <= 0 ? high : .infinity, mayBeNaN: mayBeNaN || low < 0)
  }
}

extension String {
  /// Whether a pattern of this text matches nothing but the text.
  var isPlainAsPattern: Bool {
    !isEmpty
      && utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "("),
          UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"),
          UInt8(ascii: "^"), UInt8(ascii: "$"), UInt8(ascii: "|"), UInt8(ascii: "\\"):
          false
        default: true
        }
      }
  }
}
