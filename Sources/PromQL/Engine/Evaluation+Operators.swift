import Model

extension Evaluation {
  /// An operator between a vector and a scalar: a comparison filters, unless it gives 0 or 1.
  mutating func withScalar(_ plan: ScalarOperation, on grid: StepGrid) throws(EvaluationError) -> StepMatrix {
    let operation = plan.operation
    // In the order of the text, for the annotations.
    var matrix: StepMatrix
    let column: ScalarColumn
    if plan.scalarIsLeft {
      column = try scalar(plan.scalar, on: grid)
      matrix = try vector(plan.vector, on: grid)
    } else {
      matrix = try vector(plan.vector, on: grid)
      column = try scalar(plan.scalar, on: grid)
    }
    if operation.isTrim {
      if matrix.values.contains(where: { !$0.isAbsent }) {
        annotations.addIncompatibleTypes(operation, at: plan.position)
      }
      release(matrix.values.count)
      return StepMatrix(steps: grid.count)
    }
    let isLeft = plan.scalarIsLeft
    if operation.isComparison, !plan.returnsBool {
      matrix.update { step, value in
        let holds = isLeft ? operation.holds(column[step], value) : operation.holds(value, column[step])
        return holds ? value : .absent
      }
      return compacted(matrix)
    }
    matrix.dropNames()
    matrix.update { step, value in
      isLeft ? operation.applied(column[step], value) : operation.applied(value, column[step])
    }
    return matrix
  }

  /// `and`, `or`, `unless`: by whether the other side has an element with the same matching labels.
  mutating func set(_ plan: MatchPlan, on grid: StepGrid) throws(EvaluationError) -> StepMatrix {
    var left = try vector(plan.left, on: grid)
    var right = try vector(plan.right, on: grid)
    var numbers = LabelNumbers(LabelChoice(keeping: plan.matching.on, plan.matching.labels))
    let leftNumbers = left.series.map { numbers.number($0.labels) }
    let rightNumbers = right.series.map { numbers.number($0.labels) }
    switch plan.operation {
    case .or:
      let presence = left.presence(leftNumbers, of: numbers.count)
      right.keep(rightNumbers) { !presence[$0] }
      return try union(compacted(left), compacted(right))
    default:
      let presence = right.presence(rightNumbers, of: numbers.count)
      let isAnd = plan.operation == .and
      left.keep(leftNumbers) { presence[$0] == isAnd }
      release(right.values.count)
      return compacted(left)
    }
  }

  /// All rows of both; what is called the same becomes one row, unless there is but one step.
  private func union(_ left: StepMatrix, _ right: StepMatrix) throws(EvaluationError) -> StepMatrix {
    var union = left
    union.reserve(rows: right.count)
    for row in 0..<right.count {
      union.append(right.series[row]) { values in
        for step in 0..<right.steps { values[step] = right[row, step] }
        return true
      }
    }
    guard left.steps > 1, union.hasEqualLabels else { return union }
    return try merged(union.inOrderOfAppearance)
  }
}

extension StepMatrix {
  /// The rows by their first steps: of those called the same, the one that comes first tells whether the name goes.
  fileprivate var inOrderOfAppearance: StepMatrix {
    let firsts = (0..<count).map { row in range(of: row).first { !values[$0].isAbsent }.map { $0 % steps } ?? steps }
    return selecting((0..<count).sorted { (firsts[$0], $0) < (firsts[$1], $1) })
  }

  /// At which steps any row of a number has a value: `number * steps + step`.
  fileprivate func presence(_ numbers: [Int], of count: Int) -> [Bool] {
    var presence = [Bool](repeating: false, count: count * steps)
    for row in 0..<self.count {
      for step in 0..<steps where !self[row, step].isAbsent { presence[numbers[row] * steps + step] = true }
    }
    return presence
  }

  /// Takes away the values for whose `number * steps + step` the condition fails.
  fileprivate mutating func keep(_ numbers: [Int], where isKept: (Int) -> Bool) {
    for row in 0..<count {
      for step in 0..<steps where !isKept(numbers[row] * steps + step) { self[row, step] = .absent }
    }
  }
}
