/// A duration as Go has it: 64 bits of nanoseconds.
package struct GoDuration: Hashable, Sendable {
  package var nanoseconds: Int64

  package init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  var seconds: Double {
    Double(nanoseconds / 1_000_000_000) + Double(nanoseconds % 1_000_000_000) / 1e9
  }
}

extension GoDuration: CustomStringConvertible {
  /// As Go's `Duration.String`: `1h30m0s`, `1.5ms`, `0s`.
  package var description: String {
    let magnitude = nanoseconds.magnitude
    let sign = nanoseconds < 0 ? "-" : ""
    switch magnitude {
    case 0: return "0s"
    case ..<1000: return sign + "\(magnitude)ns"
    case ..<1_000_000: return sign + Self.decimal(magnitude, places: 3) + "µs"
    case ..<1_000_000_000: return sign + Self.decimal(magnitude, places: 6) + "ms"
    default: break
    }
    let minute: UInt64 = 60_000_000_000
    let seconds = Self.decimal(magnitude % minute, places: 9) + "s"
    let minutes = magnitude / minute
    guard minutes > 0 else { return sign + seconds }
    guard minutes >= 60 else { return sign + "\(minutes)m" + seconds }
    return sign + "\(minutes / 60)h\(minutes % 60)m" + seconds
  }

  /// `number` / 10^`places`, without zeros behind the last digit.
  private static func decimal(_ number: UInt64, places: Int) -> String {
    var unit: UInt64 = 1
    for _ in 0..<places { unit *= 10 }
    var fraction = String(number % unit)
    fraction = String(repeating: "0", count: places - fraction.utf8.count) + fraction
    while fraction.utf8.last == UInt8(ascii: "0") { fraction.removeLast() }
    return String(number / unit) + (fraction.isEmpty ? "" : "." + fraction)
  }
}

extension GoDuration {
  /// The methods of Go's `time.Duration` that templates can call.
  func method(_ name: String) -> TemplateMethod? {
    let nanoseconds = nanoseconds
    switch name {
    case "Hours": return Self.constant(.float(Double(nanoseconds) / 3.6e12))
    case "Minutes": return Self.constant(.float(Double(nanoseconds) / 6e10))
    case "Seconds": return Self.constant(.float(seconds))
    case "Milliseconds": return Self.constant(.integer(Int(nanoseconds / 1_000_000)))
    case "Microseconds": return Self.constant(.integer(Int(nanoseconds / 1000)))
    case "Nanoseconds": return Self.constant(.integer(Int(nanoseconds)))
    case "String": return Self.constant(.string(description))
    case "Abs":
      return Self.constant(.duration(GoDuration(nanoseconds: Int64(clamping: nanoseconds.magnitude))))
    case "Round", "Truncate":
      return TemplateMethod(TemplateSignature(.duration)) { arguments throws(TemplateCallError) in
        guard case .duration(let unit)? = arguments.first else { return .none }
        return .duration(self.rounded(to: unit.nanoseconds, halfUp: name == "Round"))
      }
    default: return nil
    }
  }

  private static func constant(_ value: TemplateValue) -> TemplateMethod {
    TemplateMethod { _ throws(TemplateCallError) in value }
  }

  /// Towards zero to a multiple of `unit`, or to the nearest, halves away from zero.
  private func rounded(to unit: Int64, halfUp: Bool) -> GoDuration {
    guard unit > 0 else { return self }
    let rest = nanoseconds % unit
    let cut = nanoseconds - rest
    guard halfUp, rest.magnitude >= unit.magnitude - rest.magnitude else { return GoDuration(nanoseconds: cut) }
    let (sum, overflow) = cut.addingReportingOverflow(rest < 0 ? -unit : unit)
    return GoDuration(nanoseconds: overflow ? (rest < 0 ? .min : .max) : sum)
  }
}
