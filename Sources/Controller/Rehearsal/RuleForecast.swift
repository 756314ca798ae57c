import Model
import PromQL

/// The values of an expression that reads nothing but what the test feeds in: evaluated over many steps at once, which
/// costs a fraction of as many instant queries and gives the same.
struct RuleForecast: Sendable {
  /// How many steps are evaluated at once: bounds the memory.
  private static let width = 1000

  private let expression: Expr
  private let settings: EngineSettings
  private let interval: Duration
  private let last: Timestamp
  /// The vectors of the steps at hand.
  private var steps: [[QuerySample]] = []
  private var next = 0
  /// Whether a range could not be evaluated, so that each step has to be, to know which one fails.
  private(set) var isOver = false

  /// `nil` where an expression reads what rules write, or may look ahead of the step.
  ///
  /// `written`: the names of all series that rules write. `last`: the last instant that is asked for.
  init?(
    _ expression: Expr, reading selections: [Selection], written: Set<String>, every interval: Duration,
    through last: Timestamp, _ settings: EngineSettings
  ) {
    let readsRules = selections.contains { selection in
      written.contains { name in selection.matchers.allSatisfy { $0.name != "__name__" || $0.accepts(name) } }
    }
    guard !readsRules, expression.staysBehind else { return nil }
    self.expression = expression
    self.settings = settings
    self.interval = interval
    self.last = last
  }

  /// The value at the next step, which is at `instant`; `nil` when ``isOver``.
  mutating func samples(at instant: Timestamp, in inputs: SeriesStore) -> [QuerySample]? {
    if next >= steps.count, !isOver { fill(from: instant, inputs) }
    guard !isOver else { return nil }
    defer { next += 1 }
    return steps[next]
  }

  private mutating func fill(from instant: Timestamp, _ inputs: SeriesStore) {
    let step = max(1, interval.wholeMilliseconds)
    let left = max(0, last.millisecondsSinceEpoch - instant.millisecondsSinceEpoch) / step + 1
    let count = Int(min(left, Int64(Self.width)))
    let end = Timestamp(millisecondsSinceEpoch: instant.millisecondsSinceEpoch + Int64(count - 1) * step)
    steps = Array(repeating: [], count: count)
    next = 0
    do throws(EvaluationError) {
      let times = QueryTimes(from: instant, through: end, step: .milliseconds(step))
      let query = try PreparedQuery(expression, times: times, settings: settings)
      guard case .matrix(let series) = try query.evaluate(inputs).value else {
        isOver = true
        return
      }
      for series in series {
        for (time, value) in zip(series.times, series.values) {
          let index = (time.millisecondsSinceEpoch - instant.millisecondsSinceEpoch) / step
          steps[Int(index)].append(QuerySample(series.labels, value))
        }
      }
    } catch {
      isOver = true
    }
  }
}

extension Expr {
  /// Whether its value at an instant never depends on a later sample, nor on whether it is asked for one instant or
  /// for many.
  var staysBehind: Bool {
    switch form {
    case .number, .string: true
    case .selector(let selector): selector.staysBehind
    case .matrix(let matrix): matrix.selector.staysBehind && matrix.window.isLiteral
    case .subquery(let subquery):
      subquery.inner.staysBehind && subquery.modifiers.stayBehind && subquery.window.isLiteral
        && subquery.step?.isLiteral ?? true
    case .call(let call): call.arguments.allSatisfy(\.staysBehind)
    case .aggregation(let aggregation): aggregation.inner.staysBehind && aggregation.parameter?.staysBehind ?? true
    case .negation(let inner), .plus(let inner), .parenthesised(let inner): inner.staysBehind
    case .binary(let binary): binary.left.staysBehind && binary.right.staysBehind
    }
  }
}

extension Selector {
  fileprivate var staysBehind: Bool { modifiers.stayBehind && rangeExtension == nil }
}

extension TimeModifiers {
  fileprivate var stayBehind: Bool {
    guard at == nil else { return false }
    guard let offset else { return true }
    guard case .literal(let literal) = offset.form else { return false }
    return literal.value >= 0
  }
}

extension DurationExpr {
  fileprivate var isLiteral: Bool {
    if case .literal = form { true } else { false }
  }
}
