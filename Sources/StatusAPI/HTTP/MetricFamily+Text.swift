import Model

extension [MetricFamily] {
  /// Prometheus's text format 0.0.4.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(reduce(0) { $0 + 128 + $1.samples.count * 96 })
    for family in self { family.write(to: &bytes) }
    return bytes
  }

  /// ``bytes`` as text.
  package var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension MetricFamily {
  fileprivate func write(to bytes: inout [UInt8]) {
    bytes += "# HELP ".utf8
    bytes += name.utf8
    bytes.append(UInt8(ascii: " "))
    bytes.append(escaping: help, quotes: false)
    bytes += "\n# TYPE ".utf8
    bytes += name.utf8
    bytes.append(UInt8(ascii: " "))
    bytes += kind.rawValue.utf8
    bytes.append(UInt8(ascii: "\n"))
    for sample in samples {
      bytes += name.utf8
      bytes += sample.suffix.utf8
      if !sample.labels.isEmpty { bytes.append(sample.labels) }
      bytes.append(UInt8(ascii: " "))
      bytes.append(sample.value)
      bytes.append(UInt8(ascii: "\n"))
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ labels: [Label]) {
    var separator = UInt8(ascii: "{")
    for label in labels {
      append(separator)
      self += label.name.utf8
      append(UInt8(ascii: "="))
      append(UInt8(ascii: "\""))
      append(escaping: label.value, quotes: true)
      append(UInt8(ascii: "\""))
      separator = UInt8(ascii: ",")
    }
    append(UInt8(ascii: "}"))
  }

  /// Whole numbers, which nearly all are, are written without the detour over a floating-point format.
  fileprivate mutating func append(_ value: Double) {
    if let whole = Int64(exactly: value), abs(value) < 1e15 {
      self += String(whole).utf8
    } else {
      self += sampleText(value).utf8
    }
  }

  /// Appends `value` with backslash and line feed escaped, and the quote too where it stands in quotes.
  fileprivate mutating func append(escaping value: String, quotes: Bool) {
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): self += "\\\\".utf8
      case UInt8(ascii: "\n"): self += "\\n".utf8
      case UInt8(ascii: "\"") where quotes: self += "\\\"".utf8
      default: append(byte)
      }
    }
  }
}
