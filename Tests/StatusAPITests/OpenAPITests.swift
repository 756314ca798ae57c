import Foundation
import Hummingbird
import JSON
import Model
import TestKit
import Testing

@testable import StatusAPI

@Suite struct `The description of the API` {
  @Test func `is that of the folder docs, and what is served`() async throws {
    let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/openapi.json")
    let text = String(decoding: OpenAPIDocument.bytes, as: UTF8.self) + "\n"
    if ProcessInfo.processInfo.environment["RECORD"] == "1" { try Data(text.utf8).write(to: file) }
    let written = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    #expect(lineDifference(from: written, to: text) == "", "run this test with RECORD=1")
    let answer = try await Asking().send("/openapi.json")
    #expect(answer.status == 200 && answer.headers[.contentType]?.hasPrefix("application/json") == true)
    #expect(answer.text + "\n" == text)
  }

  @Test func `is told once to a reader that keeps it`() async throws {
    let (first, second) = try await Asking().sendTwice("/openapi.json")
    #expect(first.status == 200 && first.headers[.eTag] != nil)
    #expect(second.status == 304 && second.text.isEmpty && second.headers[.eTag] == first.headers[.eTag])
  }

  @Test func `has the same tag for every reader and in every process`() async throws {
    let tokens = [
      try ReadToken(sha256: `Who may read`.digest("a"), name: "all"),
      try ReadToken(sha256: `Who may read`.digest("b"), name: "shop", tenants: ["shop"]),
    ]
    let asking = Asking(tokens: tokens)
    let tags = try await [
      asking.send("/openapi.json", headers: [.authorization: "Bearer a"]),
      asking.send("/openapi.json", headers: [.authorization: "Bearer b"]), Asking().send("/openapi.json"),
    ].map { $0.headers[.eTag] }
    #expect(Set(tags).count == 1 && tags[0] != nil)
  }

  @Test func `names every endpoint and nothing else`() throws {
    let described = Set(OpenAPIDocument.operations.map(\.path))
    #expect(described.count == OpenAPIDocument.operations.count)
    #expect(Set(Endpoint.samples.compactMap(\.template)) == described)
    for operation in OpenAPIDocument.operations {
      let segments = operation.path.dropFirst().split(separator: "/").map { $0.hasPrefix("{") ? "5" : String($0) }
      #expect(Endpoint(segments)?.template == operation.path)
    }
  }

  @Test func `names each operation by a word of its own`() {
    let ids = OpenAPIDocument.operations.map(\.id)
    #expect(Set(ids).count == ids.count)
  }

  @Test(arguments: OpenAPIDocument.operations.map(\.path))
  func `has the parameters that the handler takes`(path: String) throws {
    let operation = try #require(OpenAPIDocument.operations.first { $0.path == path })
    let endpoint = try #require(Endpoint.samples.first { $0.template == path })
    let query = operation.parameters.filter { $0.place == .query }
    #expect(query.map(\.name).sorted() == endpoint.parameters.sorted())
    let inPath = operation.parameters.filter { $0.place == .path }.map { "{\($0.name)}" }
    #expect(inPath == path.split(separator: "/").map(String.init).filter { $0.hasPrefix("{") })
    for parameter in query where parameter.schema.json["type"]?.string == "array" {
      let twice = [parameter.name, parameter.name].map { RequestTarget.Parameter(name: $0, value: "a") }
      #expect(throws: Never.self) { try Parameters(twice, for: endpoint) }
    }
  }

  @Test func `has a sentence for everything`() throws {
    func judge(_ value: JSONValue, _ path: String) {
      guard case .object(let members) = value else { return }
      for member in members {
        if member.name == "properties", case .object(let properties) = member.value {
          for property in properties {
            let words = property.value["description"]?.string ?? ""
            #expect(words.count > 3 && (words.hasSuffix(".") || words.hasSuffix("…")), "\(path).\(property.name)")
          }
        }
        judge(member.value, path + "." + member.name)
      }
    }
    judge(OpenAPIDocument.json["components"] ?? .null, "")
  }

  @Test func `refers only to what it has`() throws {
    let document = OpenAPIDocument.json
    var referred: Set<String> = []
    func walk(_ value: JSONValue) {
      switch value {
      case .object(let members):
        for member in members {
          if member.name == "$ref", let text = member.value.string { referred.insert(text) }
          walk(member.value)
        }
      case .array(let items): items.forEach(walk)
      default: break
      }
    }
    walk(document)
    for reference in referred {
      let found = reference.split(separator: "/").dropFirst().reduce(Optional(document)) { $0?[String($1)] }
      #expect(found != nil, "\(reference)")
    }
    let components = OpenAPIDocument.schemas.map { "#/components/schemas/" + $0.name }
    #expect(Set(components).subtracting(referred) == [], "nothing refers to these")
  }
}

extension Endpoint {
  /// One of each form.
  static let samples: [Endpoint] =
    [
      .livez, .healthz, .readyz, .version, .metrics, .status, .tenants, .scope(.platform), .scope(.tenant("5")),
      .scope(.project(tenant: "5", project: "5")), .resources, .resource, .revision("5"), .syncs, .sync("5"), .alerts,
      .groups, .silences, .alert("5"), .history, .deliveries, .audit, .rules, .channels, .stats, .changes, .events,
      .openAPI, .page(.overview), .asset("5"), .session,
    ]
    + [nil, "5"].flatMap { tenant in
      PrometheusQuery.samples.map { .prometheus($0, tenant: tenant) }
        + AlertmanagerQuery.samples.map { .alertmanager($0, tenant: tenant) }
    }

  /// Its path as the description writes it; `nil` for what isn't part of the API: the pages and what they load.
  var template: String? {
    switch self {
    case .prometheus(let query, let tenant):
      query.template.map { (tenant == nil ? "" : "/tenants/{tenant}") + "/prometheus" + $0 }
    case .alertmanager(let query, let tenant):
      query.template.map { (tenant == nil ? "" : "/tenants/{tenant}") + "/alertmanager" + $0 }
    case .page, .asset: nil
    default: handler
    }
  }
}

extension PrometheusQuery {
  fileprivate static let samples: [Self] = [
    .rules, .alerts, .buildInfo, .runtimeInfo, .flags, .configuration, .labels, .labelValues("5"), .series, .metadata,
    .targets, .alertmanagers, .query("query"), .query("query_range"), .query("query_exemplars"), .healthy, .ready,
  ]

  fileprivate var template: String? {
    switch self {
    case .rules: "/api/v1/rules"
    case .alerts: "/api/v1/alerts"
    case .buildInfo: "/api/v1/status/buildinfo"
    case .runtimeInfo: "/api/v1/status/runtimeinfo"
    case .flags: "/api/v1/status/flags"
    case .configuration: "/api/v1/status/config"
    case .labels: "/api/v1/labels"
    case .labelValues: "/api/v1/label/{name}/values"
    case .series: "/api/v1/series"
    case .metadata: "/api/v1/metadata"
    case .targets: "/api/v1/targets"
    case .alertmanagers: "/api/v1/alertmanagers"
    case .query(let kind): "/api/v1/" + kind
    case .healthy: "/-/healthy"
    case .ready: "/-/ready"
    case .other: nil
    }
  }
}

extension AlertmanagerQuery {
  fileprivate static let samples: [Self] = [
    .alerts, .groups, .silences, .silence("5"), .receivers, .status, .metrics, .healthy, .ready,
  ]

  fileprivate var template: String? {
    switch self {
    case .alerts: "/api/v2/alerts"
    case .groups: "/api/v2/alerts/groups"
    case .silences: "/api/v2/silences"
    case .silence: "/api/v2/silence/{id}"
    case .receivers: "/api/v2/receivers"
    case .status: "/api/v2/status"
    case .metrics: "/metrics"
    case .healthy: "/-/healthy"
    case .ready: "/-/ready"
    case .other: nil
    }
  }
}
