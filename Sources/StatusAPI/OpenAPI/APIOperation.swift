import JSON

/// A parameter of a path or a query.
struct APIParameter: Sendable {
  enum Place: String, Sendable {
    case path, query
  }

  let name: String
  let place: Place
  let schema: Schema
  let description: String
  let isRequired: Bool
  /// An example that is accepted, where the schema's words can't tell all that is.
  let example: JSONValue?

  static func path(_ name: String, _ schema: Schema, _ description: String, example: JSONValue? = nil) -> Self {
    Self(name: name, place: .path, schema: schema, description: description, isRequired: true, example: example)
  }

  static func query(
    _ name: String, _ schema: Schema, _ description: String, required: Bool = false, example: JSONValue? = nil
  ) -> Self {
    Self(
      name: name, place: .query, schema: schema, description: description, isRequired: required, example: example)
  }

  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("name", .string(name)), .init("in", .string(place.rawValue)), .init("required", .bool(isRequired)),
      .init("description", .string(description)), .init("schema", schema.json),
    ]
    if let example { members.append(.init("example", example)) }
    return .object(members)
  }
}

/// What a path answers to `GET`.
struct APIOperation: Sendable {
  /// The body of the answer 200.
  enum Body: Sendable {
    /// JSON of a component, or a form of its own.
    case json(Schema)
    /// Text of one content type.
    case text(Content, String)
    /// Server-sent events without an end.
    case stream(String)
    /// 204: headers alone.
    case nothing
  }

  /// Whose words errors are told in.
  enum ErrorShape: String, CaseIterable, Sendable {
    case own, prometheus, alertmanager
  }

  /// Statuses besides 200 and those that every operation has.
  enum Refusal: String, CaseIterable, Sendable {
    case notModified = "304"
    case forbidden = "403"
    case notFound = "404"
    case ambiguous = "409"
    /// Prometheus's answer to a query that can't be computed.
    case notUnderstood = "422"
    case unavailable = "503"
  }

  /// What the path is about; operations of one tag stand together.
  enum Tag: String, CaseIterable, Sendable {
    case live, records, figures, events, dialects, process
  }

  let path: String
  /// Names the operation for generated clients.
  let id: String
  let tag: Tag
  let summary: String
  var description = ""
  var parameters: [APIParameter] = []
  let body: Body
  var refusals: [Refusal] = []
  /// Whether it is answered to everybody who can connect.
  var isOpen = false
  var errors = ErrorShape.own
}
