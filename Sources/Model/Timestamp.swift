/// An instant: milliseconds since 1970-01-01T00:00:00Z.
///
/// The only instant of the project. It comes from a ``WallClock`` or from text, and is passed down.
package struct Timestamp: Hashable, Comparable, Sendable {
  package var millisecondsSinceEpoch: Int64

  package init(millisecondsSinceEpoch: Int64) {
    self.millisecondsSinceEpoch = millisecondsSinceEpoch
  }

  /// The instant `seconds` after the epoch, rounded to the nearest millisecond; `nil` when out of range.
  package init?(secondsSinceEpoch seconds: Double) {
    let milliseconds = (seconds * 1000).rounded()
    guard let exact = Int64(exactly: milliseconds) else { return nil }
    millisecondsSinceEpoch = exact
  }

  package static let epoch = Timestamp(millisecondsSinceEpoch: 0)

  /// Seconds since the epoch, for interfaces that count in seconds.
  package var secondsSinceEpoch: Double { Double(millisecondsSinceEpoch) / 1000 }

  package static func < (left: Self, right: Self) -> Bool {
    left.millisecondsSinceEpoch < right.millisecondsSinceEpoch
  }

  package static func + (instant: Self, interval: Duration) -> Self {
    instant.advanced(by: interval)
  }

  package static func - (instant: Self, interval: Duration) -> Self {
    instant.advanced(by: .zero - interval)
  }

  package static func - (later: Self, earlier: Self) -> Duration {
    earlier.duration(to: later)
  }

  /// The latest instant not after this one that is a whole number of `period`s plus `offset` from the epoch.
  ///
  /// `period` must be positive.
  package func roundedDown(to period: Duration, offset: Duration = .zero) -> Timestamp {
    let period = max(1, period.wholeMilliseconds)
    let shifted = millisecondsSinceEpoch &- offset.wholeMilliseconds
    let remainder = shifted % period
    return Timestamp(
      millisecondsSinceEpoch: millisecondsSinceEpoch &- (remainder < 0 ? remainder + period : remainder)
    )
  }
}

extension Timestamp: InstantProtocol {
  package func advanced(by interval: Duration) -> Timestamp {
    let (sum, overflow) = millisecondsSinceEpoch.addingReportingOverflow(interval.wholeMilliseconds)
    guard overflow else { return Timestamp(millisecondsSinceEpoch: sum) }
    return Timestamp(millisecondsSinceEpoch: interval < .zero ? .min : .max)
  }

  package func duration(to other: Timestamp) -> Duration {
    .milliseconds(other.millisecondsSinceEpoch.subtractingReportingOverflow(millisecondsSinceEpoch).partialValue)
  }
}

extension Duration {
  /// This duration in milliseconds, rounded towards zero and held within `Int64`.
  package var wholeMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    guard !overflow else { return seconds < 0 ? .min : .max }
    let (sum, carried) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
    guard !carried else { return seconds < 0 ? .min : .max }
    return sum
  }

  /// This duration in seconds.
  package var inSeconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) / 1e18
  }
}
