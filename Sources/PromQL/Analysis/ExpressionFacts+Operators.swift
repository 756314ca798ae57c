extension ExpressionFacts {
  mutating func visit(_ binary: Binary, at range: Range<Int>) -> NodeFacts {
    let start = comparisons.count
    let left = visit(binary.left)
    let middle = comparisons.count
    let right = visit(binary.right)
    if binary.operation.isSet {
      // `a != b and count(c) > 0` asks whether there is a c: what always holds decides by being there.
      if left.decides { comparisons.removeSubrange(where: \.isAlways, in: middle..<comparisons.count) }
      if right.decides { comparisons.removeSubrange(where: \.isAlways, in: start..<middle) }
      return joined(binary, left, right, at: range)
    }
    var facts = NodeFacts(isScalar: left.isScalar && right.isScalar)
    if binary.operation.isComparison {
      note(binary, left, right, at: range)
      facts.values = binary.values(left, right)
      facts.decides = !binary.returnsBool || left.decides || right.decides
    } else {
      facts.values = .arithmetic(binary.operation, left.values, right.values)
      facts.decides = left.decides || right.decides
    }
    if facts.isScalar { facts.decides = false }
    return facts
  }

  /// Notes a comparison that tells nothing. One that always holds is told only where nothing else decides: many write
  /// `absent(x) == 1` and `count(x > 5) > 0`, which are right as they are.
  private mutating func note(_ binary: Binary, _ left: NodeFacts, _ right: NodeFacts, at range: Range<Int>) {
    if binary.matching?.fillLeft != nil || binary.matching?.fillRight != nil { return }
    guard let outcome = ValueRange.outcome(of: binary.operation, left.values, right.values) else { return }
    if outcome == .always, left.decides || right.decides { return }
    comparisons.append(ComparisonFinding(outcome: outcome, range: range))
  }

  private mutating func joined(
    _ binary: Binary, _ left: NodeFacts, _ right: NodeFacts, at range: Range<Int>
  ) -> NodeFacts {
    var facts = NodeFacts(values: left.values)
    switch binary.operation {
    case .and:
      facts.decides = left.decides || right.decides
      if binary.pairsEqualSeries, let limit = Threshold(binary.right) {
        noteContradiction(between: binary.left, and: limit, at: range)
      }
    case .or:
      facts.values = left.values.union(right.values)
      facts.decides = left.decides && right.decides
      if binary.pairsEqualSeries, let first = Threshold(binary.left), let second = Threshold(binary.right),
        first.coversAll(with: second)
      {
        comparisons.append(ComparisonFinding(outcome: .always, range: range, isPair: true))
      }
    default: facts.decides = true
    }
    return facts
  }

  /// Looks for a condition in a chain of `and` that excludes `limit` on the same expression.
  private mutating func noteContradiction(between chain: Expr, and limit: Threshold, at range: Range<Int>) {
    var rest = chain.bare
    var steps = 0
    while steps < 16 {
      steps += 1
      var condition = rest
      var next: Expr?
      if case .binary(let binary) = rest.form, binary.operation == .and, binary.pairsEqualSeries {
        condition = binary.right
        next = binary.left.bare
      }
      if let other = Threshold(condition), other.excludes(limit) {
        comparisons.append(ComparisonFinding(outcome: .never, range: range, isPair: true))
        return
      }
      guard let next else { return }
      rest = next
    }
  }
}

/// `expression op number`, in either order: which values pass.
private struct Threshold {
  let subject: Expr
  let passing: ValueRange

  init?(_ expr: Expr) {
    guard case .binary(let binary) = expr.bare.form, binary.operation.isComparison, !binary.returnsBool,
      binary.operation != .notEqual
    else { return nil }
    if let number = binary.right.literalNumber {
      subject = binary.left.bare
      passing = .passing(binary.operation, .all, .exactly(number))
    } else if let number = binary.left.literalNumber {
      subject = binary.right.bare
      passing = .passing(binary.operation.mirrored, .all, .exactly(number))
    } else {
      return nil
    }
    guard !subject.isScalar else { return nil }
  }

  /// Whether no value passes both.
  func excludes(_ other: Threshold) -> Bool {
    passing.intersection(other.passing).isEmpty && subject == other.subject
  }

  /// Whether every number passes one of the two.
  func coversAll(with other: Threshold) -> Bool {
    let (lower, upper) = passing.low < other.passing.low ? (passing, other.passing) : (other.passing, passing)
    return lower.low == -.infinity && upper.high == .infinity && upper.low <= lower.high.nextUp
      && subject == other.subject
  }
}

extension Binary {
  /// Whether elements of equal labels meet: nothing named by `on` or `ignoring`.
  fileprivate var pairsEqualSeries: Bool { matching.map { !$0.on && $0.labels.isEmpty } ?? false }

  fileprivate func values(_ left: NodeFacts, _ right: NodeFacts) -> ValueRange {
    if returnsBool { return .bool }
    // Of a number and a vector, the vector's values pass; of two vectors, the left's.
    if left.isScalar { return .passing(operation.mirrored, right.values, left.values) }
    return .passing(operation, left.values, right.values)
  }
}

extension Expr {
  /// The value of a number literal, with its sign.
  fileprivate var literalNumber: Double? {
    switch bare.form {
    case .number(let number): number.value
    case .negation(let inner): inner.literalNumber.map { -$0 }
    case .plus(let inner): inner.literalNumber
    default: nil
    }
  }
}

extension ComparisonFinding {
  fileprivate var isAlways: Bool { outcome == .always }
}

extension Array {
  /// Removes the elements of a part that pass a test.
  fileprivate mutating func removeSubrange(where isGone: (Element) -> Bool, in part: Range<Int>) {
    let kept = self[part].filter { !isGone($0) }
    replaceSubrange(part, with: kept)
  }
}
