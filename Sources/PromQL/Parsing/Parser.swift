/// Reads tokens into a tree: recursive descent, operators by their precedence.
///
/// What can't be read is reported and `nil`; whatever holds it goes on, so that one run tells of several problems.
struct Parser {
  /// A node with what its surroundings want to know of it.
  struct Node {
    var expr: Expr
    var type: ValueType
    /// How many nodes lie between this and its farthest leaf.
    var depth: Int

    init(_ expr: Expr, _ type: ValueType, depth: Int = 0) {
      self.expr = expr
      self.type = type
      self.depth = depth
    }
  }

  var lexer: Lexer
  /// The token to read next.
  var token: Token
  /// Where the token before ended.
  var lastEnd = 0
  private var nesting = 0
  /// Whether the next selector may match everything, as in the second argument of `info`.
  var allowsEmptySelector = false
  /// Whether the next string names a label, as in the first argument of `count_values`.
  var expectsLabelName = false

  init(_ text: String) {
    lexer = Lexer(text)
    token = lexer.next()
  }

  /// In the order of the text.
  var problems: [ExpressionProblem] {
    lexer.problems.enumerated()
      .sorted { ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset) }
      .map(\.element)
  }

  // MARK: Tokens

  mutating func advance() {
    lastEnd = token.end
    token = lexer.next()
  }

  /// Passes a token of this kind; whether there was one.
  mutating func take(_ kind: TokenKind) -> Bool {
    guard token.kind == kind else { return false }
    advance()
    return true
  }

  mutating func report(_ message: String, at range: Range<Int>, fix: String? = nil) {
    lexer.report(message, at: range, fix: fix)
  }

  /// The text at `range` in one short line, for messages.
  func shown(_ range: Range<Int>) -> String {
    var text = ""
    var wasBlank = false
    for scalar in lexer.text(range.lowerBound..<min(range.upperBound, range.lowerBound + 80)).unicodeScalars {
      let isBlank = scalar == " " || scalar == "\n" || scalar == "\t" || scalar == "\r"
      if !isBlank || !wasBlank { text.unicodeScalars.append(isBlank ? " " : scalar) }
      wasBlank = isBlank
    }
    let short = text.unicodeScalars.prefix(40)
    return short.count == text.unicodeScalars.count && range.count <= 80 ? text : String(short) + "…"
  }

  /// Says that the token to read next isn't the `wanted` one.
  mutating func reportUnexpected(_ wanted: String, fix: String? = nil) {
    switch token.kind {
    case .bad: return
    case .end: report("the expression ends where \(wanted) should stand", at: lastEnd..<lastEnd, fix: fix)
    default: report("'\(shown(token.range))' stands where \(wanted) should", at: token.range, fix: fix)
    }
  }

  // MARK: The whole

  mutating func parseWhole() -> Expr? {
    if token.kind == .end, lexer.problems.isEmpty {
      report("there is no expression", at: 0..<lexer.end, fix: "write one, such as up == 0")
      return nil
    }
    let node = expression()
    while token.kind != .end {
      reportLeftover()
      skipToOperator()
      guard case .binary = token.kind else { break }
      advance()
      _ = expression()
    }
    return node?.expr
  }

  private mutating func reportLeftover() {
    // What was reported as wrong where it stands is left over for that reason.
    if let last = lexer.problems.last, last.range.lowerBound == token.start { return }
    let shown = shown(token.range)
    switch token.kind {
    case .bad: break
    case .rightParenthesis, .rightBracket, .rightBrace: report("'\(shown)' closes nothing", at: token.range)
    case .comma:
      report("',' parts nothing here: a rule has one expression", at: token.range)
    case .colon: report("':' stands outside of brackets", at: token.range)
    case .keyword(.by), .keyword(.without):
      report(
        "'\(shown)' doesn't follow an aggregation", at: token.range, fix: "write it behind sum, max, count, …")
    case .keyword(.on), .keyword(.ignoring), .keyword(.groupLeft), .keyword(.groupRight), .keyword(.bool):
      report("'\(shown)' doesn't follow an operator", at: token.range, fix: "write it behind the operator")
    case .regexMatch, .regexNotMatch:
      report(
        "'\(shown)' stands outside of braces", at: token.range, fix: "write it within a selector: {label\(shown)\"…\"}")
    default: report("'\(shown)' follows an expression without an operator between them", at: token.range)
    }
  }

  /// To the next operator outside of all brackets, or to the end.
  private mutating func skipToOperator() {
    var depth = 0
    while true {
      switch token.kind {
      case .end: return
      case .binary where depth <= 0: return
      case .leftParenthesis, .leftBrace, .leftBracket: depth += 1
      case .rightParenthesis, .rightBrace, .rightBracket: depth -= 1
      default: break
      }
      advance()
    }
  }

  /// To the next comma or closing parenthesis of this level, or to the end.
  mutating func skipToComma() {
    var depth = 0
    while true {
      switch token.kind {
      case .end: return
      case .comma, .rightParenthesis:
        if depth <= 0 { return }
        if token.kind == .rightParenthesis { depth -= 1 }
      case .rightBrace, .rightBracket: depth -= 1
      case .leftParenthesis, .leftBrace, .leftBracket: depth += 1
      default: break
      }
      advance()
    }
  }

  /// Passes the parenthesis that closes the one at `opening`.
  mutating func close(_ opening: Token) -> Bool {
    if take(.rightParenthesis) { return true }
    if token.kind == .end {
      report("this '(' is never closed", at: opening.range, fix: "write ) behind its contents")
      return false
    }
    reportUnexpected("an operator or ')'", fix: "close the '(' or write an operator")
    skipToParenthesis()
    return false
  }

  /// Passes everything up to and with the closing parenthesis of this level.
  mutating func skipToParenthesis() {
    repeat {
      if token.kind == .comma { advance() }
      skipToComma()
    } while token.kind == .comma
    _ = take(.rightParenthesis)
  }

  // MARK: Depth

  /// Goes one level deeper, unless that is too deep, which ends the reading.
  mutating func enter() -> Bool {
    nesting += 1
    guard nesting > Expr.nestingLimit else { return true }
    giveUp("the expression nests deeper than \(Expr.nestingLimit) levels", at: token.range)
    return false
  }

  mutating func leave() { nesting -= 1 }

  /// A node over others; `nil`, which ends the reading, when it is too deep.
  mutating func node(_ form: Expr.Form, at range: Range<Int>, _ type: ValueType, over depth: Int) -> Node? {
    guard depth < Expr.depthLimit else {
      giveUp("the expression chains more than \(Expr.depthLimit) operators", at: range.lowerBound..<range.lowerBound)
      return nil
    }
    return Node(Expr(form, at: range), type, depth: depth + 1)
  }

  private mutating func giveUp(_ message: String, at range: Range<Int>) {
    report(message, at: range, fix: "record parts of it with rules of their own")
    lexer.stop()
    token = lexer.next()
  }
}
