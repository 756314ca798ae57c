package import Model
package import PromQL

/// Why samples were not written when a sink returned.
package enum SampleWriteError: Error, Hashable, Sendable {
  /// They are held and will be written as soon as it works; what is in the way.
  case late(String)
  /// Some of them will never be written.
  case lost(String)
}

extension SampleWriteError: CustomStringConvertible {
  /// One line for people.
  package var description: String {
    switch self {
    case .late(let words): "its samples are held until they can be written: \(words)"
    case .lost(let words): "its samples could not be written: \(words)"
    }
  }
}

/// The port to whatever keeps the samples that rules make: the embedded store, or a server with remote write.
package protocol SampleSink: Sendable {
  /// Writes samples of one instant, staleness markers among them; each series comes in the order of time.
  ///
  /// It returns when a query would see them, so that the group's next rule does, and throws when that takes too long.
  func write(_ samples: [QuerySample], at instant: Timestamp) async throws(SampleWriteError)
}
