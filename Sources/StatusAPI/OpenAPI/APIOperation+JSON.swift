import JSON

extension APIOperation {
  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("operationId", .string(id)), .init("tags", .array([.string(tag.rawValue)])),
      .init("summary", .string(summary)),
    ]
    if !description.isEmpty { members.append(.init("description", .string(description))) }
    if !parameters.isEmpty { members.append(.init("parameters", .array(parameters.map(\.json)))) }
    if isOpen { members.append(.init("security", .array([.object([])]))) }
    members.append(.init("responses", .object(responses)))
    return .object(members)
  }

  private var responses: [JSONValue.Member] {
    var isEmpty = false
    if case .nothing = body { isEmpty = true }
    var responses: [JSONValue.Member] = [.init(isEmpty ? "204" : "200", .object(answer))]
    var statuses = refusals.map(\.rawValue) + APIResponse.everywhere
    if isOpen { statuses.removeAll { $0 == "401" } }
    for status in Set(statuses).sorted() {
      if status == "503", case .text(let content, _) = body, isOpen {
        responses.append(
          .init("503", .object([.init("description", "A check fails."), .init("content", Self.content(content))])))
        continue
      }
      responses.append(
        .init(
          status, .object([.init("$ref", .string("#/components/responses/" + APIResponse.name(of: status, errors)))])))
    }
    return responses
  }

  private var answer: [JSONValue.Member] {
    switch body {
    case .json(let schema):
      var members: [JSONValue.Member] = [.init("description", .string(summary))]
      if refusals.contains(.notModified) { members.append(.init("headers", APIResponse.tagHeaders)) }
      members.append(
        .init("content", .object([.init("application/json", .object([.init("schema", schema.json)]))])))
      return members
    case .nothing:
      return [.init("description", .string(summary))]
    case .stream(let description):
      return [
        .init("description", .string(description)),
        .init("content", .object([.init("text/event-stream", .object([.init("schema", Schema.text.json)]))])),
      ]
    case .text(let content, let description):
      return [.init("description", .string(description)), .init("content", Self.content(content))]
    }
  }

  private static func content(_ content: Content) -> JSONValue {
    let type = String(content.rawValue.prefix { $0 != ";" })
    return .object([.init(type, .object([.init("schema", .object([.init("type", "string")]))]))])
  }
}

/// Answers that many operations share.
enum APIResponse {
  /// Statuses that any operation may answer.
  static let everywhere = ["400", "401", "405", "413", "414", "421", "429"]

  private struct Shared {
    let status: String
    let name: String
    let description: String
    var headers: [(name: String, description: String)] = []
  }

  private static let shared = [
    Shared(status: "304", name: "NotModified", description: "What `If-None-Match` names is still current; no body."),
    Shared(
      status: "400", name: "BadRequest",
      description: "A parameter or the path can't be understood, or the endpoint has no parameter of that name."),
    Shared(
      status: "401", name: "Unauthorised", description: "No credentials, or none that are known.",
      headers: [("WWW-Authenticate", "How to give them.")]),
    Shared(
      status: "403", name: "Forbidden", description: "The reader sees only some tenants, and this tells of all."),
    Shared(status: "404", name: "NotFound", description: "Nothing is there, or nothing for this reader."),
    Shared(
      status: "405", name: "MethodNotAllowed",
      description: "The request's method is neither `GET` nor `HEAD`. Changes go through git.",
      headers: [("Allow", "`GET, HEAD`")]),
    Shared(
      status: "409", name: "Ambiguous",
      description: "The beginning of several commits, or a fingerprint of several alerts."),
    Shared(
      status: "422", name: "NoSeries", description: "Belfry stores no series, so it has no answer to a query."),
    Shared(status: "413", name: "BodyNotRead", description: "The request carries a body."),
    Shared(status: "414", name: "TargetTooLong", description: "Path and query are longer than 8192 bytes."),
    Shared(status: "421", name: "Misdirected", description: "The request's `Host` is another's."),
    Shared(
      status: "429", name: "TooManyRequests", description: "The reader asks more often, or holds more, than it may.",
      headers: [("Retry-After", "After how many seconds to ask again.")]),
    Shared(status: "503", name: "Unavailable", description: "The ledger can't be read right now."),
  ]

  static func name(of status: String, _ errors: APIOperation.ErrorShape) -> String {
    let name = shared.first { $0.status == status }?.name ?? "BadRequest"
    return errors.prefix + name
  }

  /// Headers of documents that carry an entity tag.
  static let tagHeaders = headers([
    ("ETag", "Sent back as `If-None-Match`, it gets 304 while nothing has changed but the time.")
  ])

  static var components: JSONValue {
    .object(
      APIOperation.ErrorShape.allCases.flatMap { errors in
        shared.filter { errors == .own || errors.has(status: $0.status) }.map { response in
          .init(errors.prefix + response.name, component(response, errors))
        }
      })
  }

  private static func component(_ response: Shared, _ errors: APIOperation.ErrorShape) -> JSONValue {
    var members: [JSONValue.Member] = [.init("description", .string(response.description))]
    if response.status == "304" {
      members.append(.init("headers", tagHeaders))
    } else {
      if !response.headers.isEmpty { members.append(.init("headers", headers(response.headers))) }
      let content: JSONValue = .object([.init("schema", errors.schema.json)])
      members.append(.init("content", .object([.init("application/json", content)])))
    }
    return .object(members)
  }

  private static func headers(_ headers: [(name: String, description: String)]) -> JSONValue {
    .object(
      headers.map { header in
        .init(
          header.name,
          .object([
            .init("description", .string(header.description)), .init("required", .bool(true)),
            .init("schema", Schema.text.json),
          ]))
      })
  }
}

extension APIOperation.ErrorShape {
  /// What the names of its components begin with.
  fileprivate var prefix: String {
    switch self {
    case .own: ""
    case .prometheus: "Prometheus"
    case .alertmanager: "Alertmanager"
    }
  }

  /// Whether an operation of a dialect answers so.
  fileprivate func has(status: String) -> Bool {
    APIResponse.everywhere.contains(status) || status == "404" || status == "422" && self == .prometheus
  }

  fileprivate var schema: Schema {
    switch self {
    case .own: .named("Error")
    case .prometheus: .named("PrometheusError")
    case .alertmanager: .text
    }
  }
}
