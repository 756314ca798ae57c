import Model

/// Go's `fmt.Sprintf` and `fmt.Sprint` for the values that templates know.
///
/// A wrong verb or count doesn't fail: it is told in the text, as Go does (`%!d(float64=1)`).
struct GoPrinter {
  /// Widths and precisions beyond this are no numbers, as in Go.
  private static let largestCount = 1_000_000

  private let format: [UInt8]
  private let arguments: [TemplateValue]
  private var offset = 0
  private var nextArgument = 0
  /// Whether an index such as `[2]` stood somewhere, which silences the complaint about arguments left over.
  private var isReordered = false
  private var indexIsGood = true
  private var output: BoundedText

  private init(_ format: String, _ arguments: [TemplateValue], limit: Int) {
    self.format = Array(format.utf8)
    self.arguments = arguments
    output = BoundedText(limit: limit)
  }

  /// `fmt.Sprintf`, of at most `limit` bytes.
  static func format(
    _ format: String, _ arguments: [TemplateValue], limit: Int
  ) throws(TemplateCallError) -> String {
    var printer = GoPrinter(format, arguments, limit: limit)
    printer.run()
    return try printer.output.complete(limit: limit)
  }

  /// `fmt.Sprint`: a space between two values of which neither is a string; with `spaced`, between all of them.
  static func print(
    _ arguments: [TemplateValue], spaced: Bool = false, nothing: String = "<nil>", limit: Int
  ) throws(TemplateCallError) -> String {
    var text = BoundedText(limit: limit)
    var previousIsString = true
    for (index, argument) in arguments.enumerated() {
      var isString = false
      if case .string = argument { isString = true }
      if spaced ? index > 0 : !previousIsString && !isString { text.append(" ") }
      if case .none = argument { text.append(nothing) } else { GoFormat().append(argument, verb: "v", to: &text) }
      previousIsString = isString
    }
    return try text.complete(limit: limit)
  }

  private mutating func run() {
    while offset < format.count, !output.isCut {
      let start = offset
      while offset < format.count, format[offset] != UInt8(ascii: "%") { offset += 1 }
      output.append(String(decoding: format[start..<offset], as: UTF8.self))
      guard offset < format.count else { break }
      offset += 1
      printDirective()
    }
    guard nextArgument < arguments.count, !isReordered else { return }
    output.append("%!(EXTRA ")
    for (index, argument) in arguments[nextArgument...].enumerated() {
      if index > 0 { output.append(", ") }
      if case .none = argument {
        output.append("<nil>")
      } else {
        output.append(argument.typeName + "=")
        GoFormat().append(argument, verb: "v", to: &output)
      }
    }
    output.append(")")
  }

  private mutating func printDirective() {
    var spec = GoFormat()
    indexIsGood = true
    readFlags(into: &spec)
    var followsIndex = readIndex()
    if readsStar() {
      spec.width = countFromArgument(bad: "%!(BADWIDTH)")
      if let width = spec.width, width < 0 {
        spec.width = -width
        spec.alignsLeft = true
      }
      followsIndex = false
    } else {
      spec.width = readCount()
      if followsIndex, spec.width != nil { indexIsGood = false }
    }
    if offset < format.count, format[offset] == UInt8(ascii: ".") { readPrecision(into: &spec, &followsIndex) }
    if !followsIndex { _ = readIndex() }
    guard let verb = readVerb() else { return output.append("%!(NOVERB)") }
    if verb == "%" { return output.append("%") }
    guard indexIsGood else { return output.append("%!\(verb)(BADINDEX)") }
    guard nextArgument < arguments.count else { return output.append("%!\(verb)(MISSING)") }
    spec.append(arguments[nextArgument], verb: verb, to: &output)
    nextArgument += 1
  }

  private mutating func readPrecision(into spec: inout GoFormat, _ followsIndex: inout Bool) {
    offset += 1
    if followsIndex { indexIsGood = false }
    followsIndex = readIndex()
    guard readsStar() else {
      spec.precision = readCount() ?? 0
      return
    }
    spec.precision = countFromArgument(bad: "%!(BADPREC)", negativeIsBad: true)
    followsIndex = false
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

  private mutating func readsStar() -> Bool {
    guard offset < format.count, format[offset] == UInt8(ascii: "*") else { return false }
    offset += 1
    return true
  }

  /// Reads `[n]`, which says which argument is next, from 1; whether it says so rightly.
  private mutating func readIndex() -> Bool {
    guard offset < format.count, format[offset] == UInt8(ascii: "[") else { return false }
    isReordered = true
    guard let closing = format[offset...].firstIndex(of: UInt8(ascii: "]")) else {
      indexIsGood = false
      offset += 1
      return false
    }
    let digits = format[(offset + 1)..<closing]
    offset = closing + 1
    let index = digits.allSatisfy(\.isASCIIDigit) ? Int(String(decoding: digits, as: UTF8.self)) : nil
    guard let index, index >= 1, index <= arguments.count else {
      indexIsGood = false
      return index != nil
    }
    nextArgument = index - 1
    return true
  }

  /// Takes an integer argument for `*`.
  private mutating func countFromArgument(bad: String, negativeIsBad: Bool = false) -> Int? {
    let argument = nextArgument < arguments.count ? arguments[nextArgument] : .none
    if nextArgument < arguments.count { nextArgument += 1 }
    guard case .integer(let count) = argument, count.magnitude <= UInt(Self.largestCount), !negativeIsBad || count >= 0
    else {
      output.append(bad)
      return nil
    }
    return count
  }

  /// Reads digits; a number that is too large swallows the rest of the format, as in Go.
  private mutating func readCount() -> Int? {
    var value: Int?
    while offset < format.count, format[offset].isASCIIDigit {
      let next = (value ?? 0) * 10 + Int(format[offset] - UInt8(ascii: "0"))
      guard next <= Self.largestCount else {
        offset = format.count
        return nil
      }
      value = next
      offset += 1
    }
    return value
  }

  private mutating func readVerb() -> Character? {
    guard offset < format.count else { return nil }
    let end = min(offset + 4, format.count)
    guard let scalar = String(decoding: format[offset..<end], as: UTF8.self).unicodeScalars.first else { return nil }
    offset = min(format.count, offset + UTF8.width(scalar))
    return Character(scalar)
  }
}
