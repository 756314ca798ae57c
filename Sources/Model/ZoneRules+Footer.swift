/// The rule of a zone for all time after the changes that its file lists: the POSIX `TZ` text of a TZif footer, such as
/// `CET-1CEST,M3.5.0,M10.5.0/3` (RFC 8536 §3.3, POSIX.1 §8.3).
struct RecurringZone: Hashable, Sendable {
  private var standard: ZoneOffset
  private var daylight: ZoneOffset?
  private var begin = YearDay.month(1, week: 1, weekday: 0, second: 0)
  private var end = YearDay.month(1, week: 1, weekday: 0, second: 0)

  /// A moment of each year in local time.
  enum YearDay: Hashable, Sendable {
    /// `Jn`: 1 to 365, 29 February never counted.
    case julian(Int, second: Int)
    /// `n`: 0 to 365, 29 February counted.
    case ordinal(Int, second: Int)
    /// `Mm.w.d`: the `w`th weekday `d` of month `m`, 5 being the last.
    case month(Int, week: Int, weekday: Int, second: Int)
  }

  /// Reads the line between the two line feeds of a footer; `nil` when it is empty or something else.
  init?(footer: ArraySlice<UInt8>) {
    let line = footer.drop { $0 == UInt8(ascii: "\n") }.prefix { $0 != UInt8(ascii: "\n") }
    self.init(posix: String(decoding: line, as: UTF8.self))
  }

  init?(posix text: String) {
    var reader = FooterReader(Array(text.utf8))
    guard let name = reader.name(), let west = reader.time() else { return nil }
    standard = ZoneOffset(secondsEastOfUTC: -west, isDaylightSaving: false, abbreviation: name)
    guard !reader.isAtEnd else { return }
    guard let summer = reader.name() else { return nil }
    var ahead = 3600 - west
    if !reader.isAtEnd, !reader.isAtComma {
      guard let own = reader.time() else { return nil }
      ahead = -own
    }
    daylight = ZoneOffset(secondsEastOfUTC: ahead, isDaylightSaving: true, abbreviation: summer)
    guard let begin = reader.yearDay(), let end = reader.yearDay(), reader.isAtEnd else { return nil }
    self.begin = begin
    self.end = end
  }

  /// What a clock shows at `second` since the epoch.
  func offset(at second: Int64) -> ZoneOffset {
    guard let daylight else { return standard }
    let (milliseconds, overflow) = second.multipliedReportingOverflow(by: 1000)
    guard !overflow else { return standard }
    let local = CivilTime(
      Timestamp(millisecondsSinceEpoch: milliseconds), secondsEastOfUTC: standard.secondsEastOfUTC)
    let starts = begin.second(ofYear: local.year) - Int64(standard.secondsEastOfUTC)
    let ends = end.second(ofYear: local.year) - Int64(daylight.secondsEastOfUTC)
    let isSummer = starts < ends ? starts <= second && second < ends : !(ends <= second && second < starts)
    return isSummer ? daylight : standard
  }
}

extension RecurringZone.YearDay {
  /// Seconds from the epoch to this moment of `year`, as a local clock counts.
  fileprivate func second(ofYear year: Int) -> Int64 {
    let january = CivilTime(year: year, month: 1, day: 1)
    switch self {
    case .julian(let day, let second):
      let isLeap = CivilTime(year: year, month: 2, day: 1).daysInMonth == 29
      return Int64(january.daysSinceEpoch + day - 1 + (isLeap && day >= 60 ? 1 : 0)) * 86_400 + Int64(second)
    case .ordinal(let day, let second):
      return Int64(january.daysSinceEpoch + day) * 86_400 + Int64(second)
    case .month(let month, let week, let weekday, let second):
      let first = CivilTime(year: year, month: month, day: 1)
      var day = 1 + (weekday - first.weekday + 7) % 7 + (week - 1) * 7
      while day > first.daysInMonth { day -= 7 }
      return Int64(first.daysSinceEpoch + day - 1) * 86_400 + Int64(second)
    }
  }
}

/// Reads the parts of a POSIX `TZ` text from left to right.
private struct FooterReader {
  private let bytes: [UInt8]
  private var offset = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { offset == bytes.count }
  var isAtComma: Bool { peek() == UInt8(ascii: ",") }

  private func peek() -> UInt8 { offset < bytes.count ? bytes[offset] : 0 }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  /// At least three letters, or anything between `<` and `>`.
  mutating func name() -> String? {
    let isQuoted = skip("<")
    let start = offset
    while offset < bytes.count, isQuoted ? peek() != UInt8(ascii: ">") : isLetter(peek()) { offset += 1 }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    if isQuoted, !skip(">") { return nil }
    return text.utf8.count >= 3 ? text : nil
  }

  private func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }

  /// `[+-]hh[:mm[:ss]]` in seconds; hours may go up to 167.
  mutating func time() -> Int? {
    let isNegative = skip("-")
    if !isNegative { _ = skip("+") }
    guard var seconds = number(below: 168).map({ $0 * 3600 }) else { return nil }
    for unit in [60, 1] where skip(":") {
      guard let count = number(below: 60) else { return nil }
      seconds += count * unit
    }
    return isNegative ? -seconds : seconds
  }

  /// `,Mm.w.d/time` and its kin.
  mutating func yearDay() -> RecurringZone.YearDay? {
    guard skip(",") else { return nil }
    if skip("M") {
      guard let month = number(below: 13), month > 0, skip("."), let week = number(below: 6), week > 0, skip("."),
        let weekday = number(below: 7), let second = timeOfDay()
      else { return nil }
      return .month(month, week: week, weekday: weekday, second: second)
    }
    let isJulian = skip("J")
    guard let day = number(below: 366), !isJulian || day > 0, let second = timeOfDay() else { return nil }
    return isJulian ? .julian(day, second: second) : .ordinal(day, second: second)
  }

  private mutating func timeOfDay() -> Int? { skip("/") ? time() : 7200 }

  private mutating func number(below limit: Int) -> Int? {
    let start = offset
    var value = 0
    while UInt8(ascii: "0")...UInt8(ascii: "9") ~= peek() {
      value = value * 10 + Int(peek() - UInt8(ascii: "0"))
      guard value < limit else { return nil }
      offset += 1
    }
    return offset > start ? value : nil
  }
}
