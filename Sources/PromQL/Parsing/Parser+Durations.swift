extension Parser {
  /// The most seconds that Prometheus's 64 bits of nanoseconds hold.
  private static let longest = 9_223_372_036.854_775

  /// The duration of a range or a step: positive, as far as that shows.
  mutating func bracketDuration(_ purpose: String, fix: String) -> DurationExpr? {
    switch token.kind {
    case .rightBracket, .colon, .comma:
      report("\(purpose) is missing", at: token.range, fix: fix)
      return nil
    default: break
    }
    guard let duration = durationExpression() else { return nil }
    if let value = duration.constantSeconds, value <= 0 {
      report("\(purpose) must be longer than 0, '\(shown(duration.range))' isn't", at: duration.range, fix: fix)
      return nil
    }
    return normalised(duration)
  }

  /// A literal that stands alone counts as a duration when it is written as a number of seconds.
  private func normalised(_ duration: DurationExpr) -> DurationExpr {
    guard case .literal(let number) = duration.form, !number.isDuration else { return duration }
    let milliseconds = (number.value * 1000).rounded()
    guard milliseconds / 1000 == number.value, abs(milliseconds) < 0x1p53 else { return duration }
    return DurationExpr(.literal(NumberLiteral(number.value, isDuration: true)), at: duration.range)
  }

  /// Durations with operators, as they stand in brackets and parentheses.
  private mutating func durationExpression(_ minimum: Int = 1) -> DurationExpr? {
    guard enter() else { return nil }
    defer { leave() }
    var left = durationOperand(isOffset: false)
    var length = 0
    while case .binary(let operation) = token.kind, operation.precedence >= minimum, operation.takesDurations {
      let sign = token
      advance()
      let right = durationExpression(operation == .power ? operation.precedence : operation.precedence + 1)
      if operation == .divide || operation == .modulo, let right, right.constantSeconds == 0 {
        report("'\(shown(sign.range))' divides by 0", at: right.range)
      }
      guard let first = left, let second = right else {
        left = nil
        continue
      }
      length += 1
      guard length < Expr.nestingLimit else {
        report("the duration has more than \(Expr.nestingLimit) operators in a row", at: sign.range)
        return nil
      }
      left = DurationExpr(
        .binary(operation, first, second), at: first.range.lowerBound..<second.range.upperBound)
    }
    return left
  }

  /// A duration without operators but for signs; an offset's ends here, so that `x offset 5m * 2` multiplies `x`.
  mutating func durationOperand(isOffset: Bool) -> DurationExpr? {
    let start = token.start
    switch token.kind {
    case .number, .duration:
      let literal = durationLiteral(isMinus: false, from: start)
      return isOffset ? literal.map(normalised) : literal
    case .binary(.add), .binary(.subtract): return signedDuration(isOffset: isOffset)
    case .keyword(.step), .keyword(.range):
      let form: DurationExpr.Form = token.kind == .keyword(.step) ? .step : .range
      let name = shown(token.range)
      advance()
      let opening = token
      if take(.leftParenthesis), take(.rightParenthesis) { return DurationExpr(form, at: start..<lastEnd) }
      report("'\(name)' needs empty parentheses behind it", at: opening.range, fix: "write \(name)()")
      return nil
    case .keyword(.minOf), .keyword(.maxOf): return extremeDuration()
    case .leftParenthesis: return parenthesisedDuration()
    case .bad:
      advance()
      return nil
    default:
      reportNoDuration(isOffset: isOffset)
      return nil
    }
  }

  private mutating func reportNoDuration(isOffset: Bool) {
    let written = shown(token.range)
    let fix =
      switch token.kind {
      case .aggregator(.min), .aggregator(.max): "write \(written)_of(a, b)"
      case .string: "write it without quotes"
      default: "write a duration, such as 5m"
      }
    reportUnexpected(isOffset ? "an offset" : "a duration", fix: fix)
  }

  private mutating func signedDuration(isOffset: Bool) -> DurationExpr? {
    let start = token.start
    let isMinus = token.kind == .binary(.subtract)
    advance()
    guard enter() else { return nil }
    defer { leave() }
    let inner: DurationExpr?
    if token.kind == .number || token.kind == .duration, isOffset {
      return durationLiteral(isMinus: isMinus, from: start).map(normalised)
    }
    // As with numbers, a sign binds looser than ^, but an offset has no operators.
    inner = isOffset ? durationOperand(isOffset: true) : durationExpression(BinaryOperator.power.precedence)
    guard let inner else { return nil }
    let range = start..<inner.range.upperBound
    if case .literal(let number) = inner.form {
      return DurationExpr(.literal(isMinus ? number.negated : number), at: range)
    }
    return DurationExpr(isMinus ? .negation(inner) : .plus(inner), at: range)
  }

  private mutating func durationLiteral(isMinus: Bool, from start: Int) -> DurationExpr? {
    let value = lexer.value(token)
    advance()
    guard let value else { return nil }
    guard value.value.magnitude <= Self.longest else {
      report("'\(shown(start..<lastEnd))' is longer than the 292 years that a duration can be", at: start..<lastEnd)
      return nil
    }
    return DurationExpr(.literal(isMinus ? value.negated : value), at: start..<lastEnd)
  }

  private mutating func extremeDuration() -> DurationExpr? {
    let name = token
    advance()
    let opening = token
    guard take(.leftParenthesis) else {
      reportUnexpected("'('", fix: "write \(shown(name.range))(a, b)")
      return nil
    }
    let first = durationExpression()
    guard take(.comma) else {
      if first != nil {
        reportUnexpected("',' and a second duration", fix: "write \(shown(name.range))(a, b)")
      }
      return nil
    }
    let second = durationExpression()
    guard close(opening), let first, let second else { return nil }
    return DurationExpr(
      name.kind == .keyword(.minOf) ? .min(first, second) : .max(first, second), at: name.start..<lastEnd)
  }

  private mutating func parenthesisedDuration() -> DurationExpr? {
    let opening = token
    advance()
    let inner = durationExpression()
    guard close(opening), let inner else { return nil }
    return DurationExpr(.parenthesised(inner), at: opening.start..<lastEnd)
  }
}

extension BinaryOperator {
  /// The operators that durations have too.
  fileprivate var takesDurations: Bool {
    switch self {
    case .add, .subtract, .multiply, .divide, .modulo, .power: true
    default: false
    }
  }
}

extension DurationExpr {
  /// The seconds of a literal, in parentheses and with signs or without.
  var constantSeconds: Double? {
    switch form {
    case .literal(let number): number.value
    case .negation(let inner): inner.constantSeconds.map { -$0 }
    case .plus(let inner), .parenthesised(let inner): inner.constantSeconds
    default: nil
    }
  }
}
