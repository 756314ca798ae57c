/// What may stand as a field's value: what editors and other tools are told of the specs' form.
///
/// It says what one place alone shows; what depends on other documents (that a channel exists, that an expression can
/// be read) is `belfry check`'s part.
package indirect enum SchemaType: Sendable {
  /// Any scalar: where a text is expected, `1`, `true` and `no` are texts.
  case text
  /// A text with at least one character.
  case word
  /// A text of this form, as a regular expression that finds it anywhere.
  case pattern(String)
  case boolean
  case integer(ClosedRange<Int>)
  /// A text of this form that is none to YAML's eyes: no number, no boolean.
  case quoted(String)
  /// Names and texts of HTTP or mail headers: each on one line.
  case headers(orSecret: Bool)
  /// Prometheus's notation.
  case duration(allowsZero: Bool)
  /// RFC 3339.
  case time
  case choice([String])
  /// `{secret: <name>}`.
  case secret
  /// An address that begins with `http://` or `https://`.
  case url
  /// Alertmanager's texts, or a mapping for equality.
  case matchers(atLeast: Int)
  case list(SchemaType, atLeast: Int = 0, atMost: Int? = nil, distinct: Bool = false)
  /// Free names with values of one type.
  case mapping(SchemaType)
  case object(SchemaObject)
  case either([SchemaType])
  /// An object that is defined once and may hold itself: its name in ``SpecSchema/shared``.
  case shared(String)

  /// The names of an enumeration's cases.
  static func words<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type) -> SchemaType {
    .choice(Choice.allCases.map(\.rawValue))
  }

  /// A text of this form, whose letters count in either case.
  static func pattern(anyCase pattern: String) -> SchemaType { .pattern(inAnyCase(pattern)) }

  /// A pattern in which every letter counts in either case.
  static func inAnyCase(_ pattern: String) -> String {
    pattern.map { letter in letter.isLowercase ? "[\(letter)\(letter.uppercased())]" : String(letter) }.joined()
  }

  /// The name of a document that others mention.
  static let name = SchemaType.word
  static let names = SchemaType.list(.word, distinct: true)
  static let texts = SchemaType.mapping(.text)
  static let urlOrSecret = SchemaType.either([.url, .secret])
  static let zone = SchemaType.word
  /// A language, with or without its country: `en`, `zh-CN`.
  static let locale = SchemaType.pattern(anyCase: "^(en|zh)([-_].*)?$")
}

/// One field of an object.
package struct SchemaField: Sendable {
  package let name: String
  package let type: SchemaType
  /// What it means, in the words of the kind's page.
  package let meaning: String
  package let isRequired: Bool
  /// Whether the name may stand without a value, which then means the same as no field at all.
  package let isNullable: Bool

  init(
    _ name: String, _ type: SchemaType, _ meaning: String, isRequired: Bool = false, isNullable: Bool? = nil
  ) {
    self.name = name
    self.type = type
    self.meaning = meaning
    self.isRequired = isRequired
    self.isNullable = isNullable ?? !isRequired
  }

  static func required(_ name: String, _ type: SchemaType, _ meaning: String) -> SchemaField {
    SchemaField(name, type, meaning, isRequired: true)
  }
}

/// A value that a rule between fields asks for.
package enum SchemaValue: Sendable {
  case yes
  case word(String)
}

/// A mapping with known fields; keys that begin with `x-` may stand beside them.
package struct SchemaObject: Sendable {
  /// What several fields have to do with each other.
  package enum Rule: Sendable {
    /// Exactly one of these is written.
    case oneOf([String])
    /// At least one of these is written.
    case anyOf([String])
    /// No two of these are written together.
    case atMostOne([String])
    /// Where the first is written, the others are too.
    case needs(String, [String])
    /// Where the field has this value, the other is written, or the one that stands in for it.
    case valueNeeds(String, SchemaValue, String, unless: String? = nil)
    /// Where the first is written, none of the others is.
    case excludes(String, [String])
  }

  package let meaning: String
  package let fields: [SchemaField]
  package let rules: [Rule]
  /// Whether an empty mapping, or nothing at all, may stand for it.
  package var allowsNull: Bool { !fields.contains(where: \.isRequired) && rules.isEmpty }

  init(_ meaning: String, _ fields: [SchemaField], rules: [Rule] = []) {
    self.meaning = meaning
    self.fields = fields
    self.rules = rules
  }
}
