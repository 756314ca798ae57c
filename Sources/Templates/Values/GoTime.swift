package import Model

/// An instant with the zone in which it is shown, as Go's `time.Time`.
package struct GoTime: Hashable, Sendable {
  /// Since 1970-01-01T00:00:00Z.
  package var seconds: Int64
  /// 0 to 999,999,999, on top of the seconds.
  package var nanoseconds: Int
  package var zone: ZoneOffset

  package init(seconds: Int64, nanoseconds: Int = 0, zone: ZoneOffset = .utc) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
    self.zone = zone
  }

  package init(_ instant: Timestamp, zone: ZoneOffset = .utc) {
    let milliseconds = instant.millisecondsSinceEpoch
    let (quotient, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
    self.init(
      seconds: rest < 0 ? quotient - 1 : quotient, nanoseconds: Int(rest < 0 ? rest + 1000 : rest) * 1_000_000,
      zone: zone)
  }

  /// Go's zero time: the start of the year 1.
  package static let zero = GoTime(seconds: -62_135_596_800)

  /// Cut to milliseconds; instants beyond what 64 bits hold count as the last of them.
  package var instant: Timestamp {
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    guard !overflow else { return Timestamp(millisecondsSinceEpoch: seconds < 0 ? .min : .max) }
    let (sum, carried) = product.addingReportingOverflow(Int64(nanoseconds / 1_000_000))
    return Timestamp(millisecondsSinceEpoch: carried ? .max : sum)
  }

  var civil: CivilTime { CivilTime(instant, secondsEastOfUTC: zone.secondsEastOfUTC) }

  /// This time later by `duration`, held within what 64 bits of seconds hold.
  func adding(_ duration: GoDuration) -> GoTime {
    let total = Int64(nanoseconds) + duration.nanoseconds % 1_000_000_000
    let carry = Int64(total < 0 ? -1 : total >= 1_000_000_000 ? 1 : 0)
    let (sum, overflow) = seconds.addingReportingOverflow(duration.nanoseconds / 1_000_000_000 + carry)
    guard !overflow else { return self }
    return GoTime(seconds: sum, nanoseconds: Int(total - carry * 1_000_000_000), zone: zone)
  }

  /// How long after `other` this is, held within what a duration holds.
  func since(_ other: GoTime) -> GoDuration {
    let (difference, overflow) = seconds.subtractingReportingOverflow(other.seconds)
    let (product, exceeds) = difference.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carried) = product.addingReportingOverflow(Int64(nanoseconds - other.nanoseconds))
    guard !overflow, !exceeds, !carried else {
      return GoDuration(nanoseconds: seconds < other.seconds ? .min : .max)
    }
    return GoDuration(nanoseconds: sum)
  }

  func isBefore(_ other: GoTime) -> Bool { (seconds, nanoseconds) < (other.seconds, other.nanoseconds) }

  func isSameInstant(as other: GoTime) -> Bool { seconds == other.seconds && nanoseconds == other.nanoseconds }
}

extension GoTime: CustomStringConvertible {
  /// As Go's `Time.String`.
  package var description: String { formatted(as: "2006-01-02 15:04:05.999999999 -0700 MST") }
}

extension GoTime {
  /// The methods of Go's `time.Time` that templates can call.
  func method(_ name: String) -> TemplateMethod? {
    if let value = property(name) { return TemplateMethod { _ throws(TemplateCallError) in value } }
    switch name {
    case "Format":
      return TemplateMethod(TemplateSignature(.text)) { arguments throws(TemplateCallError) in
        guard case .string(let layout)? = arguments.first else { return .none }
        return .string(self.formatted(as: layout))
      }
    case "Add":
      return TemplateMethod(TemplateSignature(.duration)) { arguments throws(TemplateCallError) in
        guard case .duration(let duration)? = arguments.first else { return .none }
        return .time(self.adding(duration))
      }
    case "Sub": return comparing { .duration(self.since($0)) }
    case "Before": return comparing { .bool(self.isBefore($0)) }
    case "After": return comparing { .bool($0.isBefore(self)) }
    case "Equal": return comparing { .bool(self.isSameInstant(as: $0)) }
    default: return nil
    }
  }

  private func comparing(_ body: @escaping @Sendable (GoTime) -> TemplateValue) -> TemplateMethod {
    TemplateMethod(TemplateSignature(.time)) { arguments throws(TemplateCallError) in
      guard case .time(let other)? = arguments.first else { return .none }
      return body(other)
    }
  }

  private func property(_ name: String) -> TemplateValue? {
    switch name {
    case "Unix": return .integer(Int(seconds))
    case "UnixMilli": return .integer(Int(instant.millisecondsSinceEpoch))
    case "UnixNano": return .integer(Int(since(GoTime(seconds: 0)).nanoseconds))
    case "Year": return .integer(civil.year)
    case "Month": return .object(GoNamedNumber(civil.month, of: GoTime.months, typeName: "time.Month", first: 1))
    case "Weekday":
      return .object(GoNamedNumber(civil.weekday, of: GoTime.weekdays, typeName: "time.Weekday", first: 0))
    case "Day": return .integer(civil.day)
    case "Hour": return .integer(civil.hour)
    case "Minute": return .integer(civil.minute)
    case "Second": return .integer(civil.second)
    case "Nanosecond": return .integer(nanoseconds)
    case "YearDay": return .integer(dayOfYear)
    case "IsZero": return .bool(isSameInstant(as: .zero))
    case "UTC": return .time(GoTime(seconds: seconds, nanoseconds: nanoseconds))
    case "String": return .string(description)
    default: return nil
    }
  }

  var dayOfYear: Int {
    let civil = civil
    return civil.daysSinceEpoch - CivilTime(year: civil.year, month: 1, day: 1).daysSinceEpoch + 1
  }
}

/// A number that prints as a name: a month, a weekday.
struct GoNamedNumber: TemplateObject {
  let typeName: String
  let number: Int
  let text: String?

  init(_ number: Int, of names: [String], typeName: String, first: Int) {
    self.number = number
    self.typeName = typeName
    text = names.indices.contains(number - first) ? names[number - first] : String(number)
  }

  var underlying: TemplateValue? { .integer(number) }

  func method(_ name: String) -> TemplateMethod? {
    guard name == "String", let text else { return nil }
    return TemplateMethod { _ throws(TemplateCallError) in .string(text) }
  }
}
