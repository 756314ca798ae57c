import Model

/// Why a function or method could not give a value.
package enum TemplateCallError: Error, Hashable, Sendable {
  /// The function itself found fault, in Go's words where it has some.
  case function(String)
  /// The text that it would give is too long.
  case tooLong(limit: Int)
}

/// The arguments of a call, which are of the kinds that the signature says.
struct TemplateArguments {
  let values: [TemplateValue]

  var count: Int { values.count }

  subscript(index: Int) -> TemplateValue { index < values.count ? values[index] : .none }

  func text(_ index: Int) -> String {
    if case .string(let text) = self[index] { text } else { "" }
  }

  func elements(_ index: Int) -> [TemplateValue] {
    if case .list(let list) = self[index] { list.elements } else { [] }
  }

  func time(_ index: Int) -> GoTime {
    if case .time(let time) = self[index] { time } else { .zero }
  }

  func sample(_ index: Int) -> TemplateSample {
    guard case .object(let object) = self[index], let sample = object as? TemplateSample else {
      return TemplateSample(.empty, 0)
    }
    return sample
  }

  /// A number, a duration in seconds, or a text that Go's `ParseFloat` reads.
  func number(_ index: Int) throws(TemplateCallError) -> Double {
    switch self[index] {
    case .float(let number): return number
    case .integer(let number): return Double(number)
    case .duration(let duration): return duration.seconds
    case .string(let text): return try Self.float(text)
    case let other: throw .function("can't convert \(other.typeName) to float")
    }
  }

  /// Go's `strconv.ParseFloat`.
  private static func float(_ text: String) throws(TemplateCallError) -> Double {
    let isPlain = !text.utf8.contains { $0 == UInt8(ascii: "(") || $0 <= 0x20 }
    guard isPlain, let number = Double(text) else {
      throw .function("strconv.ParseFloat: parsing \(text.quotedAsGo): invalid syntax")
    }
    guard number.isFinite || !text.utf8.contains(where: \.isASCIIDigit) else {
      throw .function("strconv.ParseFloat: parsing \(text.quotedAsGo): value out of range")
    }
    return number
  }
}
