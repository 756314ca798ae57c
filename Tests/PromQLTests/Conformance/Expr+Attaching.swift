import Model

@testable import PromQL

extension Expr {
  /// This expression with `@ instant` at every selector and subquery, but within a subquery that has one.
  func attached(to instant: Timestamp) -> Expr {
    var attached = self
    switch form {
    case .number, .string: break
    case .selector(let selector): attached.form = .selector(selector.attached(to: instant))
    case .matrix(var matrix):
      matrix.selector = matrix.selector.attached(to: instant)
      attached.form = .matrix(matrix)
    case .subquery(var subquery):
      // Whether its time was given or is attached now: it has one.
      subquery.modifiers.attach(instant)
      attached.form = .subquery(subquery)
    case .call(var call):
      call.arguments = call.arguments.map { $0.attached(to: instant) }
      attached.form = .call(call)
    case .aggregation(var aggregation):
      aggregation.parameter = aggregation.parameter?.attached(to: instant)
      aggregation.inner = aggregation.inner.attached(to: instant)
      attached.form = .aggregation(aggregation)
    case .binary(var binary):
      binary.left = binary.left.attached(to: instant)
      binary.right = binary.right.attached(to: instant)
      attached.form = .binary(binary)
    case .negation(let inner): attached.form = .negation(inner.attached(to: instant))
    case .plus(let inner): attached.form = .plus(inner.attached(to: instant))
    case .parenthesised(let inner): attached.form = .parenthesised(inner.attached(to: instant))
    }
    return attached
  }

  /// Whether a function is in it whose value isn't that of its arguments alone.
  var dependsOnEvaluationTime: Bool {
    if case .call(let call) = form, Self.timely.contains(call.function) { return true }
    return children.contains(where: \.dependsOnEvaluationTime)
  }

  private static let timely: Set<Function> = [
    .daysInMonth, .dayOfMonth, .dayOfWeek, .dayOfYear, .end, .hour, .minute, .month, .year, .predictLinear, .range,
    .start, .step, .time, .timestamp,
  ]
}

extension Selector {
  fileprivate func attached(to instant: Timestamp) -> Selector {
    var attached = self
    attached.modifiers.attach(instant)
    return attached
  }
}

extension TimeModifiers {
  /// `start()` and `end()` are the instant, in an instant query.
  fileprivate mutating func attach(_ instant: Timestamp) {
    if case .time = at { return }
    at = .time(instant)
  }
}
