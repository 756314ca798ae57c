import Model

/// Reads the labels of a series: `up`, `up{job="a"}`, `{__name__="up"}`, `{"up", job="a"}`.
struct SeriesSelectorReader {
  private var lexer: Lexer

  init(_ text: String) {
    lexer = Lexer(text)
  }

  /// Where reading stands.
  var position: Int { lexer.position }

  /// The next byte that is no blank; `nil` at the end.
  var firstUnread: Int? {
    (position..<lexer.end).first { lexer.bytes[$0] != 0x20 && lexer.bytes[$0] != 0x09 }
  }

  /// The labels, and reading stands behind them.
  mutating func labels() throws(SeriesSyntaxError) -> Labels {
    var labels = Labels.empty
    let first = lexer.next()
    switch first.kind {
    case .leftBrace: try pairs(into: &labels)
    case .end: throw SeriesSyntaxError("expected a series such as up{job=\"a\"}", at: first.start)
    case _ where isName(first):
      labels["__name__"] = lexer.text(first.range)
      // A blank in between makes the brace a value's.
      if lexer.bytes[lexer.position] == UInt8(ascii: "{") {
        _ = lexer.next()
        try pairs(into: &labels)
      }
    default: throw unexpected(first, "the name of a metric or '{'")
    }
    return labels
  }

  private mutating func pairs(into labels: inout Labels) throws(SeriesSyntaxError) {
    var token = lexer.next()
    while token.kind != .rightBrace {
      let name = try self.name(token)
      let isQuoted = token.kind == .string
      token = lexer.next()
      if token.kind == .assign {
        token = lexer.next()
        guard token.kind == .string else { throw unexpected(token, "a value in quotes") }
        labels[name] = try contents(token)
        token = lexer.next()
      } else if isQuoted, token.kind == .comma || token.kind == .rightBrace {
        guard !labels.contains("__name__") else {
          throw SeriesSyntaxError("the series has two names: \(labels["__name__"]) and \(name)", at: token.start)
        }
        labels["__name__"] = name
      } else {
        throw unexpected(token, "'=' behind the label \(name); a series has no other conditions")
      }
      if token.kind == .comma {
        token = lexer.next()
      } else if token.kind != .rightBrace {
        throw unexpected(token, "',' or '}'")
      }
    }
  }

  private mutating func name(_ token: Token) throws(SeriesSyntaxError) -> String {
    if token.kind == .string { return try contents(token) }
    guard isName(token) else { throw unexpected(token, "a label's name or '}'") }
    return lexer.text(token.range)
  }

  private mutating func contents(_ token: Token) throws(SeriesSyntaxError) -> String {
    if let contents = lexer.contents(token) { return contents }
    throw unexpected(token, "a string")
  }

  /// Whether a token is written as a name; keywords are names here.
  private func isName(_ token: Token) -> Bool {
    switch token.kind {
    case .word, .metricWord: true
    default:
      token.start < token.end
        && lexer.bytes[token.range].allSatisfy { Lexer.isWord($0) || $0 == UInt8(ascii: ":") }
        && !Lexer.isDigit(lexer.bytes[token.start])
    }
  }

  private func unexpected(_ token: Token, _ expected: String) -> SeriesSyntaxError {
    if let problem = lexer.problems.last { return SeriesSyntaxError(problem.message, at: problem.range.lowerBound) }
    let found = token.kind == .end ? "the end" : "'\(lexer.text(token.range))'"
    return SeriesSyntaxError("expected \(expected), found \(found)", at: token.start)
  }
}
