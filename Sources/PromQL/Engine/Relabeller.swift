import Model
import Patterns

/// Carries out `label_replace` and `label_join` on one series after another.
struct Relabeller {
  private let change: LabelChange
  private let pattern: Pattern?

  /// Throws when a name isn't one, or the pattern isn't one of RE2.
  init(_ change: LabelChange) throws(EvaluationError) {
    self.change = change
    switch change {
    case .replace(let target, _, _, let text):
      guard let pattern = try? Pattern(anchored: text, dotMatchesLineBreaks: true) else {
        throw .failed("invalid regular expression in label_replace(): \(text)")
      }
      guard !target.isEmpty else {
        throw .failed("invalid destination label name in label_replace(): \(target)")
      }
      self.pattern = pattern
    case .join(let target, _, let sources):
      guard !sources.contains("") else { throw .failed("invalid source label name in label_join(): ") }
      guard !target.isEmpty else { throw .failed("invalid destination label name in label_join(): \(target)") }
      pattern = nil
    }
  }

  func apply(to series: inout StepSeries) {
    switch change {
    case .replace(let target, let template, let source, _):
      guard let value = pattern?.expand(template, in: series.labels[source]) else { return }
      series.set(target, value)
    case .join(let target, let separator, let sources):
      series.set(target, sources.map { series.labels[$0] }.joined(separator: separator))
    }
  }
}

extension StepSeries {
  /// A name that is set is meant to stay.
  fileprivate mutating func set(_ name: String, _ value: String) {
    labels[name] = value
    if name == .nameLabel { dropsName = false }
  }
}
