package import Model

/// How a data source stands: what its last queries showed.
package struct SourceHealth: Hashable, Sendable {
  /// Whether a source answers.
  package enum Condition: Hashable, Sendable {
    /// Nobody has asked yet.
    case unknown
    case answering
    /// Each of the last queries failed by the source's fault.
    case failing(since: Timestamp, times: Int, QueryError)
  }

  package private(set) var condition = Condition.unknown
  /// Queries asked, and those that failed by the source's fault.
  package private(set) var queries = 0
  package private(set) var failures = 0
  package private(set) var lastAnswerAt: Timestamp?

  package init() {}

  /// Takes the end of a query into account; a cancelled one says nothing.
  package mutating func record(_ error: QueryError?, at now: Timestamp) {
    if error == .cancelled { return }
    queries += 1
    guard let error, error.isSourceFault else {
      condition = .answering
      lastAnswerAt = now
      return
    }
    failures += 1
    if case .failing(let since, let times, _) = condition {
      condition = .failing(since: since, times: times + 1, error)
    } else {
      condition = .failing(since: now, times: 1, error)
    }
  }
}
