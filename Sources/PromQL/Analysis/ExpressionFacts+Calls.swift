import Model
import Patterns

extension ExpressionFacts {
  mutating func visit(_ call: Call, at range: Range<Int>) -> NodeFacts {
    note(call, at: range)
    var series: NodeFacts?
    var scalars: [ValueRange] = []
    for argument in call.arguments {
      if case .string = argument.form { continue }
      let facts = visit(argument)
      if facts.isScalar { scalars.append(facts.values) } else if series == nil { series = facts }
    }
    let result = call.function.signature.result
    var facts = NodeFacts(isScalar: result == .scalar)
    facts.decides = call.decides ?? (facts.isScalar ? false : series?.decides ?? false)
    facts.values = call.values(of: series?.values, scalars)
    return facts
  }

  private mutating func note(_ call: Call, at range: Range<Int>) {
    switch call.function {
    case .rate, .increase, .irate:
      guard let argument = call.arguments.first?.bare else { return }
      var use = RateUse(function: call.function, range: range, windowRange: argument.range)
      if case .matrix(let matrix) = argument.form {
        use.metric = matrix.selector.metricName
        use.window = matrix.window.constant
        use.windowRange = matrix.window.range
      }
      rates.append(use)
    case .absent, .absentOverTime:
      guard case .aggregation? = call.arguments.first?.unwrapped.form else { return }
      aggregatedAbsences.append(range)
    case .labelReplace: notePattern(of: call)
    default: break
    }
  }
}

extension ExpressionFacts {
  /// Prometheus reads the pattern of `label_replace` when it evaluates, so that promtool lets any text pass.
  private mutating func notePattern(of call: Call) {
    guard let argument = call.arguments.last?.bare, case .string(let text) = argument.form else { return }
    do throws(PatternSyntaxError) {
      _ = try Pattern.shared(anchored: text, dotMatchesLineBreaks: true)
    } catch {
      wrongPatterns.append(WrongPattern(range: argument.range, message: error.message))
    }
  }
}

extension Expr {
  /// The expression without parentheses, subqueries and comparisons with a number around it.
  fileprivate var unwrapped: Expr {
    var expr = bare
    while case .subquery(let subquery) = expr.form { expr = subquery.inner.bare }
    return expr
  }
}

extension Selector {
  /// The metric's name, written in front or as a matcher.
  var metricName: String? {
    name ?? matchers.first { $0.matcher.name == "__name__" && $0.matcher.operation == .equal }?.matcher.value
  }
}

extension DurationExpr {
  /// The length where it is written as a literal; `nil` for what has to be computed.
  package var constant: Duration? {
    switch form {
    case .literal(let number):
      guard number.value.isFinite, abs(number.value) < 1e9 else { return nil }
      return .milliseconds(Int64((number.value * 1000).rounded()))
    case .plus(let inner), .parenthesised(let inner): return inner.constant
    case .step, .range, .negation, .binary, .min, .max: return nil
    }
  }
}

extension Call {
  /// Whether the function by itself decides if there is a result; `nil` where its argument does.
  fileprivate var decides: Bool? {
    switch function {
    case .absent, .absentOverTime: true
    // The usual way to write an alert that is meant to fire always.
    case .vector: arguments.first.map { if case .number = $0.bare.form { true } else { false } }
    default: nil
    }
  }

  fileprivate func values(of series: ValueRange?, _ scalars: [ValueRange]) -> ValueRange {
    switch function {
    case .absent, .absentOverTime, .presentOverTime: return .exactly(1)
    case .countOverTime: return .atLeastOne
    case .changes, .resets: return ValueRange(0, .infinity, mayBeNaN: false)
    case .rate, .increase, .irate: return isOverCounter ? .notNegative : .all
    case .abs, .sqrt, .exp, .stddevOverTime, .stdvarOverTime, .madOverTime, .histogramStddev, .histogramStdvar:
      return .notNegative
    case .sgn: return ValueRange(-1, 1)
    case .histogramFraction: return ValueRange(0, 1)
    case .minute: return ValueRange(0, 59, mayBeNaN: series != nil)
    case .hour: return ValueRange(0, 23, mayBeNaN: series != nil)
    case .dayOfWeek: return ValueRange(0, 6, mayBeNaN: series != nil)
    case .dayOfMonth: return ValueRange(1, 31, mayBeNaN: series != nil)
    case .dayOfYear: return ValueRange(1, 366, mayBeNaN: series != nil)
    case .daysInMonth: return ValueRange(28, 31, mayBeNaN: series != nil)
    case .month: return ValueRange(1, 12, mayBeNaN: series != nil)
    case .sumOverTime: return series?.summed ?? .all
    case .avgOverTime, .minOverTime, .maxOverTime, .lastOverTime, .firstOverTime, .sort, .sortDesc, .sortByLabel,
      .sortByLabelDesc, .labelReplace, .labelJoin:
      return series ?? .all
    case .vector: return scalars.first ?? .all
    case .scalar:
      var values = series ?? .all
      values.mayBeNaN = true
      return values
    case .clamp, .clampMin, .clampMax: return clamped(series ?? .all, scalars)
    default: return .all
    }
  }

  private func clamped(_ values: ValueRange, _ bounds: [ValueRange]) -> ValueRange {
    guard bounds.allSatisfy({ $0.isSingle && !$0.mayBeNaN }), let first = bounds.first?.low else { return .all }
    var values = values
    if function != .clampMax { values.low = max(values.low, first) }
    if function == .clampMax { values.high = min(values.high, first) }
    if function == .clamp, bounds.count == 2 { values.high = min(values.high, bounds[1].low) }
    return values.isEmpty ? .all : values
  }

  private var isOverCounter: Bool {
    guard let name = arguments.first?.selector?.metricName else { return false }
    return MetricNames.countsUp(name)
  }
}
