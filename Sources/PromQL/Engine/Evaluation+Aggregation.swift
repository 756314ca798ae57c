import Model

extension Evaluation {
  /// An operator over the elements of a vector.
  mutating func aggregation(_ plan: AggregationPlan, on grid: StepGrid) throws(EvaluationError) -> StepMatrix {
    var parameter = ScalarColumn(0)
    if let scalar = plan.parameter { parameter = try self.scalar(scalar, on: grid) }
    let matrix = try vector(plan.inner, on: grid)
    defer { release(matrix.values.count) }
    switch plan.operation {
    case .countValues: return try countValues(matrix, plan)
    case .topk, .bottomk, .limitk, .limitRatio: return try ranked(matrix, plan, parameter)
    case .quantile:
      // Of many wrong values, NaN or else the extremes are told.
      let isUnknown = parameter.contains(where: \.isNaN)
      for value in isUnknown ? [.nan] : [parameter.greatest, parameter.least] {
        annotations.addInvalidQuantile(value, at: plan.parameterPosition)
      }
      return try quantiles(matrix, plan, parameter)
    case .sum: return try folded(matrix, plan, CompensatedSum.self)
    case .avg: return try folded(matrix, plan, RunningAverage.self)
    case .count: return try folded(matrix, plan, RunningCount.self)
    case .min: return try folded(matrix, plan, RunningMinimum.self)
    case .max: return try folded(matrix, plan, RunningMaximum.self)
    case .group: return try folded(matrix, plan, RunningPresence.self)
    case .stdvar: return try folded(matrix, plan, RunningVariance.self)
    case .stddev: return try folded(matrix, plan, RunningDeviation.self)
    }
  }

  /// One row for each group, of values taken in one by one.
  private mutating func folded<Fold: StepFold>(
    _ matrix: StepMatrix, _ plan: AggregationPlan, _ type: Fold.Type
  ) throws(EvaluationError) -> StepMatrix {
    var folds = [Fold?](repeating: nil, count: matrix.steps)
    return try grouped(matrix, plan) { rows, result in
      for step in folds.indices { folds[step] = nil }
      matrix.values.withUnsafeBufferPointer { values in
        for row in rows {
          for step in 0..<matrix.steps where !values[row * matrix.steps + step].isAbsent {
            let value = values[row * matrix.steps + step]
            if folds[step] == nil { folds[step] = Fold(first: value) } else { folds[step]?.take(value) }
          }
        }
      }
      for step in 0..<matrix.steps { result[step] = folds[step]?.result ?? .absent }
    }
  }

  private mutating func quantiles(
    _ matrix: StepMatrix, _ plan: AggregationPlan, _ parameter: ScalarColumn
  ) throws(EvaluationError) -> StepMatrix {
    var values: [Double] = []
    return try grouped(matrix, plan) { rows, result in
      for step in 0..<matrix.steps {
        values.removeAll(keepingCapacity: true)
        for row in rows where !matrix[row, step].isAbsent { values.append(matrix[row, step]) }
        if !values.isEmpty { result[step] = quantile(parameter[step], of: values) }
      }
    }
  }

  private mutating func grouped(
    _ matrix: StepMatrix, _ plan: AggregationPlan,
    _ write: (_ rows: [Int], UnsafeMutableBufferPointer<Double>) -> Void
  ) throws(EvaluationError) -> StepMatrix {
    var result = StepMatrix(steps: matrix.steps)
    for rows in matrix.groups(plan.grouping) {
      try hold(matrix.steps)
      let labels = plan.grouping.chosen(from: matrix.series[rows[0]].labels)
      result.append(StepSeries(labels: labels, dropsName: matrix.dropsName(rows, labels))) { values in
        write(rows, values)
        return true
      }
    }
    return compacted(result)
  }
}

extension StepMatrix {
  /// The rows of each group, groups and rows in the order in which they come.
  func groups(_ choice: LabelChoice) -> [[Int]] {
    guard count > 0 else { return [] }
    if choice.keeps, choice.names.isEmpty { return [Array(0..<count)] }
    var numbers = LabelNumbers(choice)
    var groups: [[Int]] = []
    for row in 0..<count {
      let number = numbers.number(series[row].labels)
      if number == groups.count { groups.append([row]) } else { groups[number].append(row) }
    }
    return groups
  }

  /// Whether a group's name goes: any element of its last step says so.
  fileprivate func dropsName(_ rows: [Int], _ labels: Labels) -> Bool {
    guard rows.contains(where: { series[$0].dropsName }), labels.withoutMetadata != labels else { return false }
    for step in (0..<steps).reversed() {
      let present = rows.filter { !self[$0, step].isAbsent }
      if !present.isEmpty { return present.contains { series[$0].dropsName } }
    }
    return false
  }
}
