import Model

extension Evaluation {
  /// The answer to a question about the histograms that the buckets of a vector make up.
  mutating func histogram(_ plan: HistogramPlan, on grid: StepGrid) throws(EvaluationError) -> StepMatrix {
    let question = try columns(plan.question, on: grid)
    let buckets = try vector(plan.buckets, on: grid)
    defer { release(buckets.values.count) }
    let groups = bucketGroups(buckets, at: plan.position)
    var answers = RowCollector(steps: grid.count)
    var collected: [ClassicHistogram.Bucket] = []
    for number in question.indices {
      for group in groups {
        try hold(grid.count)
        for step in 0..<grid.count {
          collected.removeAll(keepingCapacity: true)
          for bucket in group.buckets where !buckets[bucket.row, step].isAbsent {
            collected.append((bucket.bound, buckets[bucket.row, step]))
          }
          guard !collected.isEmpty else { continue }
          let (value, forcing) = question[number].answer(collected, step)
          let labels = question[number].labels(group.labels, step)
          let row = answers.row(StepSeries(labels: labels, dropsName: true))
          try answers.set(value, row: row, step: step)
          if let forcing {
            annotations.addForcing(forcing, of: group.labels, time: grid.time(step), at: plan.position)
          }
        }
      }
    }
    return answers.matrix
  }

  private mutating func columns(
    _ question: HistogramPlan.Question, on grid: StepGrid
  ) throws(EvaluationError) -> [HistogramQuestion] {
    switch question {
    case .fraction(let lower, let upper):
      return [.fraction(try scalar(lower, on: grid), try scalar(upper, on: grid))]
    case .quantile(let plan, let position):
      let column = try scalar(plan, on: grid)
      warn(of: column, steps: grid.count, at: position)
      return [.quantile(column, label: nil)]
    case .quantiles(let plans, let label):
      var questions: [HistogramQuestion] = []
      for (plan, position) in plans {
        let column = try scalar(plan, on: grid)
        warn(of: column, steps: grid.count, at: position)
        questions.append(.quantile(column, label: label))
      }
      return questions
    }
  }

  private mutating func warn(of quantiles: ScalarColumn, steps: Int, at range: Range<Int>) {
    for step in 0..<(quantiles.constant == nil ? steps : 1) {
      annotations.addInvalidQuantile(quantiles[step], at: range)
    }
  }

  /// The rows of one histogram together: those with the same labels but `le`.
  private mutating func bucketGroups(_ buckets: StepMatrix, at range: Range<Int>) -> [BucketGroup] {
    var groups: [BucketGroup] = []
    var numbers = LabelNumbers(LabelChoice(leavingOut: ["le"]))
    for row in 0..<buckets.count where buckets.hasValues(row) {
      let labels = buckets.series[row].labels
      guard let bound = Double(goText: labels["le"]) else {
        annotations.addBadBucket(labels, at: range)
        continue
      }
      let number = numbers.number(labels)
      if number == groups.count { groups.append(BucketGroup(labels: labels.without(["le"]))) }
      groups[number].buckets.append((bound, row))
    }
    for number in groups.indices { groups[number].buckets.sort { $0.bound < $1.bound } }
    return groups
  }
}

/// The buckets of one histogram.
private struct BucketGroup {
  var labels: Labels
  var buckets: [(bound: Double, row: Int)] = []
}

/// What is asked of each histogram.
private enum HistogramQuestion {
  case quantile(ScalarColumn, label: String?)
  case fraction(ScalarColumn, ScalarColumn)

  func answer(
    _ buckets: [ClassicHistogram.Bucket], _ step: Int
  ) -> (value: Double, forcing: ClassicHistogram.Forcing?) {
    switch self {
    case .quantile(let quantiles, _):
      let quantile = ClassicHistogram.quantile(quantiles[step], buckets: buckets)
      return (quantile.value, quantile.forcing)
    case .fraction(let lower, let upper):
      return (ClassicHistogram.fraction(lower: lower[step], upper: upper[step], buckets: buckets), nil)
    }
  }

  /// The labels of the answer: with the quantile where there are several.
  func labels(_ labels: Labels, _ step: Int) -> Labels {
    guard case .quantile(let quantiles, let label?) = self else { return labels }
    var labels = labels
    labels[label] = quantiles[step].openMetricsText
    return labels
  }
}

extension Double {
  /// Reads a number as Go's `ParseFloat` does; `nil` for what isn't one or is out of range.
  init?(goText text: String) {
    guard !text.utf8.contains(UInt8(ascii: "(")), let value = Double(text) else { return nil }
    let isWord = text.utf8.contains { $0 == UInt8(ascii: "n") || $0 == UInt8(ascii: "N") }
    guard value.isFinite || isWord else { return nil }
    self = value
  }
}
