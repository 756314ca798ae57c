extension Binary {
  /// The labels of the elements that the operator, at `range`, gives.
  func labelFacts(at range: Range<Int>) -> LabelFacts {
    guard let matching else { return withScalar(at: range) }
    let (left, right) = (left.labelFacts, right.labelFacts)
    switch operation {
    case .or: return .combined(left, right) { .either($1, $2) }
    case .unless: return left
    case .and: return kept(left, right, matching)
    default: break
    }
    if matching.fillLeft != nil || matching.fillRight != nil { return filled(left, right, matching, at: range) }
    let facts: LabelFacts
    switch matching.cardinality {
    case .oneToOne, .manyToMany: facts = paired(left, right, matching, at: range)
    case .manyToOne: facts = grouped(many: left, one: right, matching, at: range)
    case .oneToMany: facts = grouped(many: right, one: left, matching, at: range)
    }
    return keepsName ? facts : facts.computed(at: range)
  }

  /// Whether elements of the left side pass as they are.
  private var keepsName: Bool { operation.isComparison && !returnsBool }

  private func withScalar(at range: Range<Int>) -> LabelFacts {
    guard let vector = [left, right].first(where: { !$0.isScalar }) else {
      return LabelFacts(others: .impossible(.init(.noLabels, range)))
    }
    return keepsName ? vector.labelFacts : vector.labelFacts.computed(at: range)
  }

  /// `and`: elements of the left, for which the right has one whose matching labels are the same.
  private func kept(_ left: LabelFacts, _ right: LabelFacts, _ matching: VectorMatching) -> LabelFacts {
    .combined(left, right, naming: matching.labels) { label, left, right in
      matching.compares(label) ? .both(left, right) : left
    }
  }

  private func paired(
    _ left: LabelFacts, _ right: LabelFacts, _ matching: VectorMatching, at range: Range<Int>
  ) -> LabelFacts {
    .combined(left, right, naming: matching.labels) { label, left, right in
      if matching.compares(label) { return .both(left, right) }
      if label == "__name__", !matching.on { return left }
      return .impossible(.init(matching.on ? .matchedOn : .matchedIgnoring, range))
    }
  }

  private func grouped(
    many: LabelFacts, one: LabelFacts, _ matching: VectorMatching, at range: Range<Int>
  ) -> LabelFacts {
    .combined(many, one, naming: matching.labels + matching.include) { label, many, one in
      if let label, matching.include.contains(label) {
        if case .certain = one { return .certain(.init(.included, range)) }
        return one
      }
      return matching.compares(label) ? .both(many, one) : many
    }
  }

  /// With `fill`, an element may come from one side alone.
  private func filled(
    _ left: LabelFacts, _ right: LabelFacts, _ matching: VectorMatching, at range: Range<Int>
  ) -> LabelFacts {
    .combined(left, right, naming: matching.labels + matching.include) { label, left, right in
      if let label, matching.include.contains(label) { return .possible }
      if matching.cardinality == .oneToOne, !matching.compares(label) {
        return .impossible(.init(matching.on ? .matchedOn : .matchedIgnoring, range))
      }
      return .either(left, right)
    }
  }
}

extension VectorMatching {
  /// Whether two elements match only with the same value of this label; `nil` stands for all that nothing names.
  fileprivate func compares(_ label: String?) -> Bool {
    guard let label else { return !on }
    return on ? labels.contains(label) : label != "__name__" && !labels.contains(label)
  }
}
