/// Which texts are names.
enum Names {
  /// A DNS-1123 label: lower-case letters, digits and hyphens, not at the ends, at most 63 (RFC 1123).
  static func isLabel(_ text: some StringProtocol) -> Bool {
    let bytes = text.utf8
    guard 1...63 ~= bytes.count, !text.hasPrefix("-"), !text.hasSuffix("-") else { return false }
    return bytes.allSatisfy { isLowerOrDigit($0) || $0 == UInt8(ascii: "-") }
  }

  /// A DNS-1123 subdomain: labels joined by dots, at most 253 (RFC 1123).
  static func isSubdomain(_ text: String) -> Bool {
    guard text.utf8.count <= 253 else { return false }
    return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { isLabel($0) }
  }

  /// The name of a secret: letters, digits, hyphens and underscores; a dot would be read as a tenant's name.
  static func isSecret(_ text: String) -> Bool {
    1...253 ~= text.utf8.count
      && text.utf8.allSatisfy {
        isLowerOrDigit($0) || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 || $0 == UInt8(ascii: "-")
          || $0 == UInt8(ascii: "_")
      }
  }

  /// A label name as Prometheus had it before UTF-8 names: it can be written without quotes.
  static func isPlainLabel(_ text: String) -> Bool {
    isPlain(text, colons: false)
  }

  /// A metric name as Prometheus had it before UTF-8 names.
  static func isPlainMetric(_ text: String) -> Bool {
    isPlain(text, colons: true)
  }

  private static func isPlain(_ text: String, colons: Bool) -> Bool {
    var isFirst = true
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): break
      case UInt8(ascii: ":") where colons: break
      case UInt8(ascii: "0")...UInt8(ascii: "9") where !isFirst: break
      default: return false
      }
      isFirst = false
    }
    return !isFirst
  }

  private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }
}
