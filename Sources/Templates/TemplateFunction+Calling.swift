import Model
import Patterns

/// Why a function could not be called.
enum TemplateCallError: Error {
  case count(wanted: String, given: Int)
  /// The argument of that number should be a text.
  case notText(argument: Int, type: String)
  /// The function itself found fault.
  case function(String)
}

extension TemplateFunction {
  /// Calls the function with the values of its arguments, a piped one last.
  func call(
    _ arguments: [TemplateValue], pattern: Pattern?, data: TemplateData
  ) throws(TemplateCallError) -> TemplateValue {
    let given = TemplateArguments(values: arguments)
    switch self {
    case .humanize, .humanize1024, .humanizeDuration, .humanizePercentage, .humanizeTimestamp:
      try given.expect(1)
      return .string(try humanized(try given.number(0)))
    case .printf:
      try given.expect(atLeast: 1)
      return .string(GoPrinter.format(try given.text(0), Array(arguments.dropFirst())))
    case .print: return .string(GoPrinter.print(arguments))
    case .println: return .string(arguments.map(\.printed).joined(separator: " ") + "\n")
    case .index: return try given.indexed()
    case .match, .reReplaceAll: return try callPattern(given, compiled: pattern)
    case .externalURL, .pathPrefix:
      try given.expect(0)
      return .string(self == .externalURL ? data.externalURL : urlPath(of: data.externalURL))
    case .parseDuration:
      try given.expect(1)
      return .float(try Self.seconds(try given.text(0)))
    case .title, .toUpper, .toLower, .stripPort, .stripDomain, .urlQueryEscape, .graphLink, .tableLink:
      try given.expect(1)
      return .string(transformed(try given.text(0)))
    }
  }

  private func transformed(_ text: String) -> String {
    switch self {
    case .title: text.titleAsGo
    case .toUpper: text.uppercasedAsGo
    case .toLower: text.lowercasedAsGo
    case .stripPort: strippingPort(text)
    case .stripDomain: strippingDomain(text)
    case .urlQueryEscape: queryEscaped(text)
    case .graphLink: "/graph?g0.expr=" + queryEscaped(text) + "&g0.tab=0"
    case .tableLink: "/graph?g0.expr=" + queryEscaped(text) + "&g0.tab=1"
    default: text
    }
  }

  private func humanized(_ number: Double) throws(TemplateCallError) -> String {
    switch self {
    case .humanize: humanizedByThousands(number)
    case .humanize1024: humanizedBy1024(number)
    case .humanizeDuration: humanizedDuration(number)
    case .humanizePercentage: (number * 100).formattedAsGo(.g, precision: 4) + "%"
    default: try humanizedTimestamp(number)
    }
  }

  private func callPattern(
    _ given: TemplateArguments, compiled: Pattern?
  ) throws(TemplateCallError) -> TemplateValue {
    try given.expect(self == .match ? 2 : 3)
    let text = try given.text(0)
    let pattern: Pattern
    do throws(PatternSyntaxError) {
      if let compiled, compiled.text == text { pattern = compiled } else { pattern = try Pattern(unanchored: text) }
    } catch {
      throw .function("'\(text)' is not a pattern that RE2 accepts: \(error.message)")
    }
    guard self == .reReplaceAll else { return .bool(pattern.matches(try given.text(1))) }
    return .string(pattern.replacingAll(in: try given.text(2), with: try given.text(1)))
  }

  private static func seconds(_ text: String) throws(TemplateCallError) -> Double {
    let isNegative = text.utf8.first == UInt8(ascii: "-")
    do throws(DurationSyntaxError) {
      let duration = try Duration(prometheus: isNegative ? String(text.dropFirst()) : text)
      return isNegative ? -duration.inSeconds : duration.inSeconds
    } catch {
      throw .function("not a valid duration string: " + text.quotedAsGo)
    }
  }
}

/// The arguments of a call, taken by the type that the function wants.
struct TemplateArguments {
  let values: [TemplateValue]

  func expect(_ count: Int) throws(TemplateCallError) {
    guard values.count == count else { throw .count(wanted: String(count), given: values.count) }
  }

  func expect(atLeast count: Int) throws(TemplateCallError) {
    guard values.count >= count else { throw .count(wanted: "at least \(count)", given: values.count) }
  }

  func text(_ index: Int) throws(TemplateCallError) -> String {
    guard index < values.count, case .string(let text) = values[index] else {
      throw .notText(argument: index, type: index < values.count ? values[index].typeName : "nothing")
    }
    return text
  }

  /// A number, or a text that Go's `ParseFloat` reads.
  func number(_ index: Int) throws(TemplateCallError) -> Double {
    switch index < values.count ? values[index] : .none {
    case .float(let number): return number
    case .integer(let number): return Double(number)
    case .string(let text):
      let isPlain = !text.utf8.contains { $0 == UInt8(ascii: "(") || $0 <= 0x20 }
      guard isPlain, let number = Double(text) else {
        throw .function("strconv.ParseFloat: parsing \(text.quotedAsGo): invalid syntax")
      }
      return number
    case let other: throw .function("can't convert \(other.typeName) to float")
    }
  }

  /// The element of a map, or of a text, under the keys that follow.
  func indexed() throws(TemplateCallError) -> TemplateValue {
    try expect(atLeast: 1)
    var value = values[0]
    for key in values.dropFirst() {
      switch (value, key) {
      case (.map(let labels), .string(let name)): value = .string(labels[name])
      case (.map, _): throw .function("value has type \(key.typeName); should be string")
      case (.string(let text), .integer(let index)):
        guard index >= 0, index < text.utf8.count else { throw .function("index out of range: \(index)") }
        value = .integer(Int(Array(text.utf8)[index]))
      case (.string, _): throw .function("cannot index slice/array with type \(key.typeName)")
      default: throw .function("can't index item of type \(value.typeName)")
      }
    }
    return value
  }
}
