extension Expression {
  /// An expression that was parsed: compared by what it says, so that parentheses of the text's layout, the order of
  /// its clauses and the way its numbers are written make no difference.
  package init(_ text: String, meaning: UInt64) {
    self.text = text
    digest = meaning
  }
}
