import Model

/// An expression made ready for one evaluation: what it reads is known before anything is read.
package struct PreparedQuery: Sendable {
  /// What the selectors read, each once.
  package let selections: [Selection]
  private let plan: Plan
  private let grid: StepGrid
  private let isInstant: Bool
  private let settings: EngineSettings

  /// Throws when a duration of the expression has no value, when the types don't fit, and when there are more steps
  /// than samples allowed.
  package init(_ expr: Expr, times: QueryTimes, settings: EngineSettings = .init()) throws(EvaluationError) {
    self.settings = settings
    isInstant = times.step == nil
    let start = times.start.millisecondsSinceEpoch
    guard times.start.isNear, times.end.isNear else { throw .failed("the evaluation time is out of range") }
    var planner = Planner(expr, times, settings)
    if let step = times.step {
      guard step.wholeMilliseconds > 0 else { throw .failed("the step of a range query must be greater than 0") }
      let end = times.end.millisecondsSinceEpoch
      grid = try planner.checked(StepGrid(from: start, through: end, interval: step.wholeMilliseconds))
    } else {
      grid = StepGrid(at: start)
    }
    plan = try planner.plan(expr, on: grid)
    selections = planner.selections
    if !isInstant { try plan.checkRangeType() }
  }

  /// The value of the expression over the samples of `source`.
  ///
  /// `isCancelled` is asked now and then. A result holds no staleness markers. Throws ``EvaluationError/failed(_:)`` in
  /// Prometheus's words where the expression has no value.
  package func evaluate(
    _ source: some SeriesSource, isCancelled: () -> Bool = { false }
  ) throws(EvaluationError) -> QueryResult {
    try withoutActuallyEscaping(isCancelled) { (isCancelled) throws(EvaluationError) -> QueryResult in
      var evaluation = Evaluation(source, selections, settings, isCancelled: isCancelled)
      let value = try evaluation.result(of: plan, on: grid, isInstant: isInstant)
      return QueryResult(value, annotations: evaluation.annotations.all)
    }
  }
}

extension Plan {
  /// A range query gives one value for each step.
  fileprivate func checkRangeType() throws(EvaluationError) {
    let type: ValueType
    switch self {
    case .scalar, .vector: return
    case .matrix: type = .matrix
    case .string: type = .string
    }
    throw .failed(
      "invalid expression type \(type.rawValue.quotedAsGo) for range query, must be Scalar or instant Vector")
  }
}
