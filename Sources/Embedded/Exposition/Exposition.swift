package import Model
package import PromQL

/// The text of a `/metrics` page as series: Prometheus's text format or OpenMetrics.
package enum Exposition {
  /// Why a text is not an exposition, and in which line.
  package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    /// From 1.
    package let line: Int
    package let message: String

    package var description: String { "line \(line): \(message)" }
  }

  /// The series of a page; samples without a time of their own are of `now`. Of several samples of one series and one
  /// instant the first counts.
  package static func series(
    in bytes: [UInt8], contentType: String? = nil, now: Timestamp
  ) throws(Problem) -> [SampleSeries] {
    var parser = ExpositionParser(bytes, ExpositionParser.Format(contentType: contentType))
    var samples: [Labels: [Timestamp: Double]] = [:]
    do throws(ExpositionError) {
      while let sample = try parser.next() {
        let time = sample.time ?? now
        let labels = try parser.labels(of: sample)
        if samples[labels]?[time] == nil { samples[labels, default: [:]][time] = sample.value }
      }
    } catch {
      throw Problem(line: error.line, message: error.message)
    }
    return samples.sorted { $0.key < $1.key }.map { labels, values in
      let sorted = values.sorted { $0.key < $1.key }
      return SampleSeries(labels, times: sorted.map(\.key), values: sorted.map(\.value))
    }
  }
}
