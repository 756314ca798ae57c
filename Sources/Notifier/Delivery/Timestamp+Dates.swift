import Model

extension Timestamp {
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

  /// Reads an HTTP date in its preferred form, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
  init?(httpDate text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), let year = Int(parts[3]),
      let month = Self.months.firstIndex(of: String(parts[2]))
    else { return nil }
    let time = parts[4].split(separator: ":").compactMap { Int($0) }
    guard time.count == 3, 0..<24 ~= time[0], 0..<60 ~= time[1], 0..<61 ~= time[2], 1970..<10_000 ~= year,
      1...31 ~= day
    else { return nil }
    self =
      CivilTime(
        year: year, month: month + 1, day: day, hour: time[0], minute: time[1], second: time[2]
      ).instant()
  }

  /// `Fri, 20 Nov 2026 08:00:00 +0000`, as mails have it (RFC 5322 §3.3).
  var mailDate: String {
    let time = CivilTime(self)
    return Self.weekdays[time.weekday] + ", " + padded(time.day, to: 2) + " " + Self.months[time.month - 1] + " "
      + padded(time.year, to: 4) + " " + time.timeText + " +0000"
  }
}
