package import JSON
package import Model

/// The forms as JSON Schema, draft 7, which editors read (`yaml-language-server`, `schemas/` of a repository).
extension SpecSchema {
  private static let dialect: JSONValue.Member = .init("$schema", "http://json-schema.org/draft-07/schema#")

  /// The documents of one kind.
  package static func json(of kind: Kind) -> JSONValue {
    schema(kind.rawValue, document(kind))
  }

  /// Any document that may stand in a spec repository: Belfry's own, rule files, `PrometheusRule`s and unit tests.
  package static var any: JSONValue {
    let kinds = Kind.allCases.map { kind in
      choice(when: "kind", is: kind.rawValue, then: .object(document(kind)))
    }
    let own = JSONValue.object([
      .init("required", ["apiVersion", "kind"]),
      .init(
        "properties",
        .object([
          .init("apiVersion", constant("belfry/v1")), .init("kind", .object([.init("enum", .array(kindNames))])),
        ])),
      .init("allOf", .array(kinds)),
    ])
    return schema(
      "A document of a Belfry repository",
      [
        .init("type", "object"), .init("if", has("kind")),
        .init("then", firstChoice(operatorForms, else: own)),
        .init(
          "else",
          .object([
            .init("if", has("groups")), .init("then", ruleFile.json),
            .init(
              "else",
              .object([.init("anyOf", [has("tests"), has("rule_files"), .object([.init("maxProperties", 0)])])])),
          ])),
      ])
  }

  /// What has a `kind` and is none of Belfry's: the operator's rules, and lists as `kubectl get -o yaml` writes them.
  private static var operatorForms: [(kind: String, schema: JSONValue)] {
    let rules = JSONValue.object([
      .init("required", ["apiVersion", "kind", "spec"]),
      .init(
        "properties",
        .object([
          .init("apiVersion", constant("monitoring.coreos.com/v1")), .init("spec", prometheusRule.json),
          .init("metadata", .object([.init("type", "object")])),
        ])),
    ])
    let list = JSONValue.object([
      .init(
        "properties",
        .object([
          .init("items", .object([.init("type", "array"), .init("items", .object([.init("$ref", "#")]))]))
        ]))
    ])
    return [("PrometheusRule", rules), ("List", list), ("PrometheusRuleList", list)]
  }

  private static func firstChoice(
    _ forms: [(kind: String, schema: JSONValue)], else other: JSONValue
  ) -> JSONValue {
    forms.reversed().reduce(other) { rest, form in
      .object([
        .init("if", .object([.init("properties", .object([.init("kind", constant(form.kind))]))])),
        .init("then", form.schema), .init("else", rest),
      ])
    }
  }

  fileprivate static func has(_ field: String) -> JSONValue { .object([.init("required", [.string(field)])]) }

  private static var kindNames: [JSONValue] { Kind.allCases.map { .string($0.rawValue) } }

  private static func document(_ kind: Kind) -> [JSONValue.Member] {
    let spec = spec(of: kind)
    return [
      .init("description", .string(spec.meaning)), .init("type", "object"),
      .init(
        "required",
        .array((["apiVersion", "kind", "metadata"] + (spec.allowsNull ? [] : ["spec"])).map(JSONValue.string))),
      .init("additionalProperties", false), extensions,
      .init(
        "properties",
        .object([
          .init("apiVersion", constant("belfry/v1")), .init("kind", constant(kind.rawValue)),
          .init("metadata", metadata.json), .init("spec", spec.orNull),
        ])),
    ]
  }

  private static func choice(when field: String, is value: String, then schema: JSONValue) -> JSONValue {
    .object([
      .init("if", .object([.init("properties", .object([.init(field, constant(value))]))])), .init("then", schema),
    ])
  }

  private static func constant(_ text: String) -> JSONValue { .object([.init("const", .string(text))]) }

  /// What is referred to by name, each with the names that it refers to in turn.
  private static let definitions: [(name: String, schema: JSONValue)] = {
    let secret = SchemaObject(
      "A secret of the tenant, by name.",
      [.required("secret", .pattern("^[A-Za-z0-9_-]{1,253}$"), "the secret's name; never a path")])
    let types: [SchemaType] = [
      .duration(allowsZero: true), .duration(allowsZero: false), .time, .url, .matchers(atLeast: 0),
      .matchers(atLeast: 1), .headers(orSecret: false), .headers(orSecret: true),
    ]
    return [("secret", secret.json)] + shared.map { ($0.name, $0.object.json) }
      + types.compactMap { type in type.definition.map { ($0, .object(type.form)) } }
  }()

  /// A whole schema: with the definitions that it needs, and no others.
  private static func schema(_ title: String, _ members: [JSONValue.Member]) -> JSONValue {
    var needed: Set<String> = []
    var pending = [JSONValue.object(members)]
    while let value = pending.popLast() {
      for name in value.references where needed.insert(name).inserted {
        if let definition = definitions.first(where: { $0.name == name }) { pending.append(definition.schema) }
      }
    }
    let used = definitions.filter { needed.contains($0.name) }.map { JSONValue.Member($0.name, $0.schema) }
    return .object(
      [dialect, .init("title", .string(title))] + members
        + (used.isEmpty ? [] : [.init("definitions", .object(used))]))
  }

  fileprivate static let extensions: JSONValue.Member = .init(
    "patternProperties", .object([.init("^x-", true)]))
}

extension SchemaObject {
  fileprivate var json: JSONValue {
    let required = fields.filter(\.isRequired).map { JSONValue.string($0.name) }
    var members: [JSONValue.Member] = [.init("type", "object"), .init("description", .string(meaning))]
    if !required.isEmpty { members.append(.init("required", .array(required))) }
    members += [
      .init("properties", .object(fields.map { .init($0.name, $0.json) })), .init("additionalProperties", false),
      SpecSchema.extensions,
    ]
    if !rules.isEmpty { members.append(.init("allOf", .array(rules.map(\.json)))) }
    return .object(members)
  }

  /// Nothing at all stands for an object in which nothing is required.
  fileprivate var orNull: JSONValue {
    allowsNull ? .object([.init("anyOf", [json, .object([.init("type", "null")])])]) : json
  }
}

extension SchemaObject.Rule {
  fileprivate var json: JSONValue {
    switch self {
    case .oneOf(let names): .object([.init("oneOf", .array(names.map(SpecSchema.has)))])
    case .anyOf(let names): .object([.init("anyOf", .array(names.map(SpecSchema.has)))])
    case .atMostOne(let names):
      .object([
        .init(
          "anyOf",
          .array(
            [Self.none(of: names)]
              + names.map { name in
                .object([.init("allOf", [SpecSchema.has(name), Self.none(of: names.filter { $0 != name })])])
              }))
      ])
    case .needs(let name, let others):
      .object([.init("dependencies", .object([.init(name, .array(others.map(JSONValue.string)))]))])
    case .valueNeeds(let name, let value, let other, let substitute):
      .object([
        .init(
          "if",
          .object([.init("required", [.string(name)]), .init("properties", .object([.init(name, value.constant)]))])),
        .init(
          "then", .object([.init("anyOf", .array(([other] + [substitute].compactMap(\.self)).map(SpecSchema.has)))])),
      ])
    case .excludes(let name, let others):
      .object([.init("anyOf", [.object([.init("not", SpecSchema.has(name))]), Self.none(of: others)])])
    }
  }

  private static func none(of names: [String]) -> JSONValue {
    .object([.init("not", .object([.init("anyOf", .array(names.map(SpecSchema.has)))]))])
  }
}

extension SchemaValue {
  fileprivate var constant: JSONValue {
    switch self {
    case .yes: .object([.init("const", true)])
    case .word(let word): .object([.init("const", .string(word))])
    }
  }
}

extension SchemaField {
  /// A field without a value means the same as no field, where it may be missing.
  fileprivate var json: JSONValue {
    let described = JSONValue.Member("description", .string(meaning))
    guard isNullable else {
      // What stands beside a reference doesn't count in draft 7.
      let isReference = type.members.contains { $0.name == "$ref" }
      return .object([described] + (isReference ? [.init("allOf", [.object(type.members)])] : type.members))
    }
    return .object([described] + type.orNull)
  }
}

extension SchemaType {
  private static let scalar: JSONValue = ["string", "number", "boolean"]

  /// Units from large to small, each once; a bare 0 is a duration too (Prometheus, `model.ParseDuration`).
  private static let units = ["y", "w", "d", "h", "m", "s", "ms"].map { "([0-9]+\($0))?" }.joined()

  private static let port =
    ":([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
  private static let host = #"([^\s/?#@]*@)?(\[[0-9A-Fa-f:.]+\]|[^\s/?#:@\[\]]+)"#
  private static let address = inAnyCase("^https?") + "://\(host)(\(port))?([/?#][^\\s]*)?$"

  /// The name under which it is defined once; `nil` where it stands where it is used.
  fileprivate var definition: String? {
    switch self {
    case .duration(let allowsZero): allowsZero ? "duration" : "positiveDuration"
    case .time: "time"
    case .url: "url"
    case .matchers(let least): least == 0 ? "matchers" : "someMatchers"
    case .headers(let orSecret): orSecret ? "secretHeaders" : "headers"
    case .secret: "secret"
    case .shared(let name): name
    default: nil
    }
  }

  fileprivate var members: [JSONValue.Member] {
    definition.map { [.init("$ref", .string("#/definitions/" + $0))] } ?? form
  }

  /// The same, or nothing: where one word says what type a value has, `null` is one more.
  fileprivate var orNull: [JSONValue.Member] {
    let members = members
    let null = JSONValue.object([.init("type", "null")])
    guard !members.contains(where: { ["$ref", "anyOf", "not"].contains($0.name) }) else {
      return [.init("anyOf", [.object(members), null])]
    }
    return members.map { member in
      switch member.name {
      case "type": .init("type", .array((member.value.array ?? [member.value]) + ["null"]))
      case "enum": .init("enum", .array((member.value.array ?? []) + [.null]))
      default: member
      }
    }
  }

  /// Written out.
  fileprivate var form: [JSONValue.Member] {
    switch self {
    case .text: [.init("type", Self.scalar)]
    case .word: [.init("type", Self.scalar), .init("minLength", .integer(1))]
    case .pattern(let pattern): [.init("type", Self.scalar), .init("pattern", .string(pattern))]
    case .quoted(let pattern): [.init("type", "string"), .init("pattern", .string(pattern))]
    case .boolean: [.init("type", "boolean")]
    case .integer(let range):
      [.init("type", "integer"), .init("minimum", .integer(Int64(range.lowerBound)))]
        + (range.upperBound == .max ? [] : [.init("maximum", .integer(Int64(range.upperBound)))])
    case .duration(let allowsZero):
      [
        .init("type", ["string", "integer"]), .init("pattern", .string("^(0|\(Self.units))$")),
        .init("minLength", 1),
        allowsZero ? .init("maximum", .integer(0)) : .init("not", .object([.init("type", "integer")])),
      ]
        + (allowsZero ? [.init("minimum", .integer(0))] : [])
    case .time:
      [
        .init("type", "string"),
        .init(
          "pattern",
          .string("^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$")
        ),
      ]
    case .choice(let words): [.init("enum", .array(words.map(JSONValue.string)))]
    case .url: [.init("type", "string"), .init("pattern", .string(Self.address))]
    case .matchers(let least):
      [
        .init(
          "anyOf",
          [
            .object(SchemaType.word.members),
            .object(SchemaType.texts.members + [.init("minProperties", .integer(Int64(least)))]),
            .object(SchemaType.list(.either([.word, .texts]), atLeast: least).members),
          ])
      ]
    case .list(let item, let least, let most, let distinct):
      [.init("type", "array"), .init("items", .object(item.members))]
        + (least == 0 ? [] : [.init("minItems", .integer(Int64(least)))])
        + (most.map { [.init("maxItems", .integer(Int64($0)))] } ?? [])
        + (distinct ? [.init("uniqueItems", true)] : [])
    case .mapping(let value):
      [
        .init("type", "object"),
        .init(
          "additionalProperties", .object([.init("anyOf", [.object(value.members), .object([.init("type", "null")])])])),
      ]
    case .headers(let orSecret):
      [
        .init("type", "object"),
        .init("propertyNames", .object([.init("pattern", "^[!-9;-~]+$")])),
        .init(
          "additionalProperties",
          .object(
            orSecret
              ? SchemaType.either([.pattern(#"^[^\r\n]*$"#), .secret]).members
              : SchemaType.pattern(#"^[^\r\n]*$"#).members)),
      ]
    case .object(let object): object.orNullMembers
    case .either(let types): [.init("anyOf", .array(types.map { .object($0.members) }))]
    case .secret, .shared: members
    }
  }
}

extension SchemaObject {
  fileprivate var orNullMembers: [JSONValue.Member] {
    guard case .object(let members) = orNull else { return [] }
    return members
  }
}

extension JSONValue {
  /// The names of the definitions that a schema refers to.
  fileprivate var references: [String] {
    switch self {
    case .object(let members):
      members.flatMap { member -> [String] in
        guard member.name == "$ref", let target = member.value.string else { return member.value.references }
        return target.split(separator: "/").dropFirst(2).map(String.init)
      }
    case .array(let elements): elements.flatMap(\.references)
    default: []
    }
  }
}
