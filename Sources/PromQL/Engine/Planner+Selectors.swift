import Model

extension Planner {
  /// What a selector of an instant vector reads at the instants of `grid`.
  mutating func plan(_ selector: Selector, on grid: StepGrid) throws(EvaluationError) -> SelectorPlan {
    let shift = try shift(selector.modifiers)
    let lookback = settings.lookback.wholeMilliseconds + settings.slack
    let isSmoothed = selector.rangeExtension == .smoothed
    let selection = read(
      selector.allMatchers, shift, on: grid, before: lookback, behind: isSmoothed ? lookback : 0)
    return SelectorPlan(selection: selection, shift: shift, isSmoothed: isSmoothed)
  }

  mutating func plan(
    _ matrix: MatrixSelector, at range: Range<Int>, on grid: StepGrid
  ) throws(EvaluationError) -> RangePlan {
    let selector = matrix.selector
    let shift = try shift(selector.modifiers)
    let window = try milliseconds(matrix.window, mayBeNegative: false)
    let lookback = settings.lookback.wholeMilliseconds
    let selection = read(
      selector.allMatchers, shift, on: grid,
      before: window.held(plus: selector.rangeExtension == nil ? settings.slack : lookback),
      behind: selector.rangeExtension == .smoothed ? lookback : 0)
    return RangePlan(
      source: .selection(selection), window: window, shift: shift, rangeExtension: selector.rangeExtension,
      position: range)
  }

  /// The steps of a subquery are the multiples of its step within its window, whatever the instants of `grid`.
  mutating func plan(
    _ subquery: Subquery, at range: Range<Int>, on grid: StepGrid
  ) throws(EvaluationError) -> RangePlan {
    let shift = try shift(subquery.modifiers)
    let window = try milliseconds(subquery.window, mayBeNegative: false)
    var interval: Int64 = 0
    if let step = subquery.step { interval = try milliseconds(step, mayBeNegative: false) }
    if interval == 0 { interval = max(1, settings.defaultStep.wholeMilliseconds) }
    let first = shift.reference(grid.start).held(minus: window + settings.slack).nextMultiple(of: interval)
    let inner = try checked(StepGrid(from: first, through: shift.reference(grid.end), interval: interval))
    return RangePlan(
      source: .subquery(try vector(subquery.inner, on: inner), inner), window: window, shift: shift,
      rangeExtension: nil, position: range)
  }

  /// Refuses instants that are more than the samples allowed.
  func checked(_ grid: StepGrid) throws(EvaluationError) -> StepGrid {
    guard grid.count <= max(1, settings.sampleLimit) else { throw .tooManySamples(limit: settings.sampleLimit) }
    return grid
  }

  private mutating func read(
    _ matchers: [Matcher], _ shift: TimeShift, on grid: StepGrid, before: Int64, behind: Int64
  ) -> Int {
    number(
      Selection(
        matchers: matchers,
        after: Timestamp(millisecondsSinceEpoch: shift.reference(grid.start).held(minus: before)),
        through: Timestamp(millisecondsSinceEpoch: shift.reference(grid.end).held(plus: behind))))
  }

  /// What `info` reads: all info series, for the values of the identifying labels come with the samples.
  mutating func readInfo(_ matchers: [Matcher], _ shift: TimeShift, on grid: StepGrid) -> Int {
    read(matchers, shift, on: grid, before: settings.lookback.wholeMilliseconds, behind: 0)
  }

  func shift(_ modifiers: TimeModifiers) throws(EvaluationError) -> TimeShift {
    var shift = TimeShift()
    if let offset = modifiers.offset { shift.offset = try milliseconds(offset, mayBeNegative: true) }
    switch modifiers.at {
    case nil: break
    case .time(let time): shift.at = time.millisecondsSinceEpoch
    case .start: shift.at = times.start.millisecondsSinceEpoch
    case .end: shift.at = times.end.millisecondsSinceEpoch
    }
    return shift
  }
}

extension Planner {
  /// The milliseconds of a duration, cut off where they aren't whole.
  private func milliseconds(
    _ duration: DurationExpr, mayBeNegative: Bool
  ) throws(EvaluationError) -> Int64 {
    let milliseconds: Double
    if case .literal(let literal) = duration.form {
      // A literal is rounded to nanoseconds first, an expression isn't: as in Prometheus.
      milliseconds = (literal.value * 1e9).rounded() / 1e6
    } else {
      let seconds = try seconds(duration)
      guard seconds > 0 || mayBeNegative else { throw problem("duration must be greater than 0", duration) }
      guard seconds.magnitude <= 0x1p63 else { throw problem("duration is out of range", duration) }
      milliseconds = seconds * 1000
    }
    guard let whole = Int64(exactly: milliseconds.rounded(.towardZero)) else {
      throw problem("duration is out of range", duration)
    }
    return whole
  }

  private func seconds(_ duration: DurationExpr) throws(EvaluationError) -> Double {
    switch duration.form {
    case .literal(let literal): return literal.value
    case .step: return times.stepSeconds
    case .range: return times.rangeSeconds
    case .negation(let inner): return -(try seconds(inner))
    case .plus(let inner), .parenthesised(let inner): return try seconds(inner)
    case .min(let left, let right): return Double.least(try seconds(left), try seconds(right))
    case .max(let left, let right): return Double.greatest(try seconds(left), try seconds(right))
    case .binary(let operation, let left, let right):
      let (left, divisor) = (try seconds(left), try seconds(right))
      if divisor == 0, operation == .divide { throw problem("division by zero", duration) }
      if divisor == 0, operation == .modulo { throw problem("modulo by zero", duration) }
      return operation.applied(left, divisor)
    }
  }

  private func problem(_ words: String, _ duration: DurationExpr) -> EvaluationError {
    .failed("\(duration.told.lowerBound):\(duration.told.upperBound): \(words)")
  }
}

extension DurationExpr {
  /// The place that messages tell: without outer parentheses, and of an operator from its left side to its right one
  /// (as Prometheus has it).
  fileprivate var told: Range<Int> {
    switch form {
    case .literal, .step, .range: range
    case .parenthesised(let inner): inner.told
    case .negation(let inner), .plus(let inner): range.lowerBound..<inner.told.upperBound
    case .binary(_, let left, let right), .min(let left, let right), .max(let left, let right):
      left.told.lowerBound..<right.told.upperBound
    }
  }
}

extension QueryTimes {
  /// The step in seconds, 0 for an instant query.
  var stepSeconds: Double { Double(step?.wholeMilliseconds ?? 0) / 1000 }

  /// From the first instant to the last, in seconds.
  var rangeSeconds: Double {
    Double(end.millisecondsSinceEpoch.held(minus: start.millisecondsSinceEpoch)) / 1000
  }
}
