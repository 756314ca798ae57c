import Model

extension Parser {
  /// `node` with the ranges and modifiers that follow it.
  mutating func suffixed(_ node: Node) -> Node? {
    var node = node
    while true {
      switch token.kind {
      case .leftBracket:
        guard let ranged = ranged(node) else { return nil }
        node = ranged
      case .keyword(.offset):
        let keyword = token
        advance()
        guard let offset = durationOperand(isOffset: true) else { return nil }
        modify(&node, keyword, "offset") { modifiers in
          guard modifiers.offset == nil else { return false }
          modifiers.offset = offset
          return true
        }
      case .at:
        let keyword = token
        advance()
        guard let at = atTime() else { return nil }
        modify(&node, keyword, "@") { modifiers in
          guard modifiers.at == nil else { return false }
          modifiers.at = at
          return true
        }
      case .keyword(.anchored): extend(&node, .anchored)
      case .keyword(.smoothed): extend(&node, .smoothed)
      default: return node
      }
    }
  }

  private mutating func modify(
    _ node: inout Node, _ keyword: Token, _ name: String, _ change: (inout TimeModifiers) -> Bool
  ) {
    let whole = node.expr.range.lowerBound..<lastEnd
    var isNew = true
    switch node.expr.form {
    case .selector(var selector):
      isNew = change(&selector.modifiers)
      node.expr = Expr(.selector(selector), at: whole)
    case .matrix(var matrix):
      isNew = change(&matrix.selector.modifiers)
      node.expr = Expr(.matrix(matrix), at: whole)
    case .subquery(var subquery):
      isNew = change(&subquery.modifiers)
      node.expr = Expr(.subquery(subquery), at: whole)
    default:
      report(
        "'\(name)' shifts a selector or a subquery, '\(shown(node.expr.range))' is neither",
        at: keyword.start..<lastEnd,
        fix: "write it behind each selector within, or a subquery [5m:] in front of it")
    }
    if !isNew {
      report("'\(name)' is given twice", at: keyword.start..<lastEnd, fix: "remove one")
    }
  }

  private mutating func extend(_ node: inout Node, _ wanted: RangeExtension) {
    let keyword = token
    advance()
    let whole = node.expr.range.lowerBound..<lastEnd
    switch node.expr.form {
    case .selector(var selector):
      checkExtension(selector.rangeExtension, keyword)
      selector.rangeExtension = wanted
      node.expr = Expr(.selector(selector), at: whole)
    case .matrix(var matrix):
      checkExtension(matrix.selector.rangeExtension, keyword)
      matrix.selector.rangeExtension = wanted
      node.expr = Expr(.matrix(matrix), at: whole)
    default:
      report(
        "'\(wanted.rawValue)' extends a selector, '\(shown(node.expr.range))' is none", at: keyword.range,
        fix: "remove it")
    }
  }

  private mutating func checkExtension(_ present: RangeExtension?, _ keyword: Token) {
    guard let present else { return }
    report(
      "'\(shown(keyword.range))' stands beside '\(present.rawValue)'", at: keyword.range,
      fix: "write one of anchored and smoothed, once")
  }

  private mutating func atTime() -> TimeModifiers.At? {
    if token.kind == .keyword(.start) || token.kind == .keyword(.end) {
      let at = token.kind == .keyword(.start) ? TimeModifiers.At.start : .end
      let name = shown(token.range)
      advance()
      let opening = token
      if take(.leftParenthesis), take(.rightParenthesis) { return at }
      report("'\(name)' needs empty parentheses behind it", at: opening.range, fix: "write \(name)()")
      if opening.kind == .leftParenthesis { _ = close(opening) }
      return nil
    }
    let start = token.start
    guard let seconds = signedNumber("a time, in seconds since 1970, or start() or end()") else { return nil }
    guard let time = Timestamp(secondsSinceEpoch: seconds.value) else {
      report("'\(shown(start..<lastEnd))' is beyond every time that can be told", at: start..<lastEnd)
      return nil
    }
    return .time(time)
  }

  /// `node` with the range or the subquery at the bracket here.
  private mutating func ranged(_ node: Node) -> Node? {
    let opening = token
    advance()
    if token.kind == .end {
      report("this '[' is never closed", at: opening.range, fix: "write a duration and ] behind it")
      return nil
    }
    let window = bracketDuration("a range", fix: "write a duration, such as [5m]")
    var step: DurationExpr?
    var isSubquery = false
    var isRead = window != nil
    if isRead, token.kind == .colon {
      isSubquery = true
      advance()
      if token.kind != .rightBracket, token.kind != .end {
        step = bracketDuration("a step", fix: "write a duration, or leave the step out: [1h:]")
        isRead = step != nil
      }
    }
    guard closeBracket(opening, isRead: isRead), let window else { return nil }
    let whole = node.expr.range.lowerBound..<lastEnd
    if isSubquery {
      if node.type != .vector {
        report(
          "a subquery needs an instant vector, '\(shown(node.expr.range))' is \(node.type.withArticle)",
          at: node.expr.range)
      }
      let subquery = Subquery(node.expr, window: window, step: step)
      return self.node(.subquery(subquery), at: whole, .matrix, over: node.depth)
    }
    return matrix(node, window, opening.start..<lastEnd)
  }

  private mutating func matrix(_ node: Node, _ window: DurationExpr, _ brackets: Range<Int>) -> Node? {
    let whole = node.expr.range.lowerBound..<lastEnd
    guard case .selector(let selector) = node.expr.form else {
      let fix =
        node.type == .vector ? "write \(shown(brackets).dropLast()):] for a subquery" : "remove the range"
      report("a range belongs to a selector, '\(shown(node.expr.range))' is none", at: brackets, fix: fix)
      return nil
    }
    if selector.modifiers != TimeModifiers() {
      report(
        "the range stands behind the \(selector.modifiers.offset != nil ? "offset" : "@")", at: brackets,
        fix: "write the range in front of it")
    }
    return self.node(.matrix(MatrixSelector(selector, window: window)), at: whole, .matrix, over: 0)
  }

  private mutating func closeBracket(_ opening: Token, isRead: Bool) -> Bool {
    if isRead, take(.rightBracket) { return true }
    if token.kind == .end {
      if isRead { report("this '[' is never closed", at: opening.range, fix: "write ] behind the duration") }
      return false
    }
    if isRead, token.kind != .bad {
      reportUnexpected("']'", fix: "write one duration, such as [5m]")
    }
    skipToBracket()
    return false
  }
}
