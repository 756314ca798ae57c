import Model

/// A PromQL expression as it is written, compared by its tokens: layout, comments, the kind of quotes and the spelling
/// of numbers make no difference.
package struct Expression: Hashable, Sendable {
  package let text: String
  /// A hash over the tokens, the same on every run.
  package let digest: UInt64

  package init(_ text: String) {
    self.text = text
    var lexer = Lexer(text)
    digest = lexer.digestOfTokens()
  }

  package static func == (left: Self, right: Self) -> Bool { left.digest == right.digest }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(digest)
  }
}

extension Lexer {
  /// A hash over all tokens that are left, by what they stand for; what is no token counts as it is written.
  fileprivate mutating func digestOfTokens() -> UInt64 {
    var hash = FNV1a()
    while true {
      let token = next()
      switch token.kind {
      case .end: return hash.value
      case .string:
        hash.combine(byte: UInt8(ascii: "\""))
        if let quoted = plainContents(token) {
          hash.combine(bytes[quoted])
        } else if let contents = contents(token) {
          hash.combine(contents)
        } else {
          hash.combine(bytes[token.range])
        }
      case .number, .duration:
        if let value = value(token) {
          hash.combine(byte: 1)
          hash.combine(value.value.bitPattern)
        } else {
          hash.combine(bytes[token.range])
        }
      // Keywords too: `SUM` is `sum`, but in `by (SUM)` it isn't.
      default: hash.combine(bytes[token.range])
      }
      hash.combine(byte: 0)
    }
  }
}
