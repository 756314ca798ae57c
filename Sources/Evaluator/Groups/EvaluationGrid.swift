package import Model

/// The instants at which a group is evaluated: k·interval + offset since the epoch.
///
/// The offset comes from file and group name by Prometheus's hash, so that it is the same on every start and the same
/// as there: xxHash64 over the labels `file` and `name`, modulo the interval in nanoseconds.
package struct EvaluationGrid: Hashable, Sendable {
  package let interval: Duration
  package let offset: Duration

  package init(file: String, group: String, interval: Duration) {
    let milliseconds = min(max(interval.wholeMilliseconds, 1), Int64.max / 1_000_000)
    self.interval = .milliseconds(milliseconds)
    let nanoseconds = xxHash64(Self.encoding(["file", file, "name", group])) % UInt64(milliseconds * 1_000_000)
    offset = .milliseconds(Int64(nanoseconds / 1_000_000))
  }

  /// Prometheus's encoding of labels: each text preceded by its length in one byte, or in three after a byte 255.
  static func encoding(_ texts: [String]) -> [UInt8] {
    var bytes: [UInt8] = []
    for text in texts {
      let count = text.utf8.count
      if count < 255 {
        bytes.append(UInt8(count))
      } else {
        bytes.append(255)
        for shift in [0, 8, 16] { bytes.append(UInt8(truncatingIfNeeded: count >> shift)) }
      }
      bytes.append(contentsOf: text.utf8)
    }
    return bytes
  }

  /// The last instant not after `now`.
  package func instant(notAfter now: Timestamp) -> Timestamp {
    now.roundedDown(to: interval, offset: offset)
  }

  /// The first instant after `now`.
  package func instant(after now: Timestamp) -> Timestamp {
    instant(notAfter: now) + interval
  }
}
