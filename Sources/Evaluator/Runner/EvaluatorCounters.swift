/// Counts since the start, for metrics.
package struct EvaluatorCounters: Hashable, Sendable {
  /// Evaluations of groups.
  package internal(set) var groupEvaluations = 0
  package internal(set) var ruleEvaluations = 0
  package internal(set) var ruleFailures = 0
  /// Evaluations skipped because the one before took too long.
  package internal(set) var missedTicks = 0
  package internal(set) var transitions = 0
  /// Samples of rules that were handed to sinks, staleness markers among them.
  package internal(set) var writtenSamples = 0
  /// Writes that failed or are late.
  package internal(set) var failedWrites = 0

  /// What evaluations of rules took, queries and all.
  package internal(set) var ruleDurations = DurationHistogram()
  /// What evaluations of groups took.
  package internal(set) var groupDurations = DurationHistogram()

  package init() {}
}
