extension Parser {
  /// The node of an operator, after a look at what it combines (Prometheus's `checkAST`).
  mutating func combined(
    _ operation: BinaryOperator, _ sign: Token, _ left: Node, _ right: Node, _ modifiers: MatchModifiers
  ) -> Node? {
    let leftFits = checkSide(left, sign)
    let rightFits = checkSide(right, sign)
    let areVectors = left.type == .vector && right.type == .vector
    if leftFits, rightFits { checkOperation(operation, sign, left, right, modifiers) }
    var matching: VectorMatching?
    if areVectors {
      checkLabels(modifiers)
      matching = VectorMatching(
        operation.isSet ? .manyToMany : modifiers.cardinality, on: modifiers.isOn, labels: modifiers.labels,
        include: modifiers.include, fillLeft: modifiers.fillLeft, fillRight: modifiers.fillRight)
    }
    let binary = Binary(
      operation, left.expr, right.expr, returnsBool: modifiers.returnsBool != nil, matching: matching)
    return node(
      .binary(binary), at: left.expr.range.lowerBound..<right.expr.range.upperBound,
      left.type == .scalar && right.type == .scalar ? .scalar : .vector, over: max(left.depth, right.depth))
  }

  private mutating func checkSide(_ side: Node, _ sign: Token) -> Bool {
    switch side.type {
    case .scalar, .vector: return true
    case .matrix:
      report(
        "'\(shown(sign.range))' combines scalars and instant vectors, '\(shown(side.expr.range))' is a range vector",
        at: side.expr.range, fix: "put it into a function such as rate(…) or avg_over_time(…), or remove the range")
    case .string:
      report(
        "'\(shown(sign.range))' combines scalars and instant vectors, \(shown(side.expr.range)) is a string",
        at: side.expr.range, fix: "compare labels within a selector's braces")
    }
    return false
  }

  private mutating func checkOperation(
    _ operation: BinaryOperator, _ sign: Token, _ left: Node, _ right: Node, _ modifiers: MatchModifiers
  ) {
    if let bool = modifiers.returnsBool, !operation.isComparison {
      report(
        "'bool' belongs to comparisons, '\(operation.rawValue)' is none", at: bool, fix: "remove bool")
    }
    let areScalars = left.type == .scalar && right.type == .scalar
    if operation.isComparison, modifiers.returnsBool == nil, areScalars {
      report(
        "'\(operation.rawValue)' between two scalars has nothing to filter", at: sign.range,
        fix: "write \(operation.rawValue) bool")
    }
    let scalar = left.type == .scalar ? left : right.type == .scalar ? right : nil
    if operation.isSet, let scalar {
      report(
        "'\(operation.rawValue)' combines instant vectors, '\(shown(scalar.expr.range))' is a scalar",
        at: scalar.expr.range, fix: "write vector(\(shown(scalar.expr.range)))")
    } else if scalar != nil {
      if !modifiers.labels.isEmpty, let matching = modifiers.matching {
        report(
          "'\(shown(matching))' matches instant vectors, one side here is a scalar", at: matching, fix: "remove it")
      }
      if let fill = modifiers.fill {
        report("'\(shown(fill))' fills instant vectors, one side here is a scalar", at: fill, fix: "remove it")
      }
    } else if operation.isSet {
      if let grouping = modifiers.grouping {
        report(
          "'\(operation.rawValue)' always compares many with many, it takes no '\(shown(grouping))'", at: grouping,
          fix: "remove it")
      }
      if let fill = modifiers.fill {
        report("'\(operation.rawValue)' takes no '\(shown(fill))'", at: fill, fix: "remove it")
      }
    }
  }

  private mutating func checkLabels(_ modifiers: MatchModifiers) {
    guard modifiers.isOn, !modifiers.include.isEmpty, let grouping = modifiers.grouping else { return }
    let matched = Set(modifiers.labels)
    for label in modifiers.include where matched.contains(label) {
      report(
        "label '\(label)' stands in on(…), so both sides have it, and in '\(shown(grouping))' too", at: grouping,
        fix: "remove it from one of them")
    }
  }
}
