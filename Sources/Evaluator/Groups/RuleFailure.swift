package import Model

/// Why a rule's evaluation failed: its alerts stay as they are.
package enum RuleFailure: Error, Hashable, Sendable {
  case query(QueryError)
  /// Two samples lead to one label set.
  case duplicateLabels(Labels)
  case limitExceeded(limit: Int, count: Int)
  /// Two samples of a recording rule lead to one series.
  case duplicateSeries(Labels)
  /// A recording rule makes more series than its group allows.
  case seriesLimitExceeded(limit: Int, count: Int)
  /// No source of that name can be seen from the rule's scope, or no default one.
  case noSource(String?)
  /// The source is shared and the expression can't be bound to its tenant; why.
  case notIsolated(source: String, String)
  /// The source has no place for samples of rules.
  case noSink(source: String)
  /// The evaluation succeeded, but its samples have not arrived.
  case write(SampleWriteError)
}

extension RuleFailure: CustomStringConvertible {
  /// One line for people; Prometheus's words where it has some.
  package var description: String {
    switch self {
    case .query(let error): error.description
    case .duplicateLabels(let labels):
      "vector contains metrics with the same labelset after applying alert labels: \(labels)"
    case .limitExceeded(let limit, let count): "exceeded limit of \(limit) with \(count) alerts"
    case .duplicateSeries(let labels):
      "vector contains metrics with the same labelset after applying rule labels: \(labels)"
    case .seriesLimitExceeded(let limit, let count): "exceeded limit of \(limit) with \(count) series"
    case .noSource(nil): "no data source is the default here; name one, or set 'default: true' on one"
    case .noSource(let name?): "no data source is named '\(name)'"
    case .notIsolated(let source, let words):
      "the expression can't be bound to its tenant, as the shared data source '\(source)' demands: \(words)"
    case .noSink(let source):
      "data source '\(source)' has no place for the samples of rules; give it a 'remote_write', or leave recording "
        + "rules to the server with 'recording: external'"
    case .write(let error): error.description
    }
  }

  /// Whether the data source is at fault, and not the rule.
  package var isSourceFault: Bool {
    guard case .query(let error) = self else { return false }
    return error.isSourceFault
  }
}

/// How a rule's evaluations go.
package enum RuleHealth: Hashable, Sendable {
  /// Never evaluated, or not by Belfry.
  case unknown
  case ok
  case failing(RuleFailure, since: Timestamp)
}
