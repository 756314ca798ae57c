import Model

extension Evaluation {
  /// `count_values`: how many elements of each group have a value, one row for each value.
  mutating func countValues(_ matrix: StepMatrix, _ plan: AggregationPlan) throws(EvaluationError) -> StepMatrix {
    var result = RowCollector(steps: matrix.steps)
    var rows: [ValueOfRow: Int] = [:]
    for row in 0..<matrix.count {
      for step in 0..<matrix.steps where !matrix[row, step].isAbsent {
        let value = matrix[row, step]
        let key = ValueOfRow(row: row, bits: value.isNaN ? Double.nan.bitPattern : value.bitPattern)
        let target: Int
        if let known = rows[key] {
          target = known
        } else {
          var labels = matrix.series[row].labels
          labels[plan.valueLabel] = value.plainAsGo
          let before = result.matrix.count
          target = result.row(StepSeries(labels: plan.grouping.chosen(from: labels)))
          rows[key] = target
          try hold((result.matrix.count - before) * matrix.steps)
        }
        result.increase(row: target, step: step)
      }
    }
    return result.matrix
  }
}

private struct ValueOfRow: Hashable {
  var row: Int
  var bits: UInt64
}
