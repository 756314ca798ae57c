/// Numbers as Go's `strconv.ParseFloat` reads them, without its underscores.
enum ExpositionNumber {
  /// `nil` for what is no number, or one too large.
  static func value(_ bytes: ArraySlice<UInt8>) -> Double? {
    if let quick = quick(bytes) { return quick }
    return slow(bytes)
  }

  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]

  /// Decimals whose digits and power of ten are both exact, so that one operation rounds rightly (Clinger 1990).
  private static func quick(_ bytes: ArraySlice<UInt8>) -> Double? {
    var (digits, count, exponent, isNegative) = (UInt64(0), 0, 0, false)
    var index = bytes.startIndex
    if index < bytes.endIndex, bytes[index] == UInt8(ascii: "-") {
      isNegative = true
      index += 1
    }
    var hasPoint = false
    loop: while index < bytes.endIndex {
      switch bytes[index] {
      case let digit where (0x30...0x39).contains(digit):
        digits = digits &* 10 &+ UInt64(digit &- 0x30)
        count += 1
        if hasPoint { exponent -= 1 }
      case UInt8(ascii: ".") where !hasPoint: hasPoint = true
      default: break loop
      }
      index += 1
    }
    guard count > 0, count <= 18, digits < 1 << 53 else { return nil }
    if index < bytes.endIndex {
      guard bytes[index] | 0x20 == UInt8(ascii: "e"), let power = self.exponent(bytes[(index + 1)...]) else {
        return nil
      }
      exponent += power
    }
    guard exponent.magnitude < powers.count else { return nil }
    let magnitude = Double(digits)
    let value = exponent < 0 ? magnitude / powers[-exponent] : magnitude * powers[exponent]
    return isNegative ? -value : value
  }

  private static func exponent(_ bytes: ArraySlice<UInt8>) -> Int? {
    var digits = bytes
    let sign = digits.first
    if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { digits.removeFirst() }
    guard (1...3).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    return sign == UInt8(ascii: "-") ? -value : value
  }

  private static func slow(_ bytes: ArraySlice<UInt8>) -> Double? {
    let text = String(decoding: bytes, as: UTF8.self).lowercased()
    let unsigned = text.first == "+" || text.first == "-" ? text.dropFirst() : text[...]
    switch unsigned {
    case "nan": return text == "nan" ? .ordinaryNaN : nil
    case "inf", "infinity": return text.first == "-" ? -.infinity : .infinity
    default: break
    }
    guard let first = unsigned.utf8.first, (0x30...0x39).contains(first) || first == UInt8(ascii: "."),
      !unsigned.hasPrefix("0x") || unsigned.contains("p"), let value = Double(text), value.isFinite
    else { return nil }
    return value
  }
}

extension Double {
  /// The NaN that Prometheus keeps for every NaN of an exposition.
  static let ordinaryNaN = Double(bitPattern: 0x7ff8_0000_0000_0001)
}
