import Model

/// Writing a time after a layout: Go's reference time Mon Jan 2 15:04:05 MST 2006.
extension GoTime {
  static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]
  static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

  /// The parts of a layout that stand for parts of the time, longest first where one begins another.
  private static let parts = [
    "January", "Monday", "MST", "2006", "-07:00:00", "-070000", "-07:00", "-0700", "-07", "Z07:00:00", "Z070000",
    "Z07:00", "Z0700", "Z07", "__2", "002", "15", "01", "02", "03", "04", "05", "06", "PM", "pm", "Jan", "Mon", "_2",
    "1", "2", "3", "4", "5",
  ].map { Array($0.utf8) }

  /// As Go's `Time.Format`.
  func formatted(as layout: String) -> String {
    let bytes = Array(layout.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if let digits = Self.fraction(of: bytes, at: index) {
        result += fraction(digits, trims: bytes[index + 1] == UInt8(ascii: "9"), separator: bytes[index])
        index += 1 + digits
      } else if let part = Self.part(of: bytes, at: index) {
        result += Array(text(of: String(decoding: part, as: UTF8.self)).utf8)
        index += part.count
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  static func part(of layout: [UInt8], at index: Int) -> [UInt8]? {
    for part in parts where layout[index...].starts(with: part) {
      let end = index + part.count
      let next = end < layout.count ? layout[end] : 0
      // `Jan` and `Mon` don't begin a longer word; `_2006` is an underscore and a year.
      let isShortName = part.count == 3 && (part[0] == UInt8(ascii: "J") || part == Array("Mon".utf8))
      if isShortName, UInt8(ascii: "a")...UInt8(ascii: "z") ~= next { continue }
      if part == Array("_2".utf8), layout[end...].starts(with: Array("006".utf8)) { return nil }
      return part
    }
    return nil
  }

  /// How many digits a fraction of a second has that begins at `index`: a point or comma, then only 0 or only 9.
  static func fraction(of layout: [UInt8], at index: Int) -> Int? {
    guard layout[index] == UInt8(ascii: ".") || layout[index] == UInt8(ascii: ","), index + 1 < layout.count,
      layout[index + 1] == UInt8(ascii: "0") || layout[index + 1] == UInt8(ascii: "9")
    else { return nil }
    let digits = layout[(index + 1)...].prefix { $0 == layout[index + 1] }
    let next = digits.endIndex < layout.count ? layout[digits.endIndex] : 0
    return next.isASCIIDigit ? nil : digits.count
  }

  private func fraction(_ digits: Int, trims: Bool, separator: UInt8) -> [UInt8] {
    var text = Array(padded(nanoseconds, to: 9).utf8.prefix(digits))
    if digits > 9 { text += [UInt8](repeating: UInt8(ascii: "0"), count: min(digits - 9, 1000)) }
    if trims { while text.last == UInt8(ascii: "0") { text.removeLast() } }
    return text.isEmpty ? [] : [separator] + text
  }

  private func text(of part: String) -> String {
    let civil = civil
    switch part {
    case "January": return Self.months[civil.month - 1]
    case "Jan": return String(Self.months[civil.month - 1].prefix(3))
    case "1": return String(civil.month)
    case "01": return padded(civil.month, to: 2)
    case "Monday": return Self.weekdays[civil.weekday]
    case "Mon": return String(Self.weekdays[civil.weekday].prefix(3))
    case "2": return String(civil.day)
    case "_2": return (civil.day < 10 ? " " : "") + String(civil.day)
    case "02": return padded(civil.day, to: 2)
    case "002": return padded(dayOfYear, to: 3)
    case "__2": return (dayOfYear < 10 ? "  " : dayOfYear < 100 ? " " : "") + String(dayOfYear)
    case "15": return padded(civil.hour, to: 2)
    case "3": return String((civil.hour + 11) % 12 + 1)
    case "03": return padded((civil.hour + 11) % 12 + 1, to: 2)
    case "4": return String(civil.minute)
    case "04": return padded(civil.minute, to: 2)
    case "5": return String(civil.second)
    case "05": return padded(civil.second, to: 2)
    case "2006": return padded(civil.year, to: 4)
    case "06": return padded(civil.year % 100, to: 2)
    case "PM": return civil.hour < 12 ? "AM" : "PM"
    case "pm": return civil.hour < 12 ? "am" : "pm"
    case "MST": return zone.abbreviation
    default: return offset(part)
    }
  }

  /// The zone's distance from UTC: `Z07:00` is `Z` in UTC.
  private func offset(_ part: String) -> String {
    if part.hasPrefix("Z"), zone.secondsEastOfUTC == 0 { return "Z" }
    let seconds = abs(zone.secondsEastOfUTC)
    let separator = part.contains(":") ? ":" : ""
    var text = (zone.secondsEastOfUTC < 0 ? "-" : "+") + padded(seconds / 3600, to: 2)
    let digits = part.utf8.filter(\.isASCIIDigit).count
    if digits >= 4 { text += separator + padded(seconds / 60 % 60, to: 2) }
    if digits >= 6 { text += separator + padded(seconds % 60, to: 2) }
    return text
  }
}
