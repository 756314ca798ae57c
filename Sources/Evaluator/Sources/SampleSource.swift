package import Model

/// One element of an instant vector.
package struct QuerySample: Hashable, Sendable {
  /// All labels of the series, `__name__` among them.
  package var labels: Labels
  package var value: Double

  package init(_ labels: Labels, _ value: Double) {
    self.labels = labels
    self.value = value
  }
}

/// What a source answers to an instant query: a vector, a scalar being one sample without labels.
package struct QueryAnswer: Hashable, Sendable {
  package var samples: [QuerySample]
  /// What the source, or its reader, has to say beside the samples.
  package var warnings: [String]

  package init(samples: [QuerySample], warnings: [String] = []) {
    self.samples = samples
    self.warnings = warnings
  }
}

/// The port to a data source's query API.
package protocol SampleSource: Sendable {
  /// Asks for the value of `expression` at `instant`. Cancelling the task ends the query.
  func query(
    _ expression: String, at instant: Timestamp, timeout: Duration
  ) async throws(QueryError) -> QueryAnswer
}
