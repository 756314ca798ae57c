extension Parser {
  /// An expression whose operators bind at least as tightly as `minimum`.
  mutating func expression(_ minimum: Int = 1) -> Node? {
    var left = signed()
    while true {
      let operation: BinaryOperator
      switch token.kind {
      case .binary(let found): operation = found
      case .assign:
        guard minimum <= BinaryOperator.equal.precedence else { return left }
        report("'=' compares nothing outside of braces", at: token.range, fix: "write ==")
        operation = .equal
      default: return left
      }
      guard operation.precedence >= minimum else { return left }
      let sign = token
      advance()
      let modifiers = matchModifiers()
      let right: Node?
      if operation == .power {
        guard enter() else { return nil }
        right = expression(operation.precedence)
        leave()
      } else {
        right = expression(operation.precedence + 1)
      }
      guard let first = left, let second = right else {
        left = nil
        continue
      }
      left = combined(operation, sign, first, second, modifiers)
    }
  }

  /// A sign with what it stands before, which binds tighter than `*` and looser than `^`.
  private mutating func signed() -> Node? {
    let isMinus: Bool
    switch token.kind {
    case .binary(.subtract): isMinus = true
    case .binary(.add): isMinus = false
    default: return operand()
    }
    let start = token.start
    advance()
    guard enter() else { return nil }
    defer { leave() }
    guard let inner = expression(BinaryOperator.power.precedence) else { return nil }
    let range = start..<inner.expr.range.upperBound
    if case .number(let number) = inner.expr.form {
      return Node(Expr(.number(isMinus ? number.negated : number), at: range), .scalar)
    }
    if inner.type != .scalar, inner.type != .vector {
      report(
        "'\(isMinus ? "-" : "+")' stands before a scalar or an instant vector, '\(shown(inner.expr.range))' is "
          + inner.type.withArticle,
        at: inner.expr.range)
    }
    return node(
      isMinus ? .negation(inner.expr) : .plus(inner.expr), at: range,
      inner.type == .scalar ? .scalar : .vector, over: inner.depth)
  }

  // MARK: Modifiers

  /// What stands between an operator and its right side.
  struct MatchModifiers {
    var returnsBool: Range<Int>?
    /// `on` or `ignoring`, up to the closing parenthesis.
    var matching: Range<Int>?
    var isOn = false
    var labels: [String] = []
    var cardinality = VectorMatching.Cardinality.oneToOne
    /// `group_left` or `group_right`, up to the closing parenthesis.
    var grouping: Range<Int>?
    var include: [String] = []
    var fillLeft: NumberLiteral?
    var fillRight: NumberLiteral?
    var fill: Range<Int>?
  }

  private mutating func matchModifiers() -> MatchModifiers {
    var modifiers = MatchModifiers()
    guard case .keyword = token.kind else { return modifiers }
    if token.kind == .keyword(.bool) {
      modifiers.returnsBool = token.range
      advance()
    }
    if token.kind == .keyword(.on) || token.kind == .keyword(.ignoring) {
      let start = token.start
      modifiers.isOn = token.kind == .keyword(.on)
      advance()
      modifiers.labels = labelList()
      modifiers.matching = start..<lastEnd
    }
    if token.kind == .keyword(.groupLeft) || token.kind == .keyword(.groupRight) {
      readGrouping(&modifiers)
    }
    readFill(&modifiers)
    if token.kind == .keyword(.bool) || token.kind == .keyword(.on) || token.kind == .keyword(.ignoring) {
      report(
        "'\(shown(token.range))' stands too late", at: token.range,
        fix: "write bool first, then on or ignoring, then group_left or group_right")
      let hasLabels = token.kind != .keyword(.bool)
      advance()
      if hasLabels, token.kind == .leftParenthesis { _ = labelList() }
    }
    return modifiers
  }

  private mutating func readGrouping(_ modifiers: inout MatchModifiers) {
    let keyword = token
    modifiers.cardinality = token.kind == .keyword(.groupLeft) ? .manyToOne : .oneToMany
    if modifiers.matching == nil {
      report(
        "'\(shown(keyword.range))' needs on(…) or ignoring(…) in front of it", at: keyword.range,
        fix: "write on(label) \(shown(keyword.range))")
    }
    advance()
    if token.kind == .leftParenthesis { modifiers.include = labelList() }
    modifiers.grouping = keyword.start..<lastEnd
  }

  private mutating func readFill(_ modifiers: inout MatchModifiers) {
    while case .keyword(let keyword) = token.kind, keyword == .fill || keyword == .fillLeft || keyword == .fillRight {
      let start = token.start
      let isAgain =
        (keyword != .fillRight && modifiers.fillLeft != nil) || (keyword != .fillLeft && modifiers.fillRight != nil)
      if isAgain { report("'\(shown(token.range))' sets a fill value for the second time", at: token.range) }
      advance()
      let opening = token
      guard take(.leftParenthesis) else { return }
      let value = signedNumber("a fill value")
      _ = close(opening)
      if keyword != .fillRight { modifiers.fillLeft = value }
      if keyword != .fillLeft { modifiers.fillRight = value }
      modifiers.fill = (modifiers.fill?.lowerBound ?? start)..<lastEnd
    }
  }

  /// A number or duration with or without a sign.
  mutating func signedNumber(_ purpose: String) -> NumberLiteral? {
    var isMinus = false
    if token.kind == .binary(.subtract) || token.kind == .binary(.add) {
      isMinus = token.kind == .binary(.subtract)
      advance()
    }
    guard token.kind == .number || token.kind == .duration else {
      reportUnexpected(purpose, fix: "write a number")
      return nil
    }
    let value = lexer.value(token)
    advance()
    return isMinus ? value?.negated : value
  }

  /// `(a, "b.c")`: names of labels.
  mutating func labelList() -> [String] {
    let opening = token
    guard take(.leftParenthesis) else {
      reportUnexpected("'(' and the names of labels", fix: "write (label), or () for none")
      return []
    }
    var labels: [String] = []
    while token.kind != .rightParenthesis {
      guard let label = labelName() else { break }
      labels.append(label)
      if !take(.comma) { break }
    }
    if take(.rightParenthesis) { return labels }
    if token.kind == .end {
      report("this '(' is never closed", at: opening.range, fix: "write ) behind the labels")
      return labels
    }
    reportUnexpected("a label's name, ',' or ')'")
    skipToParenthesis()
    return labels
  }

  private mutating func labelName() -> String? {
    let name: String
    if token.kind == .string {
      name = lexer.contents(token) ?? "_"
      if name.isEmpty { report("a label's name can't be empty", at: token.range) }
    } else if token.kind.isLabelName {
      name = lexer.text(token.range)
    } else {
      return nil
    }
    advance()
    return name
  }
}

extension NumberLiteral {
  /// The same with the other sign; NaN has none.
  var negated: NumberLiteral { NumberLiteral(value.isNaN ? value : -value, isDuration: isDuration) }
}

extension ValueType {
  /// `a scalar`, `an instant vector`, …
  var withArticle: String { (self == .vector ? "an " : "a ") + rawValue }
}
