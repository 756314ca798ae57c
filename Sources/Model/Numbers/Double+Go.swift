/// The float formats of Go's `strconv.FormatFloat`.
package enum FloatFormat {
  /// `1.5e+00`.
  case e
  /// `1.5`.
  case f
  /// `e` for large and small exponents, else `f`.
  case g
}

extension Double {
  /// As Go prints a float64 by itself: the fewest digits, exponent form below 1e-4 and from 1e+06.
  package var printedAsGo: String { formattedAsGo(.g, precision: nil) }

  /// With the fewest digits and never an exponent, as Prometheus's API writes samples.
  package var plainAsGo: String { formattedAsGo(.f, precision: nil) }

  /// As Go's `strconv.FormatFloat` writes it; without a precision, the fewest digits that read back as this number.
  package func formattedAsGo(_ format: FloatFormat, precision: Int?) -> String {
    if isNaN { return "NaN" }
    if isInfinite { return self < 0 ? "-Inf" : "+Inf" }
    let sign = self.sign == .minus ? "-" : ""
    guard let precision else { return sign + shortest(format) }
    switch format {
    case .e: return sign + DecimalDigits(self, significant: precision + 1).exponentForm(decimals: precision)
    case .f: return sign + DecimalDigits(self, decimals: precision).plainForm(decimals: precision)
    case .g:
      let precision = precision == 0 ? 1 : precision
      let decimal = DecimalDigits(self, significant: precision)
      let count = decimal.digits.count
      let threshold = precision > count && count >= decimal.exponent ? count : precision
      return sign + decimal.generalForm(threshold: threshold)
    }
  }

  private func shortest(_ format: FloatFormat) -> String {
    let decimal = DecimalDigits(shortest: self)
    let count = decimal.digits.count
    switch format {
    case .e: return decimal.exponentForm(decimals: max(count - 1, 0))
    case .f: return decimal.plainForm(decimals: max(count - decimal.exponent, 0))
    case .g: return decimal.generalForm(threshold: 6)
    }
  }
}

extension DecimalDigits {
  /// `f`, or `e` where the exponent is below -4 or at least `threshold`; no zeros behind the last digit.
  fileprivate func generalForm(threshold: Int) -> String {
    let power = exponent - 1
    guard !digits.isEmpty, power < -4 || power >= threshold else {
      return plainForm(decimals: max(digits.count - exponent, 0))
    }
    return exponentForm(decimals: digits.count - 1)
  }

  fileprivate func exponentForm(decimals: Int) -> String {
    var bytes: [UInt8] = [digit(0)]
    if decimals > 0 {
      bytes.append(UInt8(ascii: "."))
      for index in 1...decimals { bytes.append(digit(index)) }
    }
    let power = digits.isEmpty ? 0 : exponent - 1
    bytes.append(UInt8(ascii: "e"))
    bytes.append(power < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
    if abs(power) < 10 { bytes.append(UInt8(ascii: "0")) }
    return String(decoding: bytes, as: UTF8.self) + String(abs(power))
  }

  fileprivate func plainForm(decimals: Int) -> String {
    let whole = max(exponent, 1)
    let length = whole + (decimals > 0 ? 1 + decimals : 0)
    return String(unsafeUninitializedCapacity: length) { bytes in
      for index in 0..<whole { bytes[index] = exponent > 0 ? digit(index) : UInt8(ascii: "0") }
      if decimals > 0 {
        bytes[whole] = UInt8(ascii: ".")
        for index in 0..<decimals { bytes[whole + 1 + index] = digit(exponent + index) }
      }
      return length
    }
  }

  private func digit(_ index: Int) -> UInt8 {
    UInt8(ascii: "0") + (digits.indices.contains(index) ? digits[index] : 0)
  }
}
