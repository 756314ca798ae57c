extension YAMLScalar.Tag {
  /// The tag of a plain scalar by the core schema (YAML 1.2.2, section 10.3.2).
  package init(resolving text: String) {
    let bytes = text.utf8
    guard let first = bytes.first else {
      self = .null
      return
    }
    switch first {
    case UInt8(ascii: "~"): self = bytes.count == 1 ? .null : .string
    case UInt8(ascii: "n"), UInt8(ascii: "N"): self = ["null", "Null", "NULL"].contains(text) ? .null : .string
    case UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"):
      self = YAMLScalar.boolean(text) == nil ? .string : .boolean
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      self = NumberShape(text)?.tag ?? .string
    default: self = .string
    }
  }
}

extension YAMLScalar {
  /// The boolean; `nil` unless the tag says that it is one.
  package var bool: Bool? { tag == .boolean ? Self.boolean(text) : nil }

  /// The integer; `nil` unless the tag says that it is one and `Int64` holds it.
  package var integer: Int64? {
    guard tag == .integer, let shape = NumberShape(text) else { return nil }
    switch shape {
    case .decimal: return Int64(text)
    case .octal: return Int64(text.dropFirst(2), radix: 8)
    case .hexadecimal: return Int64(text.dropFirst(2), radix: 16)
    case .float, .infinity, .notANumber: return nil
    }
  }

  /// The number, whole or not; `nil` unless the tag says that it is one.
  package var double: Double? {
    guard tag == .integer || tag == .float, let shape = NumberShape(text) else { return nil }
    switch shape {
    case .decimal, .float: return Double(text.hasSuffix(".") ? text + "0" : text)
    case .octal, .hexadecimal: return integer.map(Double.init)
    case .infinity: return text.hasPrefix("-") ? -.infinity : .infinity
    case .notANumber: return .nan
    }
  }

  static func boolean(_ text: String) -> Bool? {
    switch text {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }
}

/// In which of the core schema's forms a number is written.
enum NumberShape {
  case decimal, octal, hexadecimal, float, infinity, notANumber

  var tag: YAMLScalar.Tag {
    switch self {
    case .decimal, .octal, .hexadecimal: .integer
    case .float, .infinity, .notANumber: .float
    }
  }

  init?(_ text: String) {
    switch text {
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF": self = .infinity
    case ".nan", ".NaN", ".NAN": self = .notANumber
    default:
      var rest = text.utf8[...]
      if let shape = Self.prefixed(rest) {
        self = shape
        return
      }
      if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
      guard let shape = Self.decimal(rest) else { return nil }
      self = shape
    }
  }

  private static func prefixed(_ text: Substring.UTF8View) -> NumberShape? {
    guard text.first == UInt8(ascii: "0"), text.count > 2 else { return nil }
    let digits = text.dropFirst(2)
    switch text.dropFirst().first {
    case UInt8(ascii: "o"): return digits.allSatisfy { $0.isDigit(below: 8) } ? .octal : nil
    case UInt8(ascii: "x"): return digits.allSatisfy(\.isHexadecimalDigit) ? .hexadecimal : nil
    default: return nil
    }
  }

  /// Digits, and at most one point and one exponent; at least one digit before the exponent.
  private static func decimal(_ text: Substring.UTF8View) -> NumberShape? {
    var rest = text
    var shape = NumberShape.decimal
    var digits = rest.removeDigits()
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      shape = .float
      digits += rest.removeDigits()
    }
    guard digits > 0 else { return nil }
    if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
      rest.removeFirst()
      shape = .float
      if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
      guard rest.removeDigits() > 0 else { return nil }
    }
    return rest.isEmpty ? shape : nil
  }
}

extension Substring.UTF8View {
  fileprivate mutating func removeDigits() -> Int {
    let digits = prefix { $0.isDigit(below: 10) }.count
    removeFirst(digits)
    return digits
  }
}

extension UInt8 {
  func isDigit(below base: UInt8) -> Bool { self >= UInt8(ascii: "0") && self < UInt8(ascii: "0") + base }

  var isHexadecimalDigit: Bool { isDigit(below: 10) || UInt8(ascii: "a")...UInt8(ascii: "f") ~= self | 0x20 }
}
