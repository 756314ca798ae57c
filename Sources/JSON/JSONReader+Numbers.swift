extension JSONReader {
  /// Where a number stands, and whether it is written without fraction and exponent.
  struct ScannedNumber {
    var range: Range<Int>
    var isInteger: Bool
  }

  /// Reads a number as the nearest `Double`.
  package mutating func double() throws(JSONSyntaxError) -> Double {
    guard try peek() == .number else { throw JSONSyntaxError(.expected(.number), at: offset) }
    return try double(try scanNumber().range)
  }

  /// Reads a number that is written without fraction and exponent.
  package mutating func integer() throws(JSONSyntaxError) -> Int64 {
    guard try peek() == .number else { throw JSONSyntaxError(.expected(.number), at: offset) }
    let number = try scanNumber()
    guard number.isInteger, let value = integer(number.range) else {
      throw JSONSyntaxError(.numberOutOfRange, at: number.range.lowerBound)
    }
    return value
  }

  /// Reads a string that holds nothing but a decimal number, `NaN`, `+Inf` or `-Inf`, as Prometheus writes sample
  /// values; `nil` for another text.
  package mutating func quotedDouble() throws(JSONSyntaxError) -> Double? {
    guard try byteAfterSpace() == UInt8(ascii: "\"") else { throw JSONSyntaxError(.expected(.string), at: offset) }
    let start = offset
    offset += 1
    if offset < bytes.count, bytes[offset] == UInt8(ascii: "-") || bytes[offset].isDigit,
      let range = try? scanNumber().range, offset < bytes.count, bytes[offset] == UInt8(ascii: "\"")
    {
      offset += 1
      return try? double(range)
    }
    offset = start
    switch try string() {
    case "NaN": return .nan
    case "+Inf", "Inf": return .infinity
    case "-Inf": return -.infinity
    default: return nil
    }
  }

  /// Goes over a number and checks how it is written.
  mutating func scanNumber() throws(JSONSyntaxError) -> ScannedNumber {
    let start = offset
    var isInteger = true
    if offset < bytes.count, bytes[offset] == UInt8(ascii: "-") { offset += 1 }
    let first = offset
    try skipDigits(of: start)
    guard offset == first + 1 || bytes[first] != UInt8(ascii: "0") else {
      throw JSONSyntaxError(.malformedNumber, at: start)
    }
    if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
      isInteger = false
      offset += 1
      try skipDigits(of: start)
    }
    if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      offset += 1
      if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") { offset += 1 }
      try skipDigits(of: start)
    }
    return ScannedNumber(range: start..<offset, isInteger: isInteger)
  }

  /// Goes over at least one digit.
  private mutating func skipDigits(of number: Int) throws(JSONSyntaxError) {
    let start = offset
    while offset < bytes.count, bytes[offset].isDigit { offset += 1 }
    guard offset > start else {
      throw JSONSyntaxError(
        offset < bytes.count ? .malformedNumber : .endOfText, at: offset < bytes.count ? number : offset)
    }
  }

  /// The value of a scanned integer; `nil` when it is beyond `Int64`.
  func integer(_ range: Range<Int>) -> Int64? {
    var value: Int64 = 0
    let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
    for byte in bytes[range] where byte != UInt8(ascii: "-") {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let digit = Int64(byte - UInt8(ascii: "0"))
      let (sum, carried) = product.addingReportingOverflow(isNegative ? -digit : digit)
      guard !overflow, !carried else { return nil }
      value = sum
    }
    return value
  }

  /// The value of a scanned number, correctly rounded.
  func double(_ range: Range<Int>) throws(JSONSyntaxError) -> Double {
    if let value = shortDouble(range) { return value }
    guard let value = Double(String(decoding: bytes[range], as: UTF8.self)), value.isFinite else {
      throw JSONSyntaxError(.numberOutOfRange, at: range.lowerBound)
    }
    return value
  }

  /// The value of a number without exponent whose digits make an integer below 2⁵³ and that has at most 22 decimals:
  /// then digits and power of ten are both exact, and one division rounds correctly (Clinger 1990).
  private func shortDouble(_ range: Range<Int>) -> Double? {
    var digits: UInt64 = 0
    var decimals = 0
    var isFraction = false
    var isNegative = false
    for byte in bytes[range] {
      switch byte {
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "."): isFraction = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits = digits * 10 + UInt64(byte - UInt8(ascii: "0"))
        guard digits < 1 << 53 else { return nil }
        if isFraction { decimals += 1 }
      default: return nil
      }
    }
    guard decimals < Self.powersOfTen.count else { return nil }
    let value = Double(digits) / Self.powersOfTen[decimals]
    return isNegative ? -value : value
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
    1e20, 1e21, 1e22,
  ]
}

extension UInt8 {
  fileprivate var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
}
