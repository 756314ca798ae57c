import Model

extension Evaluation {
  /// `topk`, `bottomk`, `limitk`, `limit_ratio`: some of the elements of each group, as they are.
  mutating func ranked(
    _ matrix: StepMatrix, _ plan: AggregationPlan, _ parameter: ScalarColumn
  ) throws(EvaluationError) -> StepMatrix {
    let nothing = StepMatrix(steps: matrix.steps)
    if plan.operation == .limitRatio {
      if parameter.greatest == 0, parameter.least == 0 { return nothing }
      guard !parameter.contains(where: \.isNaN) else { throw .failed("Ratio value is NaN") }
      for (extreme, limit) in [(parameter.greatest, 1.0), (parameter.least, -1)] where extreme / limit > 1 {
        annotations.addInvalidRatio(extreme, limit: limit, at: plan.parameterPosition)
      }
      return try sampled(matrix, parameter)
    }
    if parameter.greatest < 1 { return nothing }
    guard !parameter.contains(where: \.isNaN) else { throw .failed("Parameter value is NaN") }
    if parameter.least <= -0x1p63 { throw .failed("Scalar value \(parameter.least.printedAsGo) underflows int64") }
    if parameter.greatest >= 9_223_372_036_854_774_784 {
      throw .failed("Scalar value \(parameter.greatest.printedAsGo) overflows int64")
    }
    return try chosen(matrix, plan, parameter)
  }

  private mutating func chosen(
    _ matrix: StepMatrix, _ plan: AggregationPlan, _ parameter: ScalarColumn
  ) throws(EvaluationError) -> StepMatrix {
    try hold(matrix.values.count)
    var result = matrix
    result.values = [Double](repeating: .absent, count: matrix.values.count)
    let groups = matrix.groups(plan.grouping)
    var order: [Int] = []
    for step in 0..<matrix.steps {
      let limit = Int(min(parameter[step], Double(matrix.count)))
      guard limit >= 1 else { continue }
      for rows in groups {
        let chosen = matrix.choose(limit, of: rows, at: step, plan.operation)
        for row in chosen { result[row, step] = matrix[row, step] }
        if matrix.steps == 1 { order += chosen }
      }
    }
    guard matrix.steps == 1 else { return compacted(result) }
    let ordered = result.selecting(order)
    release(result.values.count - ordered.values.count)
    return ordered
  }

  /// A share of the series, told by a hash of their labels; a negative ratio takes the others.
  private mutating func sampled(_ matrix: StepMatrix, _ parameter: ScalarColumn) throws(EvaluationError) -> StepMatrix {
    try hold(matrix.values.count)
    var result = matrix
    for row in 0..<matrix.count {
      let offset = Double(matrix.series[row].labels.storageHash) / 0x1p64
      for step in 0..<matrix.steps {
        let ratio = max(-1, min(1, parameter[step]))
        let isTaken = ratio > 0 ? offset < ratio : ratio < 0 && offset >= 1 + ratio
        if !isTaken { result[row, step] = .absent }
      }
    }
    return compacted(result)
  }
}

extension StepMatrix {
  /// The rows of a group that an operator takes at a step, the best first.
  fileprivate func choose(_ limit: Int, of rows: [Int], at step: Int, _ operation: AggregationOperator) -> [Int] {
    let present = rows.filter { !self[$0, step].isAbsent }
    if operation == .limitk { return Array(present.prefix(limit)) }
    var heap = RankingHeap(limit: limit, takesGreatest: operation == .topk)
    for row in present { heap.offer(RankingHeap.Entry(value: self[row, step], row: row)) }
    return heap.ordered.map(\.row)
  }
}

/// The best of many values, the worst of them on top (as Prometheus keeps them, so that ties fall as there).
private struct RankingHeap {
  struct Entry {
    var value: Double
    var row: Int
  }

  private let limit: Int
  private let takesGreatest: Bool
  private var entries: [Entry] = []

  init(limit: Int, takesGreatest: Bool) {
    self.limit = limit
    self.takesGreatest = takesGreatest
  }

  /// NaN is worse than any number.
  private func isWorse(_ left: Double, _ right: Double) -> Bool {
    left.isNaN || (takesGreatest ? left < right : left > right)
  }

  mutating func offer(_ entry: Entry) {
    guard entries.count >= limit else {
      entries.append(entry)
      rise()
      return
    }
    let worst = entries[0].value
    let isBetter = takesGreatest ? worst < entry.value : worst > entry.value
    guard isBetter || (worst.isNaN && !entry.value.isNaN) else { return }
    entries[0] = entry
    sink()
  }

  private mutating func rise() {
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard isWorse(entries[child].value, entries[parent].value) else { return }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func sink() {
    var parent = 0
    while 2 * parent + 1 < entries.count {
      var child = 2 * parent + 1
      if child + 1 < entries.count, isWorse(entries[child + 1].value, entries[child].value) { child += 1 }
      guard isWorse(entries[child].value, entries[parent].value) else { return }
      entries.swapAt(parent, child)
      parent = child
    }
  }

  /// The best first; among equals, as they lie.
  var ordered: [Entry] {
    entries.sorted { left, right in
      if left.value.isNaN || right.value.isNaN { return !left.value.isNaN }
      return takesGreatest ? left.value > right.value : left.value < right.value
    }
  }
}

extension Labels {
  /// Prometheus's hash of a label set, of the bytes as it stores them: each text behind its length.
  ///
  /// (`labels.Hash` of the default build: one byte for lengths up to 254, else 255 and three bytes.)
  fileprivate var storageHash: UInt64 {
    var bytes: [UInt8] = []
    for pair in pairs {
      for text in [pair.name, pair.value] {
        let count = text.utf8.count
        if count < 255 {
          bytes.append(UInt8(count))
        } else {
          bytes += [255, UInt8(truncatingIfNeeded: count), UInt8(truncatingIfNeeded: count >> 8)]
          bytes.append(UInt8(truncatingIfNeeded: count >> 16))
        }
        bytes.append(contentsOf: text.utf8)
      }
    }
    return xxHash64(bytes)
  }
}
