import Model

/// Go's `fmt.Sprintf` and `fmt.Sprint` for the values that templates know.
///
/// A wrong verb or count doesn't fail: it is told in the text, as Go does (`%!d(float64=1)`).
struct GoPrinter {
  private let format: [UInt8]
  private let arguments: [TemplateValue]
  private var offset = 0
  private var nextArgument = 0
  private var output = ""

  private init(_ format: String, _ arguments: [TemplateValue]) {
    self.format = Array(format.utf8)
    self.arguments = arguments
  }

  /// `fmt.Sprintf`.
  static func format(_ format: String, _ arguments: [TemplateValue]) -> String {
    var printer = GoPrinter(format, arguments)
    printer.run()
    return printer.output
  }

  /// `fmt.Sprint`: a space between two values of which neither is a string.
  static func print(_ arguments: [TemplateValue]) -> String {
    var text = ""
    var previousIsString = true
    for argument in arguments {
      var isString = false
      if case .string = argument { isString = true }
      if !previousIsString, !isString { text += " " }
      text += argument.printed
      previousIsString = isString
    }
    return text
  }

  private mutating func run() {
    while offset < format.count {
      let start = offset
      while offset < format.count, format[offset] != UInt8(ascii: "%") { offset += 1 }
      output += String(decoding: format[start..<offset], as: UTF8.self)
      guard offset < format.count else { break }
      offset += 1
      printDirective()
    }
    guard nextArgument < arguments.count else { return }
    let extra = arguments[nextArgument...].map { argument in
      if case .none = argument { return "<nil>" }
      return argument.typeName + "=" + argument.printed
    }
    output += "%!(EXTRA " + extra.joined(separator: ", ") + ")"
  }

  private mutating func printDirective() {
    var spec = GoFormat()
    readFlags(into: &spec)
    if let width = readCount(bad: "%!(BADWIDTH)") {
      spec.width = width.magnitude <= 1000 ? Int(width.magnitude) : nil
      if width < 0 { spec.alignsLeft = true }
    }
    if offset < format.count, format[offset] == UInt8(ascii: ".") {
      offset += 1
      let precision = readCount(bad: "%!(BADPREC)") ?? 0
      spec.precision = (0...1000).contains(precision) ? precision : nil
    }
    guard let verb = readVerb() else {
      output += "%!(NOVERB)"
      return
    }
    if verb == "%" {
      output += "%"
      return
    }
    guard nextArgument < arguments.count else {
      output += "%!\(verb)(MISSING)"
      return
    }
    output += spec.text(of: arguments[nextArgument], verb: verb)
    nextArgument += 1
  }

  private mutating func readFlags(into spec: inout GoFormat) {
    while offset < format.count {
      switch format[offset] {
      case UInt8(ascii: "+"): spec.showsSign = true
      case UInt8(ascii: "-"): spec.alignsLeft = true
      case UInt8(ascii: "#"): spec.isAlternate = true
      case UInt8(ascii: " "): spec.leavesSpaceForSign = true
      case UInt8(ascii: "0"): spec.padsWithZeros = true
      default: return
      }
      offset += 1
    }
  }

  /// Reads digits, or takes an integer argument for `*`.
  private mutating func readCount(bad: String) -> Int? {
    if offset < format.count, format[offset] == UInt8(ascii: "*") {
      offset += 1
      guard nextArgument < arguments.count, case .integer(let count) = arguments[nextArgument] else {
        if nextArgument < arguments.count { nextArgument += 1 }
        output += bad
        return nil
      }
      nextArgument += 1
      return count
    }
    var value: Int?
    while offset < format.count, format[offset].isASCIIDigit {
      value = min((value ?? 0) * 10 + Int(format[offset] - UInt8(ascii: "0")), 1_000_000)
      offset += 1
    }
    return value
  }

  private mutating func readVerb() -> Character? {
    guard offset < format.count else { return nil }
    let end = min(offset + 4, format.count)
    guard let scalar = String(decoding: format[offset..<end], as: UTF8.self).unicodeScalars.first else { return nil }
    offset += UTF8.width(scalar)
    return Character(scalar)
  }
}
