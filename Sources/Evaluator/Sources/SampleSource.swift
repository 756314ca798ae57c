package import Model
package import PromQL

/// What a source answers to a rule's instant query: a vector, a scalar being one sample without labels.
package struct QueryAnswer: Hashable, Sendable {
  package var samples: [QuerySample]
  /// What the source, or its reader, has to say beside the samples.
  package var warnings: [String]

  package init(samples: [QuerySample], warnings: [String] = []) {
    self.samples = samples
    self.warnings = warnings
  }
}

/// What a source answers to a query that may have any result.
package struct ValueAnswer: Hashable, Sendable {
  /// A range query's is a matrix.
  package var value: QueryValue
  /// What the source, or its reader, has to say beside the value.
  package var warnings: [String]

  package init(_ value: QueryValue, warnings: [String] = []) {
    self.value = value
    self.warnings = warnings
  }
}

/// The port to a data source's query API.
package protocol SampleSource: Sendable {
  /// Asks for the value of `expression` at `instant`, as rules do. Cancelling the task ends the query.
  func query(
    _ expression: String, at instant: Timestamp, timeout: Duration
  ) async throws(QueryError) -> QueryAnswer

  /// Asks for the value of `expression` at one instant or over a range, whatever its type is.
  func queryValue(
    _ expression: String, _ times: QueryTimes, timeout: Duration
  ) async throws(QueryError) -> ValueAnswer
}

extension QueryValue {
  /// The type's name in the query API.
  package var typeName: String {
    switch self {
    case .scalar: "scalar"
    case .string: "string"
    case .vector: "vector"
    case .matrix: "matrix"
    }
  }
}
