import Model

/// JSON as Go's `encoding/json` writes it, with `<`, `>` and `&` escaped.
struct GoJSON {
  private var output: BoundedText

  /// At most `limit` bytes.
  static func encode(_ value: TemplateValue, limit: Int) throws(TemplateCallError) -> String {
    var writer = GoJSON(output: BoundedText(limit: limit))
    try writer.write(value)
    return try writer.output.complete(limit: limit)
  }

  private mutating func write(_ value: TemplateValue) throws(TemplateCallError) {
    guard !output.isCut else { return }
    switch value {
    case .none: output.append("null")
    case .bool(let truth): output.append(truth ? "true" : "false")
    case .integer(let number): output.append(String(number))
    case .duration(let duration): output.append(String(duration.nanoseconds))
    case .float(let number): try write(number)
    case .string(let text): output.append(Self.quoted(text))
    case .time(let time): output.append("\"" + time.formatted(as: "2006-01-02T15:04:05.999999999Z07:00") + "\"")
    case .labels(let labels): try write(labels.pairs.map { ($0.name, .string($0.value)) })
    case .map(let map): try write(map.pairs)
    case .object(let object):
      if let underlying = object.underlying { try write(underlying) } else { try write(object.encodedFields) }
    case .list(let list):
      output.append("[")
      for (index, element) in list.elements.enumerated() {
        if index > 0 { output.append(",") }
        guard !output.isCut else { return }
        try write(element)
      }
      output.append("]")
    }
  }

  private mutating func write(_ pairs: [(name: String, value: TemplateValue)]) throws(TemplateCallError) {
    output.append("{")
    for (index, pair) in pairs.enumerated() {
      if index > 0 { output.append(",") }
      guard !output.isCut else { return }
      output.append(Self.quoted(pair.name) + ":")
      try write(pair.value)
    }
    output.append("}")
  }

  private mutating func write(_ number: Double) throws(TemplateCallError) {
    guard number.isFinite else { throw .function("json: unsupported value: " + number.printedAsGo) }
    let isPlain = number == 0 || (1e-6..<1e21).contains(number.magnitude)
    guard !isPlain else { return output.append(number.formattedAsGo(.f, precision: nil)) }
    let text = number.formattedAsGo(.e, precision: nil)
    // Go's encoder writes 1e-9 where `strconv` writes 1e-09.
    let parts = text.split(separator: "e")
    guard parts.count == 2, parts[1].hasPrefix("-0") else { return output.append(text) }
    output.append(parts[0] + "e-" + parts[1].dropFirst(2))
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\u{08}": quoted += "\\b"
      case "\u{0C}": quoted += "\\f"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "<", ">", "&", "\u{2028}", "\u{2029}", "\0"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
