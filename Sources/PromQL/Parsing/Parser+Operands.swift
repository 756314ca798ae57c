extension Parser {
  /// What operators combine: a literal, a selector, a call, … with its range and its modifiers.
  mutating func operand() -> Node? {
    guard let node = primary() else {
      // Whatever stands behind a mistake is passed over quietly.
      skipSuffixes()
      return nil
    }
    return suffixed(node)
  }

  private mutating func primary() -> Node? {
    switch token.kind {
    case .number, .duration: return numberLiteral()
    case .string: return stringLiteral()
    case .leftParenthesis: return parenthesised()
    case .leftBrace: return selector(nil)
    case .aggregator(let operation): return aggregatorOrMetric(operation)
    case .word, .keyword, .metricWord, .binary(.and), .binary(.or), .binary(.unless): return named()
    case .bad:
      advance()
      return nil
    default:
      reportMissing()
      return nil
    }
  }

  private mutating func reportMissing() {
    if token.kind == .leftBracket {
      report("'[' follows nothing", at: token.range, fix: "write a selector in front of the range")
    } else {
      reportUnexpected("an operand")
    }
  }

  private mutating func numberLiteral() -> Node? {
    let token = token
    let value = lexer.value(token)
    advance()
    return value.map { Node(Expr(.number($0), at: token.range), .scalar) }
  }

  private mutating func stringLiteral() -> Node? {
    let token = token
    let text = lexer.contents(token, isLabelName: expectsLabelName)
    expectsLabelName = false
    advance()
    return text.map { Node(Expr(.string($0), at: token.range), .string) }
  }

  private mutating func parenthesised() -> Node? {
    let opening = token
    guard enter() else { return nil }
    defer { leave() }
    advance()
    if token.kind == .rightParenthesis {
      report("the parentheses are empty", at: opening.start..<token.end, fix: "write an expression between them")
      advance()
      return nil
    }
    let inner = expression()
    guard close(opening), let inner else { return nil }
    return node(.parenthesised(inner.expr), at: opening.start..<lastEnd, inner.type, over: inner.depth)
  }

  /// A word: a call when a parenthesis follows, else a metric.
  private mutating func named() -> Node? {
    let name = token
    advance()
    if token.kind == .leftParenthesis, name.kind != .metricWord { return call(name) }
    guard name.kind.isMetricName else {
      report(
        "'\(shown(name.range))' is a word of PromQL that can't name a metric", at: name.range,
        fix: "write {\"\(shown(name.range))\"} if a metric is called so")
      return nil
    }
    return selector(name)
  }

  private mutating func aggregatorOrMetric(_ operation: AggregationOperator) -> Node? {
    let name = token
    advance()
    switch token.kind {
    case .leftParenthesis, .keyword(.by), .keyword(.without): return aggregation(operation, name)
    default: return selector(name)
    }
  }

  /// Passes everything up to and with the closing bracket, or up to a parenthesis that closes what is around.
  mutating func skipToBracket() {
    var depth = 0
    while token.kind != .rightBracket, token.kind != .end {
      if token.kind == .leftParenthesis { depth += 1 }
      if token.kind == .rightParenthesis {
        if depth == 0 { break }
        depth -= 1
      }
      advance()
    }
    lexer.leaveBrackets()
    _ = take(.rightBracket)
  }

  /// Passes ranges and modifiers behind something that couldn't be read.
  private mutating func skipSuffixes() {
    while true {
      switch token.kind {
      case .leftBracket:
        advance()
        skipToBracket()
      case .keyword(.offset):
        advance()
        _ = durationOperand(isOffset: true)
      case .keyword(.anchored), .keyword(.smoothed): advance()
      default: return
      }
    }
  }
}
