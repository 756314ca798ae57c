import JSON
import Model

/// The description of the API that programs read: OpenAPI 3.1.
///
/// It is the same for every reader and every build; what it tells of is what the handlers do, and tests hold the two
/// against each other.
enum OpenAPIDocument {
  /// The document as it is served, made once.
  static let bytes: [UInt8] = json.bytes(pretty: true)

  /// Differs with the text.
  static let tag: EntityTag = {
    var hash = FNV1a()
    hash.combine(String(decoding: bytes, as: UTF8.self))
    return EntityTag(process: hash.value, generation: 0, reader: .all)
  }()

  static var operations: [APIOperation] {
    liveOperations + recordOperations + figureOperations + dialectOperations + processOperations + [sessionOperation]
  }

  /// Every component's schema by its name.
  static var schemas: [(name: String, schema: Schema)] {
    sharedSchemas + alertSchemas + explanationSchemas + resourceSchemas + scopeSchemas + statusSchemas + recordSchemas
      + syncSchemas + figureSchemas + changeSchemas + dialectSchemas
  }

  static var json: JSONValue {
    .object([
      .init("openapi", "3.1.0"), .init("jsonSchemaDialect", "https://spec.openapis.org/oas/3.1/dialect/base"),
      .init("info", info),
      // Relative to where this document is found, so that it holds behind a proxy under any path.
      .init("servers", .array([.object([.init("url", ".")])])),
      .init(
        "security", .array(["bearer", "basic", "cookie"].map { .object([.init($0, .array([]))]) } + [.object([])])),
      .init(
        "tags",
        .array(
          APIOperation.Tag.allCases.map {
            .object([.init("name", .string($0.rawValue)), .init("description", .string($0.description))])
          })),
      .init("paths", .object(operations.map { .init($0.path, .object([.init("get", $0.json)])) })),
      .init(
        "components",
        .object([
          .init("schemas", .object(schemas.map { .init($0.name, $0.schema.json) })),
          .init("responses", APIResponse.components), .init("securitySchemes", securitySchemes),
        ])),
    ])
  }

  private static var info: JSONValue {
    .object([
      .init("title", "Belfry's status API"), .init("version", .string(StatusDocument.schemaVersion)),
      .init("summary", "How alerting that lives in git stands: read only."),
      .init(
        "description",
        """
        `GET` and `HEAD` are answered; changes go through git. Names are in camelCase, what isn't known is `null`, lists \
        are never `null`. Fields may be added; none changes its meaning within a major version. Times are RFC 3339 in \
        UTC. A reader is answered as if what it may not see did not exist. A parameter that an operation doesn't have \
        is refused, and so is one given twice, unless its schema is an array; an empty one counts as not given.
        """),
      .init(
        "license", .object([.init("name", "Apache-2.0"), .init("identifier", "Apache-2.0")])),
    ])
  }

  private static var securitySchemes: JSONValue {
    .object([
      .init(
        "bearer",
        .object([
          .init("type", "http"), .init("scheme", "bearer"),
          .init("description", "A token that the settings name by its SHA-256, or a JSON Web Token of the issuer."),
        ])),
      .init(
        "basic",
        .object([
          .init("type", "http"), .init("scheme", "basic"),
          .init("description", "The same token as the password, with any user name, for browsers."),
        ])),
      .init(
        "cookie",
        .object([
          .init("type", "apiKey"), .init("in", "cookie"), .init("name", "belfry_session"),
          .init("description", "What logging in at the dashboard sets."),
        ])),
    ])
  }
}

extension APIOperation.Tag {
  fileprivate var description: String {
    switch self {
    case .live: "What is live: scopes, resources, alerts."
    case .records: "What the ledger keeps: syncs, history, deliveries, the audit."
    case .figures: "What is counted and compared."
    case .events: "What happens, as it happens."
    case .dialects: "The same in Prometheus's and Alertmanager's words, for the tools that speak them."
    case .process: "The process itself."
    }
  }
}
