import Model

/// Flags, width and precision of one `%` directive, and how values look by it.
struct GoFormat {
  var showsSign = false
  var alignsLeft = false
  var isAlternate = false
  var leavesSpaceForSign = false
  var padsWithZeros = false
  var width: Int?
  var precision: Int?

  /// Appends `value` by `verb`; a verb that the value doesn't have gives Go's `%!verb(type=value)`.
  func append(_ value: TemplateValue, verb: Character, to output: inout BoundedText) {
    guard !output.isCut else { return }
    if verb == "T" { return output.append(padded(truncated(value.typeName))) }
    switch value {
    case .none: output.append(verb == "v" ? padded("<nil>") : "%!\(verb)(<nil>)")
    case .string(let text): append(string(text, verb), value, verb, to: &output)
    case .bool(let truth):
      append(verb == "v" || verb == "t" ? padded(truth ? "true" : "false") : nil, value, verb, to: &output)
    case .integer(let number): append(integer(number, verb), value, verb, to: &output)
    case .float(let number): append(float(number, verb), value, verb, to: &output)
    case .duration(let duration):
      let text = Self.takesTexts(verb) ? string(duration.description, verb) : integer(Int(duration.nanoseconds), verb)
      append(text, value, verb, to: &output)
    case .time(let time): append(string(time.description, verb), value, verb, to: &output)
    case .labels(let labels):
      append(labels.pairs.lazy.map { (.string($0.name), .string($0.value)) }, verb, to: &output)
    case .map(let map): append(map.pairs.lazy.map { (.string($0.name), $0.value) }, verb, to: &output)
    case .list(let list):
      output.append("[")
      appendAll(list.elements, verb, to: &output)
      output.append("]")
    case .object(let object): append(object, verb, to: &output)
    }
  }

  private func append(_ object: any TemplateObject, _ verb: Character, to output: inout BoundedText) {
    if let text = object.text, Self.takesTexts(verb) {
      append(string(text, verb), .string(text), verb, to: &output)
    } else if let underlying = object.underlying {
      append(underlying, verb: verb, to: &output)
    } else {
      output.append("{")
      appendAll(object.fields.map(\.value), verb, to: &output)
      output.append("}")
    }
  }

  private func append(
    _ pairs: some Collection<(TemplateValue, TemplateValue)>, _ verb: Character, to output: inout BoundedText
  ) {
    output.append("map[")
    for (index, pair) in pairs.enumerated() {
      guard !output.isCut else { return }
      if index > 0 { output.append(" ") }
      append(pair.0, verb: verb, to: &output)
      output.append(":")
      append(pair.1, verb: verb, to: &output)
    }
    output.append("]")
  }

  private func appendAll(_ values: [TemplateValue], _ verb: Character, to output: inout BoundedText) {
    for (index, value) in values.enumerated() {
      guard !output.isCut else { return }
      if index > 0 { output.append(" ") }
      append(value, verb: verb, to: &output)
    }
  }

  private func append(_ text: String?, _ value: TemplateValue, _ verb: Character, to output: inout BoundedText) {
    if let text { return output.append(text) }
    output.append("%!\(verb)(" + value.typeName + "=")
    append(value, verb: "v", to: &output)
    output.append(")")
  }

  /// Whether a verb prints what a method `String` gives.
  private static func takesTexts(_ verb: Character) -> Bool { "vsqxX".contains(verb) }

  private func string(_ text: String, _ verb: Character) -> String? {
    switch verb {
    case "v" where isAlternate: return padded(text.quotedAsGo)
    case "v", "s": return padded(truncated(text))
    case "q":
      let cut = truncated(text)
      if isAlternate, !cut.utf8.contains(UInt8(ascii: "`")) { return padded("`" + cut + "`") }
      return padded(showsSign ? cut.quotedAsGo.escapedToASCII : cut.quotedAsGo)
    case "x", "X":
      let bytes = precision.map { Array(text.utf8.prefix($0)) } ?? Array(text.utf8)
      let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: verb == "X") }
      let prefix = isAlternate && !bytes.isEmpty ? "0\(verb)" : ""
      return padded(prefix + digits.joined(separator: leavesSpaceForSign ? " " + prefix : ""))
    default: return nil
    }
  }

  private func integer(_ number: Int, _ verb: Character) -> String? {
    switch verb {
    case "v", "d": return padded(number: digits(of: number, radix: 10))
    case "b": return padded(number: digits(of: number, radix: 2, prefix: "0b"))
    case "o": return padded(number: digits(of: number, radix: 8, prefix: "0"))
    case "O": return padded(number: sign(of: number) + "0o" + String(number.magnitude, radix: 8))
    case "x": return padded(number: digits(of: number, radix: 16, prefix: "0x"))
    case "X": return padded(number: digits(of: number, radix: 16, prefix: "0X", uppercase: true))
    case "c": return padded(String(Character(Self.scalar(number))))
    case "q":
      return padded("'" + String(String(Character(Self.scalar(number))).quotedAsGo.dropFirst().dropLast()) + "'")
    case "U":
      let digits = String(UInt(bitPattern: number), radix: 16, uppercase: true)
      return padded("U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits)
    default: return nil
    }
  }

  private static func scalar(_ number: Int) -> Unicode.Scalar {
    UInt32(exactly: number).flatMap { Unicode.Scalar($0) } ?? "\u{FFFD}"
  }

  private func sign(of number: Int) -> String {
    number < 0 ? "-" : showsSign ? "+" : leavesSpaceForSign ? " " : ""
  }

  private func digits(of number: Int, radix: Int, prefix: String = "", uppercase: Bool = false) -> String {
    var digits = String(number.magnitude, radix: radix, uppercase: uppercase)
    if let precision {
      if precision == 0, number == 0 { return "" }
      digits = String(repeating: "0", count: max(0, precision - digits.utf8.count)) + digits
    }
    return sign(of: number) + (isAlternate ? prefix : "") + digits
  }

  private func float(_ number: Double, _ verb: Character) -> String? {
    let written: String
    if verb == "v", showsSign {
      // On this verb the flag asks for names of fields, of which a number has none.
      var plain = self
      plain.showsSign = false
      return plain.float(number, verb)
    }
    switch verb {
    case "v", "g": written = number.formattedAsGo(.g, precision: precision)
    case "G": written = number.formattedAsGo(.g, precision: precision).uppercasedAsGo
    case "e": written = number.formattedAsGo(.e, precision: precision ?? 6)
    case "E": written = number.formattedAsGo(.e, precision: precision ?? 6).uppercasedAsGo
    case "f", "F": written = number.formattedAsGo(.f, precision: precision ?? 6)
    case "x" where precision == nil: written = number.hexadecimalAsGo
    case "X" where precision == nil: written = number.hexadecimalAsGo.uppercasedAsGo
    default: return nil
    }
    guard number.isFinite else { return padded(unfinite(number)) }
    let isNegative = written.utf8.first == UInt8(ascii: "-")
    return padded(number: (isNegative ? "" : showsSign ? "+" : leavesSpaceForSign ? " " : "") + written)
  }

  /// Infinity always shows its sign; neither it nor NaN is padded with zeros.
  private func unfinite(_ number: Double) -> String {
    if number.isNaN { return showsSign ? "+NaN" : leavesSpaceForSign ? " NaN" : "NaN" }
    return number < 0 ? "-Inf" : leavesSpaceForSign && !showsSign ? " Inf" : "+Inf"
  }

  private func truncated(_ text: String) -> String {
    precision.map { String(String.UnicodeScalarView(text.unicodeScalars.prefix($0))) } ?? text
  }

  private func padded(_ text: String) -> String {
    let missing = (width ?? 0) - text.unicodeScalars.count
    guard missing > 0 else { return text }
    let space = String(repeating: " ", count: missing)
    return alignsLeft ? text + space : space + text
  }

  /// Pads with zeros behind the sign when the flag says so; left alignment takes precedence.
  private func padded(number text: String) -> String {
    let missing = (width ?? 0) - text.utf8.count
    guard padsWithZeros, !alignsLeft, missing > 0 else { return padded(text) }
    let hasSign = text.utf8.first.map { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") || $0 == 0x20 } ?? false
    return text.prefix(hasSign ? 1 : 0) + String(repeating: "0", count: missing) + text.dropFirst(hasSign ? 1 : 0)
  }
}

extension String {
  /// What isn't ASCII as `\u` and four digits, or `\U` and eight.
  fileprivate var escapedToASCII: String {
    unicodeScalars.reduce(into: "") { text, scalar in
      guard scalar.value >= 0x80 else { return text.unicodeScalars.append(scalar) }
      let digits = String(scalar.value, radix: 16)
      let width = scalar.value > 0xFFFF ? 8 : 4
      text += (width == 8 ? "\\U" : "\\u") + String(repeating: "0", count: width - digits.utf8.count) + digits
    }
  }
}

extension Double {
  /// `%x` of Go: `-0x1.8p+01`, the fewest digits.
  fileprivate var hexadecimalAsGo: String {
    guard isFinite else { return formattedAsGo(.g, precision: nil) }
    let sign = sign == .minus ? "-" : ""
    guard self != 0 else { return sign + "0x0p+00" }
    var digits = String(significand.significandBitPattern, radix: 16)
    digits = String(repeating: "0", count: 13 - digits.utf8.count) + digits
    while digits.utf8.last == UInt8(ascii: "0") { digits.removeLast() }
    let power = Int(exponent)
    let places = (power < 0 ? "-" : "+") + (abs(power) < 10 ? "0" : "") + String(abs(power))
    return sign + "0x1" + (digits.isEmpty ? "" : "." + digits) + "p" + places
  }
}
