/// What YAML 1.1 would have made of a plain scalar that YAML 1.2 reads otherwise.
package enum YAML11Reading: Hashable, Sendable {
  /// `yes`, `off`, `y` and their like were booleans.
  case boolean(Bool)
  /// `0123` was an octal number; it is decimal now.
  case octal
  /// `12:30:00` was a number to the base 60.
  case sexagesimal
  /// `1_000` was a number with a separator.
  case separatedNumber
  /// `0b101` was a binary number.
  case binary
  /// `1e3` was text, since a float needed a point; it is a number now.
  case text
  /// `=` had a meaning of its own.
  case defaultValue
}

extension YAMLScalar {
  /// What YAML 1.1 would have read here; `nil` where both versions agree, or the scalar isn't plain.
  package var yaml11Reading: YAML11Reading? {
    guard style == .plain, let first = text.utf8.first else { return nil }
    switch first {
    case UInt8(ascii: "="): return text == "=" ? .defaultValue : nil
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"): return Self.numberIn11(text)
    case _ where text.utf8.count > 3: return nil
    default: return Self.booleanIn11(text).map(YAML11Reading.boolean)
    }
  }

  /// Whether YAML 1.1 would have read this otherwise.
  package var wasYAML11Word: Bool { yaml11Reading != nil }

  private static func booleanIn11(_ text: String) -> Bool? {
    switch text {
    case "y", "Y", "yes", "Yes", "YES", "on", "On", "ON": true
    case "n", "N", "no", "No", "NO", "off", "Off", "OFF": false
    default: nil
    }
  }

  private static func numberIn11(_ text: String) -> YAML11Reading? {
    var digits = text.utf8[...]
    if digits.first == UInt8(ascii: "+") || digits.first == UInt8(ascii: "-") { digits.removeFirst() }
    guard let first = digits.first, first.isDigit(below: 10) else { return nil }
    if digits.contains(UInt8(ascii: ":")) { return isSexagesimal(digits) ? .sexagesimal : nil }
    if digits.starts(with: "0b".utf8) {
      return digits.count > 2 && digits.dropFirst(2).allSatisfy { $0.isDigit(below: 2) } ? .binary : nil
    }
    if digits.contains(UInt8(ascii: "_")) {
      return digits.allSatisfy { $0.isDigit(below: 10) || $0 == UInt8(ascii: "_") } ? .separatedNumber : nil
    }
    if digits.count > 1, first == UInt8(ascii: "0"), digits.allSatisfy({ $0.isDigit(below: 8) }) { return .octal }
    let isFloatWithoutPoint = !digits.contains(UInt8(ascii: ".")) && NumberShape(text) == .float
    return isFloatWithoutPoint ? .text : nil
  }

  /// Groups of digits with colons between them, all but the first below 60, and maybe a fraction.
  private static func isSexagesimal(_ text: Substring.UTF8View) -> Bool {
    let whole = text.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard let groups = whole.first?.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false),
      groups.count > 1, groups.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isDigit(below: 10) } })
    else { return false }
    let areBelow60 = groups.dropFirst().allSatisfy {
      $0.count == 1 || ($0.count == 2 && $0.first ?? 0 < UInt8(ascii: "6"))
    }
    return areBelow60 && whole.dropFirst().allSatisfy { $0.allSatisfy { $0.isDigit(below: 10) } }
  }
}
