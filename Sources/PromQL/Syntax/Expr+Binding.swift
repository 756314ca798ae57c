import Model

extension Expr {
  /// This expression with `label="value"` in every selector, so that it reads no other series.
  ///
  /// A selector that says the same already stays as it is; one that says anything else of the label is a problem at
  /// its matcher. `info` with one argument is one too: it reads a metric that no selector names.
  package func bound(label: String, to value: String) throws(ExpressionProblem) -> Expr {
    switch form {
    case .number, .string: return self
    case .selector(let selector):
      return Expr(.selector(try selector.bound(label, value, range)), at: range)
    case .matrix(var matrix):
      matrix.selector = try matrix.selector.bound(label, value, range)
      return Expr(.matrix(matrix), at: range)
    case .subquery(var subquery):
      subquery.inner = try subquery.inner.bound(label: label, to: value)
      return Expr(.subquery(subquery), at: range)
    case .call(var call):
      if call.function == .info, call.arguments.count < 2 {
        throw ExpressionProblem(
          "info with one argument reads target_info of everybody, and only \(label)=\(value.quotedAsGo) may be read",
          at: range, fix: "say which labels to add: info(…, {label=~\".+\"})")
      }
      for index in call.arguments.indices {
        call.arguments[index] = try call.arguments[index].bound(label: label, to: value)
      }
      return Expr(.call(call), at: range)
    case .aggregation(var aggregation):
      aggregation.parameter = try aggregation.parameter?.bound(label: label, to: value)
      aggregation.inner = try aggregation.inner.bound(label: label, to: value)
      return Expr(.aggregation(aggregation), at: range)
    case .negation(let inner): return Expr(.negation(try inner.bound(label: label, to: value)), at: range)
    case .plus(let inner): return Expr(.plus(try inner.bound(label: label, to: value)), at: range)
    case .parenthesised(let inner): return Expr(.parenthesised(try inner.bound(label: label, to: value)), at: range)
    case .binary(var binary):
      binary.left = try binary.left.bound(label: label, to: value)
      binary.right = try binary.right.bound(label: label, to: value)
      return Expr(.binary(binary), at: range)
    }
  }
}

extension Selector {
  fileprivate func bound(
    _ label: String, _ value: String, _ range: Range<Int>
  ) throws(ExpressionProblem) -> Selector {
    let required = Matcher(label, equals: value)
    if label == "__name__", let name {
      guard name.hasSameBytes(as: value) else { throw Self.foreign(name, required, range) }
      return self
    }
    var isBound = false
    for present in matchers where present.matcher.name.hasSameBytes(as: label) {
      guard present.matcher.operation == .equal, present.matcher.value.hasSameBytes(as: value) else {
        throw Self.foreign(present.matcher.description, required, present.range)
      }
      isBound = true
    }
    guard !isBound else { return self }
    var selector = self
    selector.matchers.append(SelectorMatcher(required))
    return selector
  }

  private static func foreign(_ found: String, _ required: Matcher, _ range: Range<Int>) -> ExpressionProblem {
    ExpressionProblem(
      "'\(found)' asks for series beyond \(required), which is all that may be read here", at: range,
      fix: "remove it: \(required) is added by itself")
  }
}

extension String {
  /// Equality as servers see it: `==` takes the Kelvin sign for a K.
  fileprivate func hasSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
