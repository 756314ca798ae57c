import Model

extension Planner {
  mutating func planInfo(_ arguments: [Expr], on grid: StepGrid) throws(EvaluationError) -> InfoPlan {
    let base = try vector(arguments[0], on: grid)
    let shift = try commonShift(of: arguments[0])
    var names: [Matcher] = []
    var data: [Matcher] = []
    if arguments.count > 1 {
      guard case .selector(let selector) = arguments[1].form else { throw .failed("expected label selectors only") }
      names = selector.allMatchers.filter { $0.name == .nameLabel }
      data = selector.allMatchers.filter { $0.name != .nameLabel }
    }
    names = Self.namesOfInfoSeries(names)
    let selection = readInfo(names + data, shift, on: grid)
    return InfoPlan(base: base, selection: selection, shift: shift, names: names, data: data)
  }

  /// The conditions on the names of info series: `target_info` unless the expression says otherwise, and `…_info` where
  /// it only says what they aren't.
  private static func namesOfInfoSeries(_ names: [Matcher]) -> [Matcher] {
    if names.isEmpty { return [Matcher(.nameLabel, equals: "target_info")] }
    guard names.allSatisfy({ $0.operation == .notEqual || $0.operation == .matchesNot }) else { return names }
    guard let anyInfo = try? Matcher(.nameLabel, .matches, ".+_info") else { return names }
    return [anyInfo] + names
  }

  /// The shift to the instants that all vectors of `expr` are of; none where they are of several, or of none but the
  /// step's own.
  private func commonShift(of expr: Expr) throws(EvaluationError) -> TimeShift {
    var references = References()
    _ = try collect(&references, of: expr, within: [])
    guard !references.hasFree, references.shifts.count == 1, let shift = references.shifts.first else {
      return TimeShift()
    }
    return shift
  }

  /// The instants that the vectors of an expression are of.
  private struct References {
    var shifts: Set<TimeShift> = []
    /// Whether there is a vector without a selector, which is of each step's instant.
    var hasFree = false
  }

  /// Collects the instants of the selectors that make up a vector, and says whether there are any: what only serves a
  /// scalar doesn't count.
  private func collect(
    _ references: inout References, of expr: Expr, within subqueries: [TimeModifiers]
  ) throws(EvaluationError) -> Bool {
    guard expr.type == .vector || expr.type == .matrix else { return false }
    var (parts, subqueries) = (expr.children, subqueries)
    switch expr.form {
    case .selector(let selector):
      references.shifts.insert(try reference(selector.modifiers, within: subqueries))
      return true
    case .matrix(let matrix):
      references.shifts.insert(try reference(matrix.selector.modifiers, within: subqueries))
      return true
    case .subquery(let subquery): subqueries.append(subquery.modifiers)
    // The second argument names labels; nothing is read at its time.
    case .call(let call) where call.function == .info: parts = Array(parts.prefix(1))
    default: break
    }
    var hasSelector = false
    for part in parts where try collect(&references, of: part, within: subqueries) { hasSelector = true }
    if !hasSelector { references.hasFree = true }
    return hasSelector
  }

  /// The instant of a selector: with the offsets of the subqueries around it, up to the first `@`.
  private func reference(
    _ modifiers: TimeModifiers, within subqueries: [TimeModifiers]
  ) throws(EvaluationError) -> TimeShift {
    var reference = try shift(modifiers)
    for subquery in subqueries.reversed() where reference.at == nil {
      let outer = try shift(subquery)
      reference.offset = reference.offset.held(plus: outer.offset)
      reference.at = outer.at
    }
    guard let at = reference.at else { return reference }
    return TimeShift(at: at.held(minus: reference.offset))
  }
}
