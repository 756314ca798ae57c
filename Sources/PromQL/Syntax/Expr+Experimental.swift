/// A part of an expression that a Prometheus has only behind a flag.
package struct ExperimentalUse: Hashable, Sendable {
  /// What is used, as it is written: `mad_over_time`, `anchored`, …
  package let what: String
  /// The name that `--enable-feature` takes.
  package let feature: String
  package let range: Range<Int>

  /// Said of a Prometheus that hasn't the flag.
  package var problem: ExpressionProblem {
    ExpressionProblem(
      "\(what) is experimental in Prometheus", at: range, fix: "start the server with --enable-feature=\(feature)")
  }
}

extension Expr {
  /// All that a Prometheus has only behind a flag, in the order of the text.
  package var experimentalUses: [ExperimentalUse] {
    var uses: [ExperimentalUse] = []
    collectExperimental(&uses)
    return uses
  }

  private func collectExperimental(_ uses: inout [ExperimentalUse]) {
    switch form {
    case .number, .string: return
    case .selector(let selector): selector.collectExperimental(&uses, range)
    case .matrix(let matrix):
      matrix.window.collectExperimental(&uses)
      matrix.selector.collectExperimental(&uses, range)
    case .call(let call) where call.function.isExperimental:
      uses.append(named("'\(call.function.rawValue)'", call.function.rawValue.utf8.count))
    case .aggregation(let aggregation) where aggregation.operation.isExperimental:
      uses.append(named("'\(aggregation.operation.rawValue)'", aggregation.operation.rawValue.utf8.count))
    case .binary(let binary):
      binary.left.collectExperimental(&uses)
      if let matching = binary.matching, matching.fillLeft != nil || matching.fillRight != nil {
        let between = binary.left.range.upperBound..<max(binary.left.range.upperBound, binary.right.range.lowerBound)
        uses.append(ExperimentalUse(what: "'fill'", feature: "promql-binop-fill-modifiers", range: between))
      }
      binary.right.collectExperimental(&uses)
      return
    case .subquery(let subquery):
      subquery.inner.collectExperimental(&uses)
      subquery.window.collectExperimental(&uses)
      subquery.step?.collectExperimental(&uses)
      subquery.modifiers.offset?.collectExperimental(&uses)
      return
    default: break
    }
    for child in children { child.collectExperimental(&uses) }
  }

  private func named(_ what: String, _ length: Int) -> ExperimentalUse {
    ExperimentalUse(
      what: what, feature: "promql-experimental-functions",
      range: range.lowerBound..<min(range.upperBound, range.lowerBound + length))
  }
}

extension Selector {
  fileprivate func collectExperimental(_ uses: inout [ExperimentalUse], _ range: Range<Int>) {
    if let rangeExtension {
      uses.append(
        ExperimentalUse(
          what: "'\(rangeExtension.rawValue)'", feature: "promql-extended-range-selectors", range: range))
    }
    modifiers.offset?.collectExperimental(&uses)
  }
}

extension DurationExpr {
  fileprivate func collectExperimental(_ uses: inout [ExperimentalUse]) {
    if case .literal = form { return }
    uses.append(ExperimentalUse(what: "a duration with operators", feature: "promql-duration-expr", range: range))
  }
}
