extension Timestamp: CustomStringConvertible {
  /// RFC 3339 in UTC, with milliseconds only where there are some: `2026-11-20T08:00:00Z`.
  package var description: String { rfc3339() }

  /// This instant in RFC 3339, as a clock `secondsEastOfUTC` ahead of UTC shows it.
  package func rfc3339(secondsEastOfUTC: Int = 0, alwaysMilliseconds: Bool = false) -> String {
    let civil = CivilTime(self, secondsEastOfUTC: secondsEastOfUTC)
    var text = civil.dateText + "T" + civil.timeText
    if alwaysMilliseconds || civil.millisecond != 0 {
      text += "." + padded(civil.millisecond, to: 3)
    }
    return text + CivilTime.zoneText(secondsEastOfUTC: secondsEastOfUTC)
  }

  /// Reads RFC 3339: a date, `T` or a space, a time, an optional fraction, and `Z` or an offset.
  ///
  /// A fraction beyond milliseconds is cut. `nil` when the text is anything else, or no such day or time exists.
  package init?(rfc3339 text: String) {
    var digits = DigitReader(bytes: Array(text.utf8))
    guard
      let year = digits.number(4), digits.skip("-"), let month = digits.number(2), digits.skip("-"),
      let day = digits.number(2), digits.skip("T") || digits.skip("t") || digits.skip(" "),
      let hour = digits.number(2), digits.skip(":"), let minute = digits.number(2), digits.skip(":"),
      let second = digits.number(2)
    else { return nil }
    var civil = CivilTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    guard 1...12 ~= month, 1...civil.daysInMonth ~= day, hour < 24, minute < 60, second < 60 else { return nil }
    if digits.skip(".") {
      guard let millisecond = digits.fraction() else { return nil }
      civil.millisecond = millisecond
    }
    guard let offset = digits.zoneOffset(), digits.isAtEnd else { return nil }
    self = civil.instant(secondsEastOfUTC: offset)
  }
}

extension CivilTime {
  /// `2026-11-20`.
  package var dateText: String { padded(year, to: 4) + "-" + padded(month, to: 2) + "-" + padded(day, to: 2) }

  /// `08:00:00`.
  package var timeText: String { padded(hour, to: 2) + ":" + padded(minute, to: 2) + ":" + padded(second, to: 2) }

  /// `Z`, or an offset such as `+08:00`.
  package static func zoneText(secondsEastOfUTC offset: Int) -> String {
    guard offset != 0 else { return "Z" }
    let minutes = abs(offset) / 60
    return (offset < 0 ? "-" : "+") + padded(minutes / 60, to: 2) + ":" + padded(minutes % 60, to: 2)
  }
}

/// `number` in decimal, with zeros in front up to `width` digits.
package func padded(_ number: Int, to width: Int) -> String {
  let digits = String(number.magnitude)
  let zeros = String(repeating: "0", count: max(0, width - digits.utf8.count))
  return (number < 0 ? "-" : "") + zeros + digits
}

/// Reads fixed-width decimal numbers and the punctuation between them.
private struct DigitReader {
  let bytes: [UInt8]
  var offset = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { offset == bytes.count }

  mutating func number(_ width: Int) -> Int? {
    guard offset + width <= bytes.count else { return nil }
    var value = 0
    for byte in bytes[offset..<offset + width] {
      guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    offset += width
    return value
  }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  /// The milliseconds of a fraction of at least one digit.
  mutating func fraction() -> Int? {
    var value = 0
    var count = 0
    while let digit = number(1) {
      if count < 3 { value = value * 10 + digit }
      count += 1
    }
    guard count > 0 else { return nil }
    for _ in min(count, 3)..<3 { value *= 10 }
    return value
  }

  mutating func zoneOffset() -> Int? {
    if skip("Z") || skip("z") { return 0 }
    let sign: Int
    if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
    guard let hours = number(2), skip(":"), let minutes = number(2), hours < 24, minutes < 60 else { return nil }
    return sign * (hours * 3600 + minutes * 60)
  }
}
