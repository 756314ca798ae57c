/// What keeps a text from being a PromQL expression.
package struct ExpressionProblem: Error, Hashable, Sendable {
  /// What was found, and what would be accepted.
  package var message: String
  /// The bytes of the expression's text that are meant; empty where something is missing.
  package var range: Range<Int>
  /// What to write instead.
  package var fix: String?

  package init(_ message: String, at range: Range<Int>, fix: String? = nil) {
    self.message = message
    self.range = range
    self.fix = fix
  }
}

/// A text that was read: the expression, or every reason why it is none.
package struct ParsedExpression: Hashable, Sendable {
  /// `nil` exactly when there are ``problems``.
  package let expr: Expr?
  /// In the order of the text, at most ``Expr/problemLimit``.
  package let problems: [ExpressionProblem]

  init(_ expr: Expr?, problems: [ExpressionProblem]) {
    self.expr = problems.isEmpty ? expr : nil
    self.problems = problems
  }
}

extension Expr {
  /// How many problems are told of one expression.
  package static let problemLimit = 20
  /// How deeply parentheses, calls and signs may stand within each other.
  package static let nestingLimit = 500
  /// How many nodes may lie between the whole and a leaf: what limits the recursion of all that walk an expression.
  package static let depthLimit = 1000

  /// Reads an expression of Prometheus 3.14; names that nobody knows, wrong types and the like are problems too.
  ///
  /// With `experimental` false, what a Prometheus has only behind an `--enable-feature` flag is a problem that names
  /// the flag; otherwise ``experimentalUses`` tells.
  package static func parse(_ text: String, experimental: Bool = true) -> ParsedExpression {
    var parser = Parser(text)
    let expr = parser.parseWhole()
    var problems = parser.problems
    if !experimental, problems.isEmpty, let expr {
      problems = expr.experimentalUses.prefix(problemLimit).map(\.problem)
    }
    return ParsedExpression(expr, problems: problems)
  }
}
