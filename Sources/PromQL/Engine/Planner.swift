import Model

/// Makes an expression ready for its times.
///
/// All instants are fixed here: what each selector reads, and which parts are the same at all steps.
struct Planner {
  let times: QueryTimes
  let settings: EngineSettings
  /// What is read, each once.
  private(set) var selections: [Selection] = []
  private var numbers: [Selection: Int] = [:]
  /// Whether any part may be the same at all steps because of an `@`.
  private let hasFixedTimes: Bool

  init(_ expr: Expr, _ times: QueryTimes, _ settings: EngineSettings) {
    self.times = times
    self.settings = settings
    hasFixedTimes = expr.hasFixedTime
  }

  /// The plan of an expression at the instants of `grid`.
  mutating func plan(_ expr: Expr, on grid: StepGrid) throws(EvaluationError) -> Plan {
    guard hasFixedTimes, grid.count > 1, let invariance = expr.invariance, invariance.isWrapped else {
      return try planVarying(expr, on: grid)
    }
    let single = StepGrid(at: grid.start)
    switch try planVarying(expr, on: single) {
    case .scalar(.constant(let value)): return .scalar(.constant(value))
    case .scalar(let scalar): return .scalar(.once(scalar, single))
    case .vector(let vector): return .vector(.once(vector, single))
    case let other: return other
    }
  }

  private mutating func planVarying(_ expr: Expr, on grid: StepGrid) throws(EvaluationError) -> Plan {
    switch expr.form {
    case .number(let literal): return .scalar(.constant(literal.value))
    case .string(let text): return .string(text)
    case .selector(let selector): return .vector(.selector(try plan(selector, on: grid)))
    case .matrix(let matrix): return .matrix(try plan(matrix, at: expr.range, on: grid))
    case .subquery(let subquery): return .matrix(try plan(subquery, at: expr.range, on: grid))
    case .call(let call): return try plan(call, at: expr.range, on: grid)
    case .aggregation(let aggregation): return .vector(.aggregation(try plan(aggregation, on: grid)))
    case .negation(let inner): return try negated(plan(inner, on: grid))
    case .plus(let inner), .parenthesised(let inner): return try plan(inner, on: grid)
    case .binary(let binary): return try plan(binary, at: expr.range, on: grid)
    }
  }

  private func negated(_ plan: Plan) throws(EvaluationError) -> Plan {
    switch plan {
    case .scalar(.constant(let value)): return .scalar(.constant(-value))
    case .scalar(let scalar): return .scalar(.negated(scalar))
    case .vector(let vector): return .vector(.negated(vector))
    case .matrix, .string:
      throw .failed("unary expression only allowed on expressions of type scalar or instant vector")
    }
  }

  /// The plan of an expression that must be a scalar.
  mutating func scalar(_ expr: Expr, on grid: StepGrid) throws(EvaluationError) -> ScalarPlan {
    guard case .scalar(let plan) = try plan(expr, on: grid) else { throw .failed("expected type scalar") }
    return plan
  }

  /// The plan of an expression that must be an instant vector.
  mutating func vector(_ expr: Expr, on grid: StepGrid) throws(EvaluationError) -> VectorPlan {
    guard case .vector(let plan) = try plan(expr, on: grid) else { throw .failed("expected type instant vector") }
    return plan
  }

  /// The number of a selection, from 0.
  mutating func number(_ selection: Selection) -> Int {
    if let number = numbers[selection] { return number }
    selections.append(selection)
    numbers[selection] = selections.count - 1
    return selections.count - 1
  }
}

extension Planner {
  private mutating func plan(_ aggregation: Aggregation, on grid: StepGrid) throws(EvaluationError) -> AggregationPlan {
    let parameter = aggregation.parameter?.unparenthesised
    var labels = aggregation.labels
    var plan = AggregationPlan(
      operation: aggregation.operation, inner: .ofScalar(.constant(0), nil), parameter: nil,
      parameterPosition: parameter?.range ?? 0..<0, grouping: LabelChoice(keeping: true, []))
    switch (aggregation.operation.parameter, parameter) {
    case (nil, _): break
    case (.string?, let parameter?):
      guard case .string(let label) = parameter.form else { throw .failed("expected type string") }
      guard !label.isEmpty else { throw .failed("invalid label name \(label.quotedAsGo)") }
      plan.valueLabel = label
      if !aggregation.without { labels.append(label) }
    case (_, let parameter?): plan.parameter = try scalar(parameter, on: grid)
    case (_, nil): throw .failed("expected a parameter for \(aggregation.operation.rawValue)")
    }
    plan.inner = try vector(aggregation.inner.unparenthesised, on: grid)
    plan.grouping = LabelChoice(keeping: !aggregation.without, labels)
    return plan
  }

  private mutating func plan(
    _ binary: Binary, at range: Range<Int>, on grid: StepGrid
  ) throws(EvaluationError) -> Plan {
    let operation = binary.operation
    switch (try plan(binary.left, on: grid), try plan(binary.right, on: grid)) {
    case (.scalar(let left), .scalar(let right)):
      guard !operation.isSet, operation != .trimUpper, operation != .trimLower else {
        throw .failed("operator \(operation.rawValue.quotedAsGo) not allowed for Scalar operations")
      }
      return .scalar(.binary(operation, left, right))
    case (.vector(let left), .vector(let right)):
      let plan = MatchPlan(
        operation: operation, left: left, right: right, returnsBool: binary.returnsBool,
        matching: binary.matching ?? VectorMatching(operation.isSet ? .manyToMany : .oneToOne), position: range)
      return .vector(operation.isSet ? .set(plan) : .matched(plan))
    case (.vector(let vector), .scalar(let scalar)) where !operation.isSet:
      return .vector(.withScalar(scalarOperation(binary, vector, scalar, scalarIsLeft: false, at: range)))
    case (.scalar(let scalar), .vector(let vector)) where !operation.isSet:
      return .vector(.withScalar(scalarOperation(binary, vector, scalar, scalarIsLeft: true, at: range)))
    default: throw .failed("binary expression must contain only scalar and instant vector types")
    }
  }

  private func scalarOperation(
    _ binary: Binary, _ vector: VectorPlan, _ scalar: ScalarPlan, scalarIsLeft: Bool, at range: Range<Int>
  ) -> ScalarOperation {
    ScalarOperation(
      operation: binary.operation, vector: vector, scalar: scalar, scalarIsLeft: scalarIsLeft,
      returnsBool: binary.returnsBool, position: range)
  }
}

extension Expr {
  /// This expression without the parentheses around it.
  var unparenthesised: Expr {
    var expr = self
    while case .parenthesised(let inner) = expr.form { expr = inner }
    return expr
  }
}
