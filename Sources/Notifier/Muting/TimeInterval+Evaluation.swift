package import Model
package import Specs

extension TimeIntervalSpec {
  /// Whether `instant` is in this interval: in any of its parts, every given field of which contains it.
  ///
  /// Fields are read in the part's own zone, UTC where none is given. A zone that `zones` doesn't know contains
  /// nothing; `check` refuses such names.
  package func contains(_ instant: Timestamp, in zones: Zones) -> Bool {
    intervals.contains { interval in
      guard let zone = zones[interval.location ?? "UTC"] else { return false }
      return interval.contains(zone.civilTime(at: instant))
    }
  }
}

extension TimeIntervalSpec.Interval {
  /// Whether every given field contains this local time.
  func contains(_ time: CivilTime) -> Bool {
    let minute = time.hour * 60 + time.minute
    return (times.isEmpty || times.contains { $0.contains(minute) })
      && (weekdays.isEmpty || weekdays.contains { $0.contains(time.weekday) })
      && (daysOfMonth.isEmpty || daysOfMonth.contains { $0.contains(time.day, daysInMonth: time.daysInMonth) })
      && (months.isEmpty || months.contains { $0.contains(time.month) })
      && (years.isEmpty || years.contains { $0.contains(time.year) })
  }
}

extension TimeIntervalSpec.DayRange {
  /// Whether this range has `day`; one that begins beyond the month's end has none, and its own end is cut there.
  func contains(_ day: Int, daysInMonth: Int) -> Bool {
    let first = begin < 0 ? daysInMonth + begin + 1 : begin
    let last = end < 0 ? daysInMonth + end + 1 : end
    return first <= daysInMonth && first <= day && day <= last
  }
}
