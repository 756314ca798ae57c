/// Why a query brought no samples. Texts hold no secret.
package enum QueryError: Error, Hashable, Sendable {
  /// Nobody answered, or the connection is not acceptable.
  case unreachable(String)
  case timedOut
  /// The server refuses the query, in its own words.
  case rejected(String)
  /// The server answered with a status that is neither success nor a refusal of the query.
  case serverError(status: Int, words: String)
  /// The answer is not the JSON of a query API; what came instead.
  case notJSON(String)
  /// The answer ends in the middle.
  case truncated
  /// The answer is larger than the limit in bytes.
  case tooLarge(limit: Int)
  /// The answer calls itself partial, in its own words.
  case partial(String)
  /// The result is neither vector nor scalar; its type.
  case wrongType(String)
  /// The result is of another type than the kind of query has; its type.
  case unexpected(String)
  case cancelled
}

extension QueryError: CustomStringConvertible {
  /// One line for people.
  package var description: String {
    switch self {
    case .unreachable(let words): "the data source can't be reached: \(words)"
    case .timedOut: "the data source gave no answer in time"
    case .rejected(let words): "the data source refused the query: \(words)"
    case .serverError(let status, let words):
      "the data source answered with status \(status)" + (words.isEmpty ? "" : ": " + words)
    case .notJSON(let what): "the data source answered with \(what); is its url that of a query API?"
    case .truncated: "the data source's answer breaks off"
    case .tooLarge(let limit): "the data source's answer is larger than \(limit) bytes"
    case .partial(let words): "the data source's answer is partial: \(words)"
    case .wrongType(let type): "rule result is not a vector or scalar: the query gives a \(type)"
    case .unexpected(let type): "the data source answered with a \(type), which this query can't have"
    case .cancelled: "the query was cancelled"
    }
  }

  /// Whether the source is at fault, and not the query.
  package var isSourceFault: Bool {
    switch self {
    case .unreachable, .timedOut, .serverError, .notJSON, .truncated, .partial, .unexpected: true
    case .rejected, .tooLarge, .wrongType, .cancelled: false
    }
  }
}
