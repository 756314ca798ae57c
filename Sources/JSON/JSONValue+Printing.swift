extension JSONValue {
  /// This value as JSON; `pretty` puts each member and element on a line of its own, indented by two spaces.
  package func bytes(pretty: Bool = false, escaping: JSONWriter.Escaping = .minimal) -> [UInt8] {
    var writer = JSONWriter(escaping: escaping, pretty: pretty)
    writer.value(self)
    return writer.bytes
  }

  /// This value as JSON on one line.
  package var text: String { String(decoding: bytes(), as: UTF8.self) }
}

extension JSONWriter {
  /// A value with all that it holds.
  package mutating func value(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .bool(let value): bool(value)
    case .number(let value): double(value)
    case .integer(let value): int(value)
    case .string(let value): string(value)
    case .array(let elements):
      beginArray()
      for element in elements { self.value(element) }
      endArray()
    case .object(let members):
      beginObject()
      for member in members {
        key(member.name)
        self.value(member.value)
      }
      endObject()
    }
  }
}
