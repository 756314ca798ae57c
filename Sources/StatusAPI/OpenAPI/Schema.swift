import JSON

/// What a value of the API looks like, in the words of JSON Schema 2020-12, as OpenAPI 3.1 takes them.
struct Schema: Sendable {
  private(set) var members: [JSONValue.Member]

  init(_ members: [JSONValue.Member]) {
    self.members = members
  }

  var json: JSONValue { .object(members) }

  /// This with a sentence for people; a later one takes the place of an earlier.
  func described(_ text: String) -> Schema { with("description", .string(text)) }

  /// This with one more word of JSON Schema, or another operand for one that it has.
  func with(_ word: String, _ operand: JSONValue) -> Schema {
    var schema = self
    schema.members.removeAll { $0.name == word }
    schema.members.append(.init(word, operand))
    return schema
  }

  /// This, or `null` where it isn't known.
  var orNull: Schema {
    var schema = self
    guard let index = members.firstIndex(where: { $0.name == "type" }) else {
      return Schema([.init("anyOf", .array([json, .object([.init("type", "null")])]))])
    }
    schema.members[index].value = .array([members[index].value, "null"])
    if let words = members.firstIndex(where: { $0.name == "enum" }) {
      schema.members[words].value = .array((members[words].value.array ?? []) + [.null])
    }
    return schema
  }
}

/// A member of an object.
struct Property: Sendable {
  let name: String
  let schema: Schema
  /// Whether it is there in every answer; what isn't known is `null` then.
  let isAlwaysThere: Bool

  init(_ name: String, _ schema: Schema, _ description: String, always: Bool = true) {
    self.name = name
    self.schema = schema.described(description)
    isAlwaysThere = always
  }
}

// MARK: - Forms

extension Schema {
  private static func of(type: JSONValue, _ more: JSONValue.Member...) -> Schema {
    Schema([.init("type", type)] + more)
  }

  static let text = of(type: "string")
  static let flag = of(type: "boolean")
  static let number = of(type: "number")
  /// How many, or how long in a whole unit.
  static let count = of(type: "integer", .init("minimum", 0))
  /// A position in a file; counts from 1.
  static let position = of(type: "integer", .init("minimum", 1))
  /// The number of a row or a sync.
  static let id = of(type: "integer", .init("format", "int64"), .init("minimum", 1))
  static let time = of(type: "string", .init("format", "date-time"))

  static func text(pattern: String) -> Schema { text.with("pattern", .string(pattern)) }

  /// Text of a form that no pattern tells; `word` names it.
  static func text(format word: String) -> Schema { text.with("format", .string(word)) }

  static func words(_ words: [String]) -> Schema {
    of(type: "string", .init("enum", .array(words.map(JSONValue.string))))
  }

  static func words<Word: CaseIterable & RawRepresentable<String>>(of type: Word.Type) -> Schema {
    words(type.allCases.map(\.rawValue))
  }

  static func constant(_ value: String) -> Schema { text.with("const", .string(value)) }

  static func list(of element: Schema) -> Schema { of(type: "array", .init("items", element.json)) }

  /// An object whose members' names are data.
  static func map(to value: Schema) -> Schema { of(type: "object", .init("additionalProperties", value.json)) }

  static let labels = map(to: .text)

  /// A component of the document.
  static func named(_ name: String) -> Schema {
    Schema([.init("$ref", .string("#/components/schemas/" + name))])
  }

  static func object(_ description: String, _ properties: [Property]) -> Schema {
    Schema([
      .init("type", "object"), .init("description", .string(description)),
      .init("required", .array(properties.filter(\.isAlwaysThere).map { .string($0.name) })),
      .init("properties", .object(properties.map { .init($0.name, $0.schema.json) })),
    ])
  }
}

// MARK: - Forms of this API

extension Schema {
  static let sha = text(pattern: "^[0-9a-f]{40,64}$")
  static let fingerprint = text(pattern: "^[0-9a-f]{16}$")
  /// `main@sha1:<40 hex>`.
  static let revision = text(pattern: "@sha(1:[0-9a-f]{40}|256:[0-9a-f]{64})$")
  /// A sample's value.
  static let sample = text(pattern: "^([+-]Inf|NaN|-?[0-9].*)$")
  static let person = text
  static let reference = named("Reference")
  static let origin = named("Origin")
}

extension Property {
  /// `scope`, `tenant` and `project`.
  static let scope = [
    Property("scope", .text, "Whose it is: `platform`, `shop` or `shop/checkout`."),
    Property("tenant", .text.orNull, "The tenant; `null` for the platform's own."),
    Property("project", .text.orNull, "The project; `null` for what is the tenant's or the platform's own."),
  ]

  /// The members of a list's answer.
  static func list(of name: String, _ description: String) -> [Property] {
    [
      Property("items", .list(of: .named(name)), description),
      Property(
        "next", .text.orNull, "Given back as `cursor`, with the same filters, brings the next page; `null` on the last."
      ),
    ]
  }
}
