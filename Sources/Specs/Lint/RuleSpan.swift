import Diagnostics
import Model

/// How often rules are evaluated, and who says so.
struct RuleInterval {
  var length: Duration
  /// `the group`, a scope, or `nil` where nobody says anything.
  var owner: String?

  init(_ length: Duration, of owner: String?) {
    self.length = length
    self.owner = owner
  }

  /// What holds where nobody says anything.
  static let `default` = RuleInterval(.seconds(60), of: nil)

  /// `the group's interval of 1m`.
  var words: String { (owner.map { $0 + "'s interval" } ?? "the default interval") + " of " + length.prometheus }
}

extension RuleSpan {
  /// Up to this interval of a scope, durations of its rules are compared with it.
  static let longestScopeInterval = RuleInterval(.seconds(300), of: "a scope")

  /// What is told of it.
  func diagnostic(for interval: RuleInterval, file: String) -> Diagnostic {
    let span = SourceSpan(file: file, range: range)
    let length = length.prometheus
    switch kind {
    case .hold:
      return Diagnostic(
        .warning, DiagnosticCode.shortHold.rawValue,
        "'for' of \(length) is shorter than \(interval.words), so it lasts until the next evaluation",
        at: span, fix: "write for: \(interval.length.prometheus) or more, or 0s to fire at once")
    case .window(let function):
      let factor = RuleSpan.Kind.windowFactor(interval)
      let wanted = (interval.length * 2).prometheus
      return Diagnostic(
        .warning, DiagnosticCode.shortRange.rawValue,
        "'\(function)' over \(length) is shorter than \(factor == 2 ? "twice " : "")\(interval.words)",
        at: span, fix: "look back over [\(wanted)] or more, or evaluate more often")
    }
  }
}

extension RuleSpan.Kind {
  /// Whether a length doesn't fit an interval.
  func isTooShort(_ length: Duration, for interval: RuleInterval) -> Bool {
    switch self {
    case .hold: length < interval.length
    case .window: length < interval.length * Self.windowFactor(interval)
    }
  }

  /// How many intervals a window has to hold: two where somebody chose the interval. The default says nothing about how
  /// often there are samples; there, only what looks at less than all samples is told.
  static func windowFactor(_ interval: RuleInterval) -> Int { interval.owner == nil ? 1 : 2 }
}
