import Model
import PromQL

/// An expression that asks for one tenant's series only; boxed, since most rules have none.
///
/// It is made once for each rule, and again when the source names another label.
indirect enum BoundExpression: Sendable {
  case none
  case bound(Label, String)
  case refused(Label, String)

  /// The text of `expression` with `binding` in every selector, by the tree.
  init(_ expression: String, to binding: Label) {
    let parsed = Expr.parse(expression)
    guard let expr = parsed.expr else {
      self = .refused(binding, parsed.problems.first?.message ?? "it can't be read")
      return
    }
    do throws(ExpressionProblem) {
      self = .bound(binding, try expr.bound(label: binding.name, to: binding.value).description)
    } catch {
      self = .refused(binding, error.message)
    }
  }

  /// Whether it was made for this binding.
  func isFor(_ wanted: Label) -> Bool {
    switch self {
    case .none: false
    case .bound(let label, _), .refused(let label, _): label == wanted
    }
  }

  /// The text, or why there is none.
  func text(for source: ResourceID) throws(RuleFailure) -> String {
    switch self {
    case .none: throw .notIsolated(source: source.name, "it was not bound")
    case .bound(_, let text): return text
    case .refused(_, let words): throw .notIsolated(source: source.name, words)
    }
  }
}
