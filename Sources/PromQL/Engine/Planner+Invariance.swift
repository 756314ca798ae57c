/// An expression whose value is the same at all steps.
struct Invariance: Hashable, Sendable {
  /// Whether it is worth evaluating once: not for literals, and not for range vectors, which functions read anyway.
  var isWrapped: Bool
}

extension Expr {
  /// Whether and how the value is the same at all steps; `nil` when it may differ.
  var invariance: Invariance? {
    switch form {
    case .number, .string: Invariance(isWrapped: false)
    case .selector(let selector): selector.modifiers.at.map { _ in Invariance(isWrapped: true) }
    case .matrix(let matrix): matrix.selector.modifiers.at.map { _ in Invariance(isWrapped: false) }
    case .subquery(let subquery): subquery.modifiers.at.map { _ in Invariance(isWrapped: false) }
    case .aggregation(let aggregation):
      aggregation.parameter.map { $0.invariance == nil } ?? false ? nil : aggregation.inner.invariance
    case .negation(let inner), .plus(let inner), .parenthesised(let inner): inner.invariance
    case .binary(let binary): Self.invariance(of: [binary.left, binary.right])
    case .call(let call): call.function.dependsOnTime ? nil : Self.invariance(of: call.arguments)
    }
  }

  private static func invariance(of parts: [Expr]) -> Invariance? {
    parts.allSatisfy { $0.invariance != nil } ? Invariance(isWrapped: true) : nil
  }

  /// Whether `@` stands anywhere.
  var hasFixedTime: Bool {
    switch form {
    case .number, .string: false
    case .selector(let selector): selector.modifiers.at != nil
    case .matrix(let matrix): matrix.selector.modifiers.at != nil
    case .subquery(let subquery): subquery.modifiers.at != nil || subquery.inner.hasFixedTime
    case .aggregation(let aggregation): aggregation.inner.hasFixedTime || aggregation.parameter?.hasFixedTime ?? false
    case .negation(let inner), .plus(let inner), .parenthesised(let inner): inner.hasFixedTime
    case .binary(let binary): binary.left.hasFixedTime || binary.right.hasFixedTime
    case .call(let call): call.arguments.contains(where: \.hasFixedTime)
    }
  }
}

extension Function {
  /// Whether the value depends on the instant of the step even where the arguments don't.
  ///
  /// (Prometheus `AtModifierUnsafeFunctions`. Which info series count depends on it where the arguments are of several
  /// instants.)
  fileprivate var dependsOnTime: Bool {
    switch self {
    case .daysInMonth, .dayOfMonth, .dayOfWeek, .dayOfYear, .hour, .info, .minute, .month, .year, .predictLinear,
      .time, .timestamp:
      true
    default: false
    }
  }
}
