extension JSONValue {
  /// Reads a whole text as one value (RFC 8259, strictly; UTF-8 only).
  ///
  /// Several members with one name are all kept; looking one up gives the last. Objects and arrays may nest as deep as
  /// `depthLimit`.
  package init(parsing bytes: [UInt8], depthLimit: Int = 64) throws(JSONSyntaxError) {
    var reader = JSONReader(bytes, depthLimit: depthLimit)
    self = try reader.value()
    try reader.end()
  }

  /// Reads a whole text as one value.
  package init(parsing text: String, depthLimit: Int = 64) throws(JSONSyntaxError) {
    try self.init(parsing: Array(text.utf8), depthLimit: depthLimit)
  }
}

extension JSONReader {
  /// Reads one value of any kind, with all that it holds.
  package mutating func value() throws(JSONSyntaxError) -> JSONValue {
    switch try peek() {
    case .object:
      try beginObject()
      var members: [JSONValue.Member] = []
      while let name = try nextObjectKey() { members.append(.init(name, try value())) }
      return .object(members)
    case .array:
      try beginArray()
      var elements: [JSONValue] = []
      while try nextElement() { elements.append(try value()) }
      return .array(elements)
    case .string: return .string(try string())
    case .number: return try number()
    case .bool: return .bool(try bool())
    case .null:
      _ = try null()
      return .null
    }
  }

  private mutating func number() throws(JSONSyntaxError) -> JSONValue {
    let number = try scanNumber()
    if number.isInteger, let value = integer(number.range), value != 0 || number.range.count == 1 {
      return .integer(value)
    }
    return .number(try double(number.range))
  }
}
