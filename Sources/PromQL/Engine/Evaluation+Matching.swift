import Model

extension Evaluation {
  /// An operator between the elements of two vectors that have the same matching labels.
  mutating func matched(_ plan: MatchPlan, on grid: StepGrid) throws(EvaluationError) -> StepMatrix {
    let left = try vector(plan.left, on: grid)
    let right = try vector(plan.right, on: grid)
    defer { release(left.values.count + right.values.count) }
    let pairing = VectorPairing(plan, left, right)
    let result: StepMatrix
    if let partners = pairing.fixedPartners {
      result = try combine(pairing, partners)
    } else {
      result = try combineStepwise(pairing)
    }
    if plan.operation.isTrim, pairing.hasPairs(result) {
      annotations.addIncompatibleTypes(plan.operation, at: plan.position)
    }
    return plan.operation.isTrim ? StepMatrix(steps: grid.count) : result
  }

  /// Row by row, for series that have the same partner at all steps.
  private mutating func combine(_ pairing: VectorPairing, _ partners: [Int?]) throws(EvaluationError) -> StepMatrix {
    let (many, one) = (pairing.many, pairing.one)
    var result = StepMatrix(steps: many.steps)
    result.reserve(rows: many.count)
    for (row, partner) in partners.enumerated() {
      guard let partner else { continue }
      try hold(many.steps)
      let before = result.count
      let labels = pairing.labels(many.series[row].labels, one.series[partner].labels)
      result.append(StepSeries(labels: labels, dropsName: pairing.plan.returnsBool)) { values in
        var hasAny = false
        for step in 0..<many.steps {
          let (first, second) = (many[row, step], one[partner, step])
          guard !first.isAbsent, !second.isAbsent else { continue }
          let value = pairing.value(first, second)
          values[step] = value
          if !value.isAbsent { hasAny = true }
        }
        return hasAny
      }
      if result.count == before { release(many.steps) }
    }
    return result
  }

  /// Step by step, for series whose partners change, with Prometheus's checks at each step.
  private mutating func combineStepwise(_ pairing: VectorPairing) throws(EvaluationError) -> StepMatrix {
    var matcher = StepMatcher(pairing)
    for step in 0..<pairing.many.steps {
      let before = matcher.result.matrix.values.count
      try matcher.match(at: step)
      try hold(matcher.result.matrix.values.count - before)
    }
    return compacted(matcher.result.matrix)
  }
}

/// Two vectors to be matched: the side that may have several elements with the same matching labels, and the other.
struct VectorPairing {
  let plan: MatchPlan
  let many: StepMatrix
  let one: StepMatrix
  /// What tells the matching labels of each row apart.
  let manyNumbers: [Int]
  let oneNumbers: [Int]
  let numberCount: Int
  let choice: LabelChoice
  /// Whether the left side is ``one``.
  let isSwapped: Bool

  init(_ plan: MatchPlan, _ left: StepMatrix, _ right: StepMatrix) {
    self.plan = plan
    choice = LabelChoice(keeping: plan.matching.on, plan.matching.labels)
    isSwapped = plan.matching.cardinality == .oneToMany
    (many, one) = isSwapped ? (right, left) : (left, right)
    var numbers = LabelNumbers(choice)
    manyNumbers = many.series.map { numbers.number($0.labels) }
    oneNumbers = one.series.map { numbers.number($0.labels) }
    numberCount = numbers.count
  }

  var isOneToOne: Bool { plan.matching.cardinality == .oneToOne }

  /// The value of a pair; absent when a comparison filters it out.
  @inline(__always)
  func value(_ many: Double, _ one: Double) -> Double {
    let (left, right) = isSwapped ? (one, many) : (many, one)
    if plan.operation.isComparison, !plan.returnsBool { return plan.operation.holds(left, right) ? left : .absent }
    return plan.operation.applied(left, right)
  }

  /// What a pair is called.
  func labels(_ many: Labels, _ one: Labels) -> Labels {
    var labels = plan.operation.changesQuantity ? many.withoutMetadata : many
    if isOneToOne {
      labels = plan.matching.on ? labels.only(plan.matching.labels) : labels.without(plan.matching.labels)
    }
    for name in plan.matching.include { labels[name] = one[name] }
    return labels
  }

  /// The row of ``one`` for each row of ``many``; `nil` when it isn't the same at all steps or can't be told so easily.
  var fixedPartners: [Int?]? {
    guard plan.matching.fillLeft == nil, plan.matching.fillRight == nil else { return nil }
    var rows = [Int](repeating: -1, count: numberCount)
    for (row, number) in oneNumbers.enumerated() {
      guard rows[number] < 0 else { return nil }
      rows[number] = row
    }
    if isOneToOne {
      guard Set(manyNumbers).count == many.count else { return nil }
      let mayCollide = plan.operation.changesQuantity && many.series.contains { $0.labels.hasTypeOrUnit }
      guard !mayCollide else { return nil }
    } else {
      var seen: Set<Labels> = []
      for (row, number) in manyNumbers.enumerated() where rows[number] >= 0 {
        guard seen.insert(labels(many.series[row].labels, one.series[rows[number]].labels)).inserted else { return nil }
      }
    }
    return manyNumbers.map { rows[$0] < 0 ? nil : rows[$0] }
  }

  /// Whether any two elements met: an operator that isn't for numbers gives NaN for them.
  func hasPairs(_ result: StepMatrix) -> Bool { result.values.contains { !$0.isAbsent } }
}
