import ArgumentParser
import Glibc
import Model

/// Times of the API as a reader wants them.
struct ClientTimes {
  /// How times are written.
  enum Style: String, ExpressibleByArgument, CaseIterable {
    /// `12m ago`, `in 4m`.
    case relative
    /// In the time zone of the environment: `2026-11-20 11:00:07 +01:00`.
    case local
    /// As the API says it.
    case utc
  }

  var style: Style
  var now: Timestamp

  /// A time of a document; `-` for none.
  func text(_ value: String?) -> String {
    guard let value else { return "-" }
    guard let time = Timestamp(rfc3339: value) else { return value }
    switch style {
    case .relative: return relative(time)
    case .local: return Self.local(time)
    case .utc: return value
    }
  }

  /// A time and how far it is: `2026-11-20T10:00:07Z, 12m ago`.
  func long(_ value: String?) -> String {
    guard let value else { return "-" }
    guard let time = Timestamp(rfc3339: value) else { return value }
    return (style == .local ? Self.local(time) : value) + ", " + relative(time)
  }

  /// `12m ago`, `in 4m`, `now`.
  func relative(_ time: Timestamp) -> String {
    let seconds = (now - time).wholeMilliseconds / 1000
    if seconds == 0 { return "now" }
    return seconds > 0 ? Self.span(seconds) + " ago" : "in " + Self.span(-seconds)
  }

  /// The two largest units: `45s`, `12m`, `3h20m`, `2d4h`.
  static func span(_ seconds: Int64) -> String {
    let units: [(Int64, String)] = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")]
    guard let first = units.firstIndex(where: { seconds >= $0.0 }) else { return "0s" }
    let (size, unit) = units[first]
    let whole = "\(seconds / size)\(unit)"
    guard first < 2 else { return whole }
    let (next, nextUnit) = units[first + 1]
    let rest = seconds % size / next
    return rest == 0 ? whole : whole + "\(rest)\(nextUnit)"
  }

  private static func local(_ time: Timestamp) -> String {
    var seconds = time_t(time.secondsSinceEpoch)
    var parts = tm()
    guard localtime_r(&seconds, &parts) != nil else { return time.description }
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let offset = Int32(parts.tm_gmtoff / 60)
    let zone = (offset < 0 ? "-" : "+") + two(abs(offset) / 60) + ":" + two(abs(offset) % 60)
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) "
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) \(zone)"
  }
}
