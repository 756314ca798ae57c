/// The instants of an evaluation: equally spaced, in milliseconds since the epoch.
struct StepGrid: Hashable, Sendable {
  let start: Int64
  /// At least 1.
  let interval: Int64
  /// How many there are; a range that ends before it starts has none.
  let count: Int

  /// A single instant.
  init(at instant: Int64) {
    start = instant
    interval = 1
    count = 1
  }

  /// `start`, `start + interval`, … up to `end`; an interval below 1 counts as 1.
  init(from start: Int64, through end: Int64, interval: Int64) {
    self.start = start
    self.interval = max(1, interval)
    let (span, overflow) = end.subtractingReportingOverflow(start)
    count = end < start ? 0 : Int(min((overflow ? Int64.max : span) / self.interval, .max - 1)) + 1
  }

  /// The instant of a step.
  @inline(__always)
  func time(_ step: Int) -> Int64 { start &+ Int64(step) &* interval }

  /// The last instant.
  var end: Int64 { count == 0 ? start : time(count - 1) }
}

extension Int64 {
  /// How far from the epoch an instant may be: so far that differences don't overflow.
  static var farthestInstant: Int64 { 1 << 60 }

  /// This instant, held within ``farthestInstant``.
  var heldAsInstant: Int64 { Swift.max(-Self.farthestInstant, Swift.min(Self.farthestInstant, self)) }

  /// The sum, held within the type.
  func held(plus other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }

  /// The difference, held within the type.
  func held(minus other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other < 0 ? .max : .min) : difference
  }

  /// The first multiple of `interval`, which is positive, after this number.
  func nextMultiple(of interval: Int64) -> Int64 {
    let remainder = self % interval
    return held(plus: remainder < 0 ? -remainder : interval - remainder)
  }
}
