import Model

extension Double {
  /// The value without an exponent; infinity without a sign, which would bind looser than `^`.
  var inPlainDigits: String { self == .infinity ? "Inf" : plainAsGo }
}

extension NumberLiteral {
  /// The literal as Prometheus prints it: `1000`, `5m`, `-1h30m`; but `Inf` without a sign, which would bind looser than `^`.
  var text: String {
    let milliseconds = (value * 1000).rounded()
    guard isDuration, abs(milliseconds) < 0x1p53 else { return value.inPlainDigits }
    let duration = Duration.milliseconds(Int64(milliseconds.magnitude)).prometheus
    return value.sign == .minus ? "-" + duration : duration
  }
}

extension Timestamp {
  /// Seconds with three digits behind the point.
  var inSecondsText: String {
    let magnitude = millisecondsSinceEpoch.magnitude
    let fraction = String(magnitude % 1000)
    return (millisecondsSinceEpoch < 0 ? "-" : "") + String(magnitude / 1000) + "."
      + String(repeating: "0", count: 3 - fraction.utf8.count) + fraction
  }
}

extension String {
  /// Whether it is `[a-zA-Z_][a-zA-Z0-9_]*`, or the same with colons.
  func isPlainName(colons: Bool) -> Bool {
    guard let first = utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= first) else { return false }
    return utf8.allSatisfy { Lexer.isWord($0) || (colons && $0 == UInt8(ascii: ":")) }
  }

  /// A metric's name, in quotes where it needs them.
  var needsQuotesAsMetric: Bool {
    guard isPlainName(colons: true) else { return true }
    let bytes = Array(utf8)
    var hash = WordHash()
    for byte in bytes { hash.combine(byte) }
    guard let kind = Words.keywords.find(bytes, bytes.indices, hash) else { return false }
    return !kind.isMetricName
  }

  /// A label's name in a list, in quotes where it needs them.
  var asListedLabel: String {
    guard isPlainName(colons: false) else { return quotedAsGo }
    let bytes = Array(utf8)
    var hash = WordHash()
    for byte in bytes { hash.combine(byte) }
    guard let kind = Words.keywords.find(bytes, bytes.indices, hash), !kind.isLabelName else { return self }
    return quotedAsGo
  }
}
