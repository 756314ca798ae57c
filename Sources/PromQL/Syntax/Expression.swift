import Model

/// A PromQL expression as it is written, compared by its tokens: layout and comments make no difference.
package struct Expression: Hashable, Sendable {
  package let text: String
  /// A hash over the tokens, the same on every run.
  package let digest: UInt64

  package init(_ text: String) {
    self.text = text
    var hash = FNV1a()
    var tokens = Tokens(text)
    while let token = tokens.next() {
      hash.combine(text.utf8[token])
      hash.combine(byte: 0)
    }
    digest = hash.value
  }

  package static func == (left: Self, right: Self) -> Bool { left.digest == right.digest }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(digest)
  }
}
