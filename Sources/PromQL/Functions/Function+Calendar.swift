import Model

extension Function {
  /// A part of the date that is `seconds` after the epoch, in UTC; NaN where no date is.
  ///
  /// Fractions of a second are cut off towards the epoch, as Prometheus does.
  func calendar(_ seconds: Double) -> Double {
    guard let whole = Int64(exactly: seconds.rounded(.towardZero)) else { return .nan }
    // The calendar repeats itself every 400 years, which are whole weeks.
    let era: Int64 = 146_097 * 86_400
    let eras = whole >= 0 ? whole / era : (whole + 1) / era - 1
    let date = CivilTime(Timestamp(millisecondsSinceEpoch: (whole - eras * era) * 1000))
    switch self {
    case .dayOfMonth: return Double(date.day)
    case .dayOfWeek: return Double(date.weekday)
    case .dayOfYear:
      return Double(date.daysSinceEpoch - CivilTime(year: date.year, month: 1, day: 1).daysSinceEpoch + 1)
    case .daysInMonth: return Double(date.daysInMonth)
    case .hour: return Double(date.hour)
    case .minute: return Double(date.minute)
    case .month: return Double(date.month)
    case .year: return Double(Int64(date.year) + 400 * eras)
    default: return .nan
    }
  }
}
