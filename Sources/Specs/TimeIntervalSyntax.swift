/// The small notations of a time interval's fields, as Alertmanager reads them.
enum TimeIntervalSyntax {
  /// What was found instead, and what would be accepted.
  struct Problem: Error, Hashable {
    let message: String
    let fix: String?

    init(_ message: String, fix: String? = nil) {
      self.message = message
      self.fix = fix
    }
  }

  static let weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
  static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
  ]

  /// Minutes since midnight of `HH:MM`; `24:00` is 1440.
  static func minutes(_ text: String) throws(Problem) -> Int {
    let bytes = Array(text.utf8)
    guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"), let hour = twoDigits(bytes[0], bytes[1]),
      let minute = twoDigits(bytes[3], bytes[4]), minute < 60, hour < 24 || (hour == 24 && minute == 0)
    else { throw Problem("'\(text)' is not a time of day", fix: "write hours and minutes, '08:00' to '24:00'") }
    return hour * 60 + minute
  }

  /// `monday` or `monday:friday`, Sunday being 0.
  static func weekdays(_ text: String) throws(Problem) -> ClosedRange<Int> {
    let (begin, end) = try ends(text) { word throws(Problem) in
      guard let day = weekdays.firstIndex(of: word) else {
        throw Problem(
          "'\(word)' is not a day of the week", fix: "write one of \(weekdays.joined(separator: ", "))")
      }
      return day
    }
    guard begin <= end else {
      throw Problem(
        "'\(text)' ends before it begins, since a week begins on Sunday",
        fix: "write two items, such as 'saturday' and 'sunday'")
    }
    return begin...end
  }

  /// `1`, `1:15`, `-3:-1`: days counted from the month's start or, negative, from its end.
  static func days(_ text: String) throws(Problem) -> TimeIntervalSpec.DayRange {
    let (begin, end) = try ends(text) { word throws(Problem) in
      guard let day = number(word), day != 0, -31...31 ~= day else {
        throw Problem(
          "'\(word)' is not a day of the month", fix: "write 1 to 31, or -1 to -31 counted from the month's end")
      }
      return day
    }
    guard begin > 0 || end < 0 else {
      throw Problem("'\(text)' begins from the month's end and ends from its start", fix: "make both ends negative")
    }
    // The shortest month decides whether an end that is counted from behind can come first.
    guard (begin < 0 ? 28 + begin : begin) <= (end < 0 ? 28 + end : end) else {
      throw Problem("'\(text)' ends before it begins")
    }
    return .init(begin: begin, end: end)
  }

  /// `january`, `1`, `1:3`, `may:august`.
  static func months(_ text: String) throws(Problem) -> ClosedRange<Int> {
    let (begin, end) = try ends(text) { word throws(Problem) in
      if let position = months.firstIndex(of: word) { return position + 1 }
      guard let month = number(word), 1...12 ~= month else {
        throw Problem("'\(word)' is not a month", fix: "write its English name, or 1 to 12")
      }
      return month
    }
    guard begin <= end else {
      throw Problem("'\(text)' ends before it begins", fix: "write two items, such as '11:12' and '1:2'")
    }
    return begin...end
  }

  /// `2024`, `2024:2026`.
  static func years(_ text: String) throws(Problem) -> ClosedRange<Int> {
    let (begin, end) = try ends(text) { word throws(Problem) in
      guard let year = number(word), year > 0 else { throw Problem("'\(word)' is not a year") }
      return year
    }
    guard begin <= end else { throw Problem("'\(text)' ends before it begins") }
    return begin...end
  }

  /// The two ends of a range, or one item twice.
  private static func ends(
    _ text: String, _ read: (String) throws(Problem) -> Int
  ) throws(Problem) -> (Int, Int) {
    let parts = text.lowercased().split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard let first = parts.first, parts.count <= 2, !parts.contains("") else {
      throw Problem("'\(text)' is not a range", fix: "write one item, or two with a colon between them")
    }
    let begin = try read(first)
    return (begin, parts.count == 2 ? try read(parts[1]) : begin)
  }

  private static func number(_ text: String) -> Int? {
    text.utf8.count <= 6 && text.utf8.first != UInt8(ascii: "+") ? Int(text) : nil
  }

  private static func twoDigits(_ high: UInt8, _ low: UInt8) -> Int? {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard digits ~= high, digits ~= low else { return nil }
    return Int(high - digits.lowerBound) * 10 + Int(low - digits.lowerBound)
  }
}
