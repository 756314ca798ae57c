import Model

extension Planner {
  mutating func plan(_ call: Call, at range: Range<Int>, on grid: StepGrid) throws(EvaluationError) -> Plan {
    let arguments = call.arguments.map(\.unparenthesised)
    let needed = call.function.signature.arguments.count - call.function.signature.optional
    guard arguments.count >= needed else {
      throw .failed("expected at least \(needed) argument(s) in call to \"\(call.function.rawValue)\"")
    }
    if let value = constant(call.function) { return .scalar(.constant(value)) }
    switch call.function {
    case .time: return .scalar(.time)
    case .scalar: return .scalar(.ofVector(try vector(arguments[0], on: grid)))
    case .minOf, .maxOf:
      return .scalar(
        .extreme(call.function, try scalar(arguments[0], on: grid), try scalar(arguments[1], on: grid)))
    default: return .vector(try planVector(call.function, arguments, at: range, on: grid))
    }
  }

  /// The value of a function that depends on the query alone.
  private func constant(_ function: Function) -> Double? {
    switch function {
    case .pi: .pi
    case .start: times.start.secondsSinceEpoch
    case .end: times.end.secondsSinceEpoch
    case .range: times.rangeSeconds
    case .step: times.start == times.end ? 0 : times.stepSeconds
    default: nil
    }
  }

  private mutating func planVector(
    _ function: Function, _ arguments: [Expr], at range: Range<Int>, on grid: StepGrid
  ) throws(EvaluationError) -> VectorPlan {
    if let matrix = arguments.firstIndex(where: \.isRange) {
      return try planRange(function, arguments, matrix, on: grid)
    }
    switch function {
    case .vector: return .ofScalar(try scalar(arguments[0], on: grid), nil)
    case .dayOfMonth, .dayOfWeek, .dayOfYear, .daysInMonth, .hour, .minute, .month, .year:
      if arguments.isEmpty { return .ofScalar(.time, function) }
      return .elementwise(function, try vector(arguments[0], on: grid), [])
    case .absent: return .absent(try vector(arguments[0], on: grid), arguments[0].absentLabels)
    case .timestamp, .startTimestamp: return try planTimestamp(function, arguments[0], on: grid)
    case .sort, .sortDesc:
      let order = SortOrder.byValue(descending: function == .sortDesc)
      return .sorted(try vector(arguments[0], on: grid), order, at: range)
    case .sortByLabel, .sortByLabelDesc:
      let order = SortOrder.byLabels(try strings(arguments.dropFirst()), descending: function == .sortByLabelDesc)
      return .sorted(try vector(arguments[0], on: grid), order, at: range)
    case .labelReplace, .labelJoin: return try planLabels(function, arguments, on: grid)
    case .histogramQuantile, .histogramQuantiles, .histogramFraction:
      return .histogram(try planHistogram(function, arguments, on: grid))
    case .histogramAvg, .histogramCount, .histogramStddev, .histogramStdvar, .histogramSum:
      return .nothing(of: try vector(arguments[0], on: grid))
    case .info: return .info(try planInfo(arguments, on: grid))
    default:
      guard let first = arguments.first else { throw .failed("expected type instant vector") }
      let operand = try vector(first, on: grid)
      return .elementwise(function, operand, try scalars(arguments.dropFirst(), on: grid))
    }
  }

  private mutating func planRange(
    _ function: Function, _ arguments: [Expr], _ matrix: Int, on grid: StepGrid
  ) throws(EvaluationError) -> VectorPlan {
    guard function.signature.arguments.contains(.matrix) else { throw .failed("expected type instant vector") }
    guard case .matrix(let range) = try plan(arguments[matrix], on: grid) else {
      throw .failed("expected type range vector")
    }
    try function.checkAllowed(range.rangeExtension)
    if function == .absentOverTime { return .absentOverTime(range, arguments[matrix].absentLabels) }
    var others = arguments
    others.remove(at: matrix)
    return .overTime(
      OverTimePlan(
        function: function, range: range, scalars: try scalars(others[...], on: grid), position: arguments[0].range))
  }

  private mutating func planTimestamp(
    _ function: Function, _ argument: Expr, on grid: StepGrid
  ) throws(EvaluationError) -> VectorPlan {
    let isStart = function == .startTimestamp
    guard case .selector(let selector) = argument.form else {
      let operand = try vector(argument, on: grid)
      return isStart ? .nothing(of: operand) : .stepTimes(operand)
    }
    var plan = try plan(selector, on: grid)
    plan.isSmoothed = false
    return isStart ? .sampleStarts(plan) : .sampleTimes(plan)
  }

  private mutating func planLabels(
    _ function: Function, _ arguments: [Expr], on grid: StepGrid
  ) throws(EvaluationError) -> VectorPlan {
    let texts = try strings(arguments.dropFirst())
    let operand = try vector(arguments[0], on: grid)
    guard function == .labelReplace else {
      return .relabelled(
        operand, .join(target: texts[0], separator: texts[1], sources: Array(texts.dropFirst(2))))
    }
    return .relabelled(
      operand, .replace(target: texts[0], template: texts[1], source: texts[2], pattern: texts[3]))
  }

  private mutating func planHistogram(
    _ function: Function, _ arguments: [Expr], on grid: StepGrid
  ) throws(EvaluationError) -> HistogramPlan {
    let question: HistogramPlan.Question
    var buckets = arguments[arguments.count - 1]
    switch function {
    case .histogramQuantile: question = .quantile(try scalar(arguments[0], on: grid), at: arguments[0].range)
    case .histogramFraction:
      question = .fraction(
        lower: try scalar(arguments[0], on: grid), upper: try scalar(arguments[1], on: grid))
    default:
      buckets = arguments[0]
      var quantiles: [(plan: ScalarPlan, position: Range<Int>)] = []
      for argument in arguments.dropFirst(2) {
        quantiles.append((try scalar(argument, on: grid), argument.range))
      }
      question = .quantiles(quantiles, label: try strings(arguments[1...1])[0])
    }
    return HistogramPlan(question: question, buckets: try vector(buckets, on: grid), position: buckets.range)
  }

  private mutating func scalars(
    _ arguments: ArraySlice<Expr>, on grid: StepGrid
  ) throws(EvaluationError) -> [ScalarPlan] {
    var plans: [ScalarPlan] = []
    for argument in arguments { plans.append(try scalar(argument, on: grid)) }
    return plans
  }

  private func strings(_ arguments: ArraySlice<Expr>) throws(EvaluationError) -> [String] {
    var texts: [String] = []
    for argument in arguments {
      guard case .string(let text) = argument.form else { throw .failed("expected type string") }
      texts.append(text)
    }
    return texts
  }
}

extension Function {
  /// Refuses functions that can't deal with samples outside of the window.
  fileprivate func checkAllowed(_ rangeExtension: RangeExtension?) throws(EvaluationError) {
    let allowed: [Function]
    switch rangeExtension {
    case nil: return
    case .anchored: allowed = [.changes, .delta, .increase, .rate, .resets]
    case .smoothed: allowed = [.delta, .increase, .rate]
    }
    guard allowed.contains(self) else {
      let names = allowed.map(\.rawValue).joined(separator: ", ")
      throw .failed("\(rangeExtension?.rawValue ?? "") modifier can only be used with: \(names) - not with \(rawValue)")
    }
  }
}

extension Expr {
  fileprivate var isRange: Bool {
    switch form {
    case .matrix, .subquery: true
    default: false
    }
  }

  /// The labels that a selector asks for by value: those of the series that `absent` makes up.
  ///
  /// A label that is asked for twice is left out, even with one value (as Prometheus does).
  fileprivate var absentLabels: Labels {
    let matchers: [Matcher]
    switch form {
    case .selector(let selector): matchers = selector.allMatchers
    case .matrix(let matrix): matchers = matrix.selector.allMatchers
    default: return .empty
    }
    var labels = Labels.empty
    var seen: Set<String> = []
    for matcher in matchers where matcher.name != .nameLabel {
      let isFirst = matcher.operation == .equal && seen.insert(matcher.name).inserted
      labels[matcher.name] = isFirst ? matcher.value : ""
    }
    return labels
  }
}
