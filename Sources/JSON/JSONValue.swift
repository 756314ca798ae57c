/// A JSON value. Objects keep the order of their members.
package enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// A number with fraction or exponent, or one beyond `Int64`.
  case number(Double)
  case integer(Int64)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// A name and its value.
  package struct Member: Hashable, Sendable {
    package var name: String
    package var value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// The kind of this value; both sorts of numbers are one.
  package var kind: JSONKind {
    switch self {
    case .null: .null
    case .bool: .bool
    case .number, .integer: .number
    case .string: .string
    case .array: .array
    case .object: .object
    }
  }
}

// MARK: - Looking inside

extension JSONValue {
  /// The value of a member; of several with one name the last. `nil` when there is none, or this is no object.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name == name }?.value
  }

  /// An element; `nil` when there is none, or this is no array.
  package subscript(index: Int) -> JSONValue? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  /// Whether this is `null`.
  package var isNull: Bool { self == .null }

  /// The boolean; `nil` when this is none.
  package var bool: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  /// The string; `nil` when this is none.
  package var string: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  /// The number as a `Double`, however it was written.
  package var double: Double? {
    switch self {
    case .number(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  /// The number, where it is a whole one that `Int` holds.
  package var int: Int? {
    switch self {
    case .number(let value): Int(exactly: value)
    case .integer(let value): Int(exactly: value)
    default: nil
    }
  }

  /// The elements; `nil` when this is no array.
  package var array: [JSONValue]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }

  /// The members in the order of the text; `nil` when this is no object.
  package var members: [Member]? {
    guard case .object(let members) = self else { return nil }
    return members
  }
}

// MARK: - Literals

extension JSONValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int64) { self = .integer(value) }
  package init(floatLiteral value: Double) { self = .number(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(elements.map { Member($0, $1) }) }
  package init(nilLiteral: ()) { self = .null }
}
