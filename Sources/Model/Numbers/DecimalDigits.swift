/// A finite number's decimal digits: 0.d₁d₂d₃… × 10^exponent, without zeros in front or behind.
struct DecimalDigits {
  /// Each 0 to 9; empty for zero.
  var digits: [UInt8]
  /// Where the point stands, counted from before the first digit.
  var exponent: Int

  /// The fewest digits that read back as `number`, which must be finite.
  init(shortest number: Double) {
    digits = []
    digits.reserveCapacity(17)
    exponent = 0
    var pointSeen = false
    var bytes = number.magnitude.description.utf8.makeIterator()
    while let byte = bytes.next() {
      switch byte {
      case UInt8(ascii: "."): pointSeen = true
      case UInt8(ascii: "e"):
        exponent += Self.exponent(&bytes)
      default:
        if !pointSeen { exponent += 1 }
        if digits.isEmpty, byte == UInt8(ascii: "0") {
          // A zero in front moves the point instead of standing in the digits.
          exponent -= 1
        } else {
          digits.append(byte - UInt8(ascii: "0"))
        }
      }
    }
    trim()
  }

  private static func exponent(_ bytes: inout String.UTF8View.Iterator) -> Int {
    var value = 0
    var isNegative = false
    while let byte = bytes.next() {
      if byte == UInt8(ascii: "-") { isNegative = true }
      if UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { value = value * 10 + Int(byte - UInt8(ascii: "0")) }
    }
    return isNegative ? -value : value
  }

  /// All digits of `number`, which must be finite: every double is a finite decimal.
  ///
  /// m·2^e is computed in limbs of nine decimal digits; for e < 0 it is m·5^-e with the point moved by -e.
  init(exact number: Double) {
    let magnitude = number.magnitude
    let mantissa = magnitude.significandBitPattern | (magnitude.isNormal ? 1 << 52 : 0)
    let power = max(Int(magnitude.exponentBitPattern), 1) - 1075
    var limbs: [UInt32] = []
    var rest = mantissa
    while rest > 0 {
      limbs.append(UInt32(rest % 1_000_000_000))
      rest /= 1_000_000_000
    }
    let (base, steps): (UInt64, Int) = power >= 0 ? (2, 29) : (5, 13)
    var count = abs(power)
    while count > 0 {
      var factor: UInt64 = 1
      for _ in 0..<min(count, steps) { factor *= base }
      Self.multiply(&limbs, by: factor)
      count -= min(count, steps)
    }
    digits = Self.digits(of: limbs)
    exponent = digits.count + min(power, 0)
    trim()
  }

  private static func multiply(_ limbs: inout [UInt32], by factor: UInt64) {
    var carry: UInt64 = 0
    for index in limbs.indices {
      let product = UInt64(limbs[index]) * factor + carry
      limbs[index] = UInt32(product % 1_000_000_000)
      carry = product / 1_000_000_000
    }
    while carry > 0 {
      limbs.append(UInt32(carry % 1_000_000_000))
      carry /= 1_000_000_000
    }
  }

  private static func digits(of limbs: [UInt32]) -> [UInt8] {
    var digits: [UInt8] = []
    for limb in limbs.reversed() {
      var divisor: UInt32 = 100_000_000
      while divisor > 0 {
        let digit = UInt8(limb / divisor % 10)
        if digit > 0 || !digits.isEmpty { digits.append(digit) }
        divisor /= 10
      }
    }
    return digits
  }

  private mutating func trim() {
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { exponent = 0 }
  }

  /// Rounds to `count` significant digits, ties to even.
  mutating func round(to count: Int) {
    guard count < digits.count else { return }
    guard count >= 0 else {
      digits = []
      exponent = 0
      return
    }
    let isTie = digits[count] == 5 && digits.count == count + 1
    let roundsUp = isTie ? count > 0 && digits[count - 1] % 2 == 1 : digits[count] >= 5
    digits.removeLast(digits.count - count)
    if roundsUp { increment() }
    trim()
  }

  private mutating func increment() {
    var index = digits.count - 1
    while index >= 0 {
      if digits[index] < 9 {
        digits[index] += 1
        return
      }
      digits[index] = 0
      index -= 1
    }
    digits = [1]
    exponent += 1
  }
}

extension DecimalDigits {
  /// The digits of `number` correctly rounded to `count` significant ones, ties to even.
  ///
  /// The shortest digits round as the number itself does, unless what they cut off is exactly one half: then the
  /// number may be a little more or less, and only its exact digits tell. Beyond 15 digits, and for subnormal numbers,
  /// the shortest end too early.
  init(_ number: Double, significant count: Int) {
    self.init(DecimalDigits(shortest: number), of: number, significant: count)
  }

  private init(_ shortest: DecimalDigits, of number: Double, significant count: Int) {
    self = shortest
    let isHalf = count >= 0 && digits.count == count + 1 && digits[count] == 5
    if count > 15 || isHalf || !number.isNormal { self.init(exact: number) }
    round(to: count)
  }

  /// The digits of `number` correctly rounded to `count` digits behind the point.
  init(_ number: Double, decimals count: Int) {
    let shortest = DecimalDigits(shortest: number)
    self.init(shortest, of: number, significant: shortest.exponent + count)
  }
}
