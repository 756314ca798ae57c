import Model

/// Matches two vectors step by step, as their elements come and go.
struct StepMatcher {
  private let pairing: VectorPairing
  private(set) var result: RowCollector
  /// The row of the one side for each number at this step; -1 for none.
  private var ones: [Int]
  /// Whether an element of the many side met that number at this step.
  private var isMatched: [Bool]
  /// The result rows of this step, by number: for the elements of one number must differ.
  private var rows: [[Int]]
  private var known: [Pair: Int] = [:]

  private struct Pair: Hashable {
    /// -1 for a filled one.
    var many: Int
    var one: Int
  }

  init(_ pairing: VectorPairing) {
    self.pairing = pairing
    result = RowCollector(steps: pairing.many.steps)
    ones = [Int](repeating: -1, count: pairing.numberCount)
    isMatched = [Bool](repeating: false, count: pairing.numberCount)
    rows = [[Int]](repeating: [], count: pairing.numberCount)
  }

  mutating func match(at step: Int) throws(EvaluationError) {
    let (many, one, matching) = (pairing.many, pairing.one, pairing.plan.matching)
    let manyRows = (0..<many.count).filter { !many[$0, step].isAbsent }
    let oneRows = (0..<one.count).filter { !one[$0, step].isAbsent }
    let fills = matching.fillLeft != nil || matching.fillRight != nil
    guard fills || (!manyRows.isEmpty && !oneRows.isEmpty) else { return }
    reset()
    try collect(oneRows)
    for row in manyRows {
      let partner = ones[pairing.manyNumbers[row]]
      if partner >= 0 {
        try add(row, partner, many[row, step], one[partner, step], number: pairing.manyNumbers[row], at: step)
      } else if let fill = matching.fillRight {
        try add(row, -1, many[row, step], fill.value, number: pairing.manyNumbers[row], at: step)
      }
    }
    guard let fill = matching.fillLeft else { return }
    for row in oneRows where !isMatched[pairing.oneNumbers[row]] {
      try add(-1, row, fill.value, one[row, step], number: pairing.oneNumbers[row], at: step)
    }
  }

  private mutating func reset() {
    for number in ones.indices {
      ones[number] = -1
      isMatched[number] = false
      rows[number].removeAll(keepingCapacity: true)
    }
  }

  private mutating func collect(_ oneRows: [Int]) throws(EvaluationError) {
    for row in oneRows {
      let number = pairing.oneNumbers[row]
      guard ones[number] < 0 else { throw duplicate(row, ones[number]) }
      ones[number] = row
    }
  }

  private func duplicate(_ row: Int, _ earlier: Int) -> EvaluationError {
    // Sorted, so that the words don't depend on the order in which series are read.
    let (first, second) = (pairing.one.series[row].labels, pairing.one.series[earlier].labels)
    let (labels, other) = first < second ? (first, second) : (second, first)
    let group = pairing.choice.chosen(from: labels).prometheusText
    let side = pairing.isSwapped ? "left" : "right"
    return .failed(
      "found duplicate series for the match group \(group) on the \(side) hand-side of the operation: "
        + "[\(labels.prometheusText), \(other.prometheusText)];many-to-many matching not allowed: "
        + "matching labels must be unique on one side")
  }

  private mutating func add(
    _ manyRow: Int, _ oneRow: Int, _ many: Double, _ one: Double, number: Int, at step: Int
  ) throws(EvaluationError) {
    let row = resultRow(manyRow, oneRow)
    if pairing.isOneToOne, isMatched[number] {
      throw .failed("multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)")
    }
    if rows[number].contains(row) {
      throw .failed("multiple matches for labels: grouping labels must ensure unique matches")
    }
    isMatched[number] = true
    rows[number].append(row)
    let value = pairing.value(many, one)
    guard !value.isAbsent else { return }
    try result.set(value, row: row, step: step)
  }

  /// The row of the pair's labels; a filled side has the matching labels of the other.
  private mutating func resultRow(_ manyRow: Int, _ oneRow: Int) -> Int {
    let pair = Pair(many: manyRow, one: oneRow)
    if let row = known[pair] { return row }
    let many = manyRow < 0 ? nil : pairing.many.series[manyRow].labels
    let one = oneRow < 0 ? nil : pairing.one.series[oneRow].labels
    let labels = pairing.labels(
      many ?? pairing.choice.chosen(from: one ?? .empty), one ?? pairing.choice.chosen(from: many ?? .empty))
    let row = result.row(StepSeries(labels: labels, dropsName: pairing.plan.returnsBool))
    known[pair] = row
    return row
  }
}
