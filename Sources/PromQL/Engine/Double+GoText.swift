extension Double {
  /// This number as Go's `%g` prints it: the shortest text that reads back as the same number.
  var goText: String {
    goText(from: shortestDigits, exponentFrom: 6)
  }

  /// This number with at most that many digits (Go's `%.2g` for 2).
  func goText(digits limit: Int) -> String {
    goText(from: shortestDigits?.rounded(to: limit), exponentFrom: limit)
  }

  /// This number without an exponent (Go's `FormatFloat(x, 'f', -1, 64)`).
  var plainText: String {
    goText(from: shortestDigits, exponentFrom: nil)
  }

  /// This number in the manner of OpenMetrics: `0.5`, `1.0`, `1e+06`.
  var openMetricsText: String {
    let text = goText
    return isFinite && !text.utf8.contains(where: { $0 == 0x65 || $0 == 0x2e }) ? text + ".0" : text
  }

  /// `limit`: from which power of ten on there is an exponent; `nil` for never.
  private func goText(from digits: DecimalDigits?, exponentFrom limit: Int?) -> String {
    guard let digits else { return isNaN ? "NaN" : self < 0 ? "-Inf" : "+Inf" }
    let sign = self.sign == .minus ? "-" : ""
    let exponent = digits.point - 1
    guard let limit, exponent < -4 || exponent >= max(limit, 1) else { return sign + digits.plain }
    return sign + digits.scientific
  }

  /// `nil` for NaN and the infinities.
  private var shortestDigits: DecimalDigits? {
    guard isFinite else { return nil }
    // Swift prints the shortest text too, but puts point and exponent elsewhere.
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    let text = Array(magnitude.description.utf8)
    for (index, byte) in text.enumerated() {
      switch byte {
      case UInt8(ascii: "."): point = digits.count
      case UInt8(ascii: "e"):
        exponent = Int(String(decoding: text[(index + 1)...], as: UTF8.self)) ?? 0
        return DecimalDigits(digits, point: (point ?? digits.count) + exponent)
      default: digits.append(byte)
      }
    }
    return DecimalDigits(digits, point: (point ?? digits.count) + exponent)
  }
}

/// The digits of a number in ASCII, and before which of them the point stands.
private struct DecimalDigits {
  private var digits: [UInt8]
  private(set) var point: Int

  /// Zeros in front and behind say nothing and go.
  init(_ digits: [UInt8], point: Int) {
    let zero = UInt8(ascii: "0")
    let leading = digits.prefix { $0 == zero }.count
    var kept = digits.dropFirst(leading)
    while kept.last == zero { kept.removeLast() }
    self.digits = kept.isEmpty ? [zero] : Array(kept)
    self.point = kept.isEmpty ? 1 : point - leading
  }

  func rounded(to limit: Int) -> DecimalDigits {
    guard digits.count > limit else { return self }
    var kept = Array(digits[..<limit])
    guard digits[limit] >= UInt8(ascii: "5") else { return DecimalDigits(kept, point: point) }
    for index in kept.indices.reversed() {
      guard kept[index] == UInt8(ascii: "9") else {
        kept[index] += 1
        return DecimalDigits(kept, point: point)
      }
      kept[index] = UInt8(ascii: "0")
    }
    return DecimalDigits([UInt8(ascii: "1")], point: point + 1)
  }

  var plain: String {
    if point <= 0 { return "0." + String(repeating: "0", count: -point) + text(digits[...]) }
    if point >= digits.count { return text(digits[...]) + String(repeating: "0", count: point - digits.count) }
    return text(digits[..<point]) + "." + text(digits[point...])
  }

  var scientific: String {
    let exponent = point - 1
    let number = String(exponent.magnitude)
    let fraction = digits.count > 1 ? "." + text(digits[1...]) : ""
    let filled = (exponent < 0 ? "-" : "+") + (number.utf8.count < 2 ? "0" : "") + number
    return text(digits[..<1]) + fraction + "e" + filled
  }

  private func text(_ part: ArraySlice<UInt8>) -> String { String(decoding: part, as: UTF8.self) }
}
