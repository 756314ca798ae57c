extension JSONWriter {
  mutating func append(decimal value: some BinaryInteger) {
    bytes.append(contentsOf: String(value).utf8)
  }

  /// Appends the shortest digits that read back as `value`: plain between 1e-6 and 1e21, else with an exponent, as
  /// Go's `encoding/json` does.
  mutating func append(number value: Double) {
    guard value.isFinite else {
      bytes.append(contentsOf: "null".utf8)
      return
    }
    if let whole = Int64(exactly: value), value.magnitude < 1e15, whole != 0 || value.sign == .plus {
      append(decimal: whole)
      return
    }
    let decimal = ShortestDecimal(value)
    if value.sign == .minus { bytes.append(UInt8(ascii: "-")) }
    if value == 0 || (1e-6..<1e21).contains(value.magnitude) {
      append(plain: decimal)
    } else {
      append(scientific: decimal)
    }
  }

  private mutating func append(plain decimal: ShortestDecimal) {
    let (digits, point) = (decimal.digits, decimal.point)
    if point <= 0 {
      bytes.append(contentsOf: "0.".utf8)
      bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: -point))
      bytes.append(contentsOf: digits)
    } else if point >= digits.count {
      bytes.append(contentsOf: digits)
      bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: point - digits.count))
    } else {
      bytes.append(contentsOf: digits[..<point])
      bytes.append(UInt8(ascii: "."))
      bytes.append(contentsOf: digits[point...])
    }
  }

  private mutating func append(scientific decimal: ShortestDecimal) {
    bytes.append(contentsOf: decimal.digits.prefix(1))
    if decimal.digits.count > 1 {
      bytes.append(UInt8(ascii: "."))
      bytes.append(contentsOf: decimal.digits.dropFirst())
    }
    let exponent = decimal.point - 1
    bytes.append(UInt8(ascii: "e"))
    bytes.append(UInt8(ascii: exponent < 0 ? "-" : "+"))
    append(decimal: exponent.magnitude)
  }
}

/// The shortest decimal digits that read back as a number: `0.digits × 10^point`.
///
/// The digits are those of Swift's `description`, which is shortest; only the layout differs.
private struct ShortestDecimal {
  var digits: [UInt8] = []
  var point = 0

  init(_ value: Double) {
    var isAfterPoint = false
    var text = value.magnitude.description[...]
    if let mark = text.firstIndex(of: "e") {
      point = Int(text[text.index(after: mark)...]) ?? 0
      text = text[..<mark]
    }
    for byte in text.utf8 {
      if byte == UInt8(ascii: ".") {
        isAfterPoint = true
        continue
      }
      digits.append(byte)
      if !isAfterPoint { point += 1 }
    }
    trimZeros()
  }

  private mutating func trimZeros() {
    let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
    guard leading < digits.count else {
      (digits, point) = ([UInt8(ascii: "0")], 1)
      return
    }
    digits.removeFirst(leading)
    point -= leading
    while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
  }
}
