/// `TimeInterval`: a set of moments that recur, as in Alertmanager's `time_intervals`.
package struct TimeIntervalSpec: Hashable, Sendable {
  /// A moment is in the interval when any of these contains it.
  package var intervals: [Interval]

  package init(intervals: [Interval]) {
    self.intervals = intervals
  }

  /// A moment is in it when every field that is given contains it; an empty field contains all.
  package struct Interval: Hashable, Sendable {
    /// Minutes since midnight, the end excluded, at most 1440.
    package var times: [Range<Int>] = []
    /// 0 for Sunday to 6 for Saturday.
    package var weekdays: [ClosedRange<Int>] = []
    /// 1 to 31, or -31 to -1 from the month's end.
    package var daysOfMonth: [DayRange] = []
    /// 1 to 12.
    package var months: [ClosedRange<Int>] = []
    package var years: [ClosedRange<Int>] = []
    /// An IANA name; `nil` for UTC.
    package var location: String?

    package init() {}
  }

  /// Days of a month; negative numbers count from its end.
  package struct DayRange: Hashable, Sendable {
    package var begin: Int
    package var end: Int

    package init(begin: Int, end: Int) {
      self.begin = begin
      self.end = end
    }
  }
}
