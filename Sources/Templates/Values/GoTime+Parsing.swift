import Model

/// Reading a time by a layout, as Go's `time.Parse`; without a zone it is in UTC.
extension GoTime {
  /// `nil` when `text` isn't a time of that layout.
  init?(parsing text: String, as layout: String) {
    var reader = TimeReader(bytes: Array(text.utf8))
    guard reader.read(layout: Array(layout.utf8)), let time = reader.time else { return nil }
    self = time
  }
}

/// The parts of a time as they are read.
private struct TimeReader {
  let bytes: [UInt8]
  private var index = 0
  private var year = 0
  private var month = 1
  private var day = 1
  private var dayOfYear: Int?
  private var hour = 0
  private var minute = 0
  private var second = 0
  private var nanoseconds = 0
  private var isAfternoon: Bool?
  private var offset: Int?
  private var abbreviation: String?

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  /// Reads everything by a layout.
  mutating func read(layout: [UInt8]) -> Bool {
    var position = 0
    while position < layout.count {
      if let digits = GoTime.fraction(of: layout, at: position) {
        guard readFraction(digits, isOptional: layout[position + 1] == UInt8(ascii: "9")) else { return false }
        position += 1 + digits
      } else if let part = GoTime.part(of: layout, at: position) {
        position += part.count
        guard read(String(decoding: part, as: UTF8.self)) else { return false }
        let isSecond = part.last == UInt8(ascii: "5") && part.count <= 2 && part.first != UInt8(ascii: "1")
        // A fraction behind the seconds is read though the layout has none.
        if isSecond, position >= layout.count || GoTime.fraction(of: layout, at: position) == nil {
          guard readFraction(1, isOptional: true) else { return false }
        }
      } else {
        guard next == layout[position] else { return false }
        index += 1
        position += 1
      }
    }
    return index == bytes.count
  }

  /// The time, where its parts make one.
  var time: GoTime? {
    guard hour < 24, minute < 60, second < 60, (1...12).contains(month) else { return nil }
    var date = CivilTime(year: year, month: month, day: 1)
    if let dayOfYear {
      date = CivilTime(
        Timestamp(
          millisecondsSinceEpoch: (Int64(CivilTime(year: year, month: 1, day: 1).daysSinceEpoch) + Int64(dayOfYear) - 1)
            * 86_400_000))
      guard dayOfYear >= 1, date.year == year else { return nil }
    } else {
      guard (1...date.daysInMonth).contains(day) else { return nil }
      date.day = day
    }
    var hour = hour
    if let isAfternoon {
      guard hour <= 12 else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    let offset = offset ?? 0
    let seconds = Int64(date.daysSinceEpoch) * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset)
    let name = abbreviation ?? (offset == 0 ? "UTC" : "")
    return GoTime(
      seconds: seconds, nanoseconds: nanoseconds,
      zone: ZoneOffset(secondsEastOfUTC: offset, isDaylightSaving: false, abbreviation: name))
  }

  // MARK: - Parts

  private mutating func read(_ part: String) -> Bool {
    switch part {
    case "January", "Jan": return readName(GoTime.months, isShort: part == "Jan") { $0.month = $1 + 1 }
    case "Monday", "Mon": return readName(GoTime.weekdays, isShort: part == "Mon") { _, _ in }
    case "2006": return readNumber(4...4, into: \.year)
    case "06":
      guard readNumber(2...2, into: \.year) else { return false }
      year += year >= 69 ? 1900 : 2000
      return true
    case "01": return readNumber(2...2, into: \.month)
    case "1": return readNumber(1...2, into: \.month)
    case "02": return readNumber(2...2, into: \.day)
    case "2": return readNumber(1...2, into: \.day)
    case "_2":
      if next == 0x20 { index += 1 }
      return readNumber(1...2, into: \.day)
    case "002", "__2": return readDayOfYear(padded: part == "__2")
    case "15", "3": return readNumber(1...2, into: \.hour)
    case "03": return readNumber(2...2, into: \.hour)
    case "4": return readNumber(1...2, into: \.minute)
    case "04": return readNumber(2...2, into: \.minute)
    case "5": return readNumber(1...2, into: \.second)
    case "05": return readNumber(2...2, into: \.second)
    case "PM", "pm": return readHalf(part)
    case "MST": return readAbbreviation()
    default: return readOffset(part)
    }
  }

  private mutating func readNumber(_ digits: ClosedRange<Int>, into path: WritableKeyPath<Self, Int>) -> Bool {
    let found = bytes[index...].prefix(digits.upperBound).prefix(while: \.isASCIIDigit)
    guard found.count >= digits.lowerBound else { return false }
    self[keyPath: path] = Self.number(found)
    index += found.count
    return true
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int {
    digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }

  private mutating func readDayOfYear(padded: Bool) -> Bool {
    var spaces = 0
    while padded, spaces < 2, next == 0x20 {
      index += 1
      spaces += 1
    }
    let found = bytes[index...].prefix(3 - spaces).prefix(while: \.isASCIIDigit)
    guard found.count == 3 - spaces else { return false }
    dayOfYear = Self.number(found)
    index += found.count
    return true
  }

  /// `isOptional`: any number of digits, or no fraction at all.
  private mutating func readFraction(_ digits: Int, isOptional: Bool) -> Bool {
    let isThere = next == UInt8(ascii: ".") || next == UInt8(ascii: ",")
    let found: ArraySlice<UInt8> = isThere ? bytes[(index + 1)...].prefix(while: \.isASCIIDigit) : []
    guard isOptional ? !found.isEmpty : isThere && found.count >= digits else { return isOptional }
    let used = isOptional ? found : found.prefix(digits)
    nanoseconds = Self.number(used.prefix(9))
    for _ in used.prefix(9).count..<9 { nanoseconds *= 10 }
    index += 1 + used.count
    return true
  }

  private mutating func readName(_ names: [String], isShort: Bool, _ keep: (inout Self, Int) -> Void) -> Bool {
    for (number, name) in names.enumerated() {
      let letters = (isShort ? String(name.prefix(3)) : name).lowercased().utf8
      let found = bytes[index...].prefix(letters.count)
      guard found.count == letters.count, zip(found, letters).allSatisfy({ $0 | 0x20 == $1 }) else { continue }
      index += letters.count
      keep(&self, number)
      return true
    }
    return false
  }

  private mutating func readHalf(_ part: String) -> Bool {
    let found = String(decoding: bytes[index...].prefix(2), as: UTF8.self)
    let words = part == "PM" ? ["AM", "PM"] : ["am", "pm"]
    guard let half = words.firstIndex(of: found) else { return false }
    isAfternoon = half == 1
    index += 2
    return true
  }

  /// Three or four capital letters; Go, which doesn't know what they mean, takes any but UTC as a zone like UTC.
  private mutating func readAbbreviation() -> Bool {
    let letters = bytes[index...].prefix { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }
    guard (3...5).contains(letters.count) else { return false }
    abbreviation = String(decoding: letters, as: UTF8.self)
    index += letters.count
    return true
  }

  /// `Z07:00`, `-0700` and the like.
  private mutating func readOffset(_ part: String) -> Bool {
    if part.hasPrefix("Z"), next == UInt8(ascii: "Z") {
      index += 1
      offset = 0
      return true
    }
    guard let sign = next, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return false }
    index += 1
    var total = 0
    for (place, unit) in [3600, 60, 1].prefix(part.utf8.count(where: \.isASCIIDigit) / 2).enumerated() {
      if place > 0, part.utf8.contains(UInt8(ascii: ":")) {
        guard next == UInt8(ascii: ":") else { return false }
        index += 1
      }
      let found = bytes[index...].prefix(2).prefix(while: \.isASCIIDigit)
      guard found.count == 2 else { return false }
      total += Self.number(found) * unit
      index += 2
    }
    offset = sign == UInt8(ascii: "-") ? -total : total
    return true
  }
}
