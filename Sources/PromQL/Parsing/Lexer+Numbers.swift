import Model

extension Lexer {
  /// A number or a duration; whether it is a right one shows when its value is asked for.
  mutating func number(_ start: Int) -> Token {
    var end = start
    while Self.isDigit(bytes[end]) { end += 1 }
    guard Self.isWord(bytes[end]) || bytes[end] == UInt8(ascii: ".") else {
      move(to: end)
      return token(.number, from: start)
    }
    let isHexadecimal = bytes[start] == UInt8(ascii: "0") && bytes[start + 1] | 0x20 == UInt8(ascii: "x")
    var hasUnit = false
    while true {
      let byte = bytes[end]
      if Self.isWord(byte) || byte == UInt8(ascii: ".") {
        hasUnit = hasUnit || Self.isUnit(byte)
      } else if !isHexadecimal, !hasUnit, byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"),
        bytes[end - 1] | 0x20 == UInt8(ascii: "e"), Self.isDigit(bytes[end + 1])
      {
        end += 1
      } else {
        break
      }
      end += 1
    }
    move(to: end)
    return token(hasUnit && !isHexadecimal ? .duration : .number, from: start)
  }

  private static func isUnit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "s"), UInt8(ascii: "m"), UInt8(ascii: "h"), UInt8(ascii: "d"), UInt8(ascii: "w"),
      UInt8(ascii: "y"):
      true
    default: false
    }
  }

  /// What the number or duration at `token` stands for; `nil`, and a problem, when it is none.
  mutating func value(_ token: Token) -> NumberLiteral? {
    if token.kind == .duration { return duration(token) }
    if let value = wholeNumber(token) ?? decimal(token) { return NumberLiteral(value) }
    let shown = text(token.start..<min(token.end, token.start + 40))
    report(
      "'\(shown)' is neither a number nor a duration", at: token.range,
      fix: "write a number such as 1.5, 1e9 or 0x1F, or a duration such as 1h30m")
    return nil
  }

  private mutating func duration(_ token: Token) -> NumberLiteral? {
    let written = text(token.start..<min(token.end, token.start + 200))
    do throws(DurationSyntaxError) {
      let milliseconds = try Duration(prometheus: written).wholeMilliseconds
      return NumberLiteral(Double(milliseconds / 1000) + Double(milliseconds % 1000) / 1000, isDuration: true)
    } catch {
      let shown = text(token.start..<min(token.end, token.start + 40))
      switch error.problem {
      case .tooLong: report("'\(shown)' is longer than the 292 years that a duration can be", at: token.range)
      case .unitsOutOfOrder:
        report(
          "the units of '\(shown)' don't go from the longest to the shortest, each once", at: token.range,
          fix: "write y, w, d, h, m, s and ms in this order: 1h30m")
      case .expectedNumber, .expectedUnit:
        report(
          "'\(shown)' is neither a number nor a duration", at: token.range,
          fix: "write whole numbers with units y, w, d, h, m, s or ms: 90m for 1.5h")
      }
      return nil
    }
  }

  /// Digits that fit into 64 bits, in base 10, after `0x` in 16, after another 0 in 8 (Go's `ParseInt` of base 0).
  private func wholeNumber(_ token: Token) -> Double? {
    var place = token.start
    var radix: UInt32 = 10
    if bytes[place] == UInt8(ascii: "0"), place + 1 < token.end {
      radix = 8
      place += 1
      if bytes[place] | 0x20 == UInt8(ascii: "x") {
        radix = 16
        place += 1
      }
    }
    var value: Int64 = 0
    var hasDigits = radix == 8
    var wasSeparated = radix == 10
    while place < token.end {
      let byte = bytes[place]
      place += 1
      if byte == UInt8(ascii: "_") {
        guard !wasSeparated, place < token.end else { return nil }
        wasSeparated = true
        continue
      }
      guard let digit = Self.digit(byte), digit < radix else { return nil }
      let (product, overflow) = value.multipliedReportingOverflow(by: Int64(radix))
      let (sum, carried) = product.addingReportingOverflow(Int64(digit))
      guard !overflow, !carried else { return nil }
      value = sum
      hasDigits = true
      wasSeparated = false
    }
    return hasDigits ? Double(value) : nil
  }

  /// A number with a fraction or an exponent, one too large for 64 bits, `inf` or `nan` (Go's `ParseFloat`).
  private func decimal(_ token: Token) -> Double? {
    switch bytes[token.start] | 0x20 {
    case UInt8(ascii: "i"): return .infinity
    case UInt8(ascii: "n"): return .nan
    default: break
    }
    var digits: [UInt8] = []
    var hasDigit = false
    var hasPoint = false
    var exponentAt: Int?
    for place in token.start..<token.end {
      let byte = bytes[place]
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): hasDigit = true
      case UInt8(ascii: "."):
        guard !hasPoint, exponentAt == nil, bytes[place + 1] != UInt8(ascii: "_") else { return nil }
        hasPoint = true
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        guard hasDigit, exponentAt == nil, place + 1 < token.end else { return nil }
        exponentAt = place
      case UInt8(ascii: "+"), UInt8(ascii: "-"): break
      case UInt8(ascii: "_"):
        guard place > token.start, Self.isDigit(bytes[place - 1]), Self.isDigit(bytes[place + 1]) else { return nil }
        continue
      default: return nil
      }
      digits.append(byte)
    }
    guard hasDigit else { return nil }
    // A point is between digits for Swift.
    var text = String(decoding: digits, as: UTF8.self)
    if let point = digits.firstIndex(of: UInt8(ascii: ".")) {
      let before = point == 0 ? "0" : ""
      let after = point + 1 < digits.count && Self.isDigit(digits[point + 1]) ? "" : "0"
      text =
        before + String(decoding: digits[...point], as: UTF8.self) + after
        + String(decoding: digits[(point + 1)...], as: UTF8.self)
    }
    guard let value = Double(text), value.isFinite else { return nil }
    return value
  }
}
