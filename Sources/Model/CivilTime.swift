/// A date and a time of day in the proleptic Gregorian calendar, without a zone.
///
/// The day arithmetic is the usual one of 400-year eras starting on 1 March.
package struct CivilTime: Hashable, Sendable {
  package var year: Int
  /// 1 to 12.
  package var month: Int
  /// 1 to 31.
  package var day: Int
  package var hour: Int
  package var minute: Int
  package var second: Int
  package var millisecond: Int

  package init(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, millisecond: Int = 0
  ) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
    self.millisecond = millisecond
  }

  /// The bounds of what RFC 3339 can write: the years 0 and 9999, with a day to spare for zones.
  private static let first: Int64 = -62_167_132_800_000
  private static let last: Int64 = 253_402_214_400_000

  /// The civil time that a clock `secondsEastOfUTC` ahead of UTC shows at `instant`.
  ///
  /// Instants before the year 0 and after 9999 count as the first and the last of those years.
  package init(_ instant: Timestamp, secondsEastOfUTC: Int = 0) {
    let local = min(max(instant.millisecondsSinceEpoch, Self.first), Self.last) + Int64(secondsEastOfUTC) * 1000
    let days = Int(local.flooredQuotient(by: 86_400_000))
    let inDay = Int(local - Int64(days) * 86_400_000)
    let shifted = days + 719_468
    let era = Int(Int64(shifted).flooredQuotient(by: 146_097))
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    hour = inDay / 3_600_000
    minute = inDay / 60_000 % 60
    second = inDay / 1000 % 60
    millisecond = inDay % 1000
  }

  /// Days since 1970-01-01.
  package var daysSinceEpoch: Int {
    let fromMarch = month > 2 ? month - 3 : month + 9
    let year = month > 2 ? year : year - 1
    let era = Int(Int64(year).flooredQuotient(by: 400))
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * fromMarch + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The instant at which a clock `secondsEastOfUTC` ahead of UTC shows this time.
  package func instant(secondsEastOfUTC: Int = 0) -> Timestamp {
    let seconds = Int64(daysSinceEpoch) * 86_400 + Int64(hour * 3600 + minute * 60 + second - secondsEastOfUTC)
    return Timestamp(millisecondsSinceEpoch: seconds * 1000 + Int64(millisecond))
  }

  /// 0 for Sunday to 6 for Saturday.
  package var weekday: Int {
    let days = daysSinceEpoch + 4
    return days - Int(Int64(days).flooredQuotient(by: 7)) * 7
  }

  /// The number of days in this time's month.
  package var daysInMonth: Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension Int64 {
  fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
