import Diagnostics
import Hummingbird
import JSON
import Model
import TestKit
import Testing

@testable import StatusAPI

@Suite struct `The description of the API and the answers` {
  /// Each JSON operation's paths, which together show every member.
  static let asked: [String: [String]] = [
    "/version": ["/version"],
    "/openapi.json": ["/openapi.json"],
    "/api/v1/status": ["/api/v1/status"],
    "/api/v1/platform": ["/api/v1/platform"],
    "/api/v1/tenants": ["/api/v1/tenants"],
    "/api/v1/tenants/{tenant}": ["/api/v1/tenants/shop", "/api/v1/tenants/billing"],
    "/api/v1/tenants/{tenant}/projects/{project}": ["/api/v1/tenants/shop/projects/checkout"],
    "/api/v1/resources": ["/api/v1/resources", "/api/v1/resources?limit=1"],
    "/api/v1/resource": World.resources.map { "/api/v1/resource?id=" + $0.opaque },
    "/api/v1/revisions/{sha}": ["/api/v1/revisions/9f2c000"],
    "/api/v1/syncs": ["/api/v1/syncs"],
    "/api/v1/syncs/{id}": ["/api/v1/syncs/1", "/api/v1/syncs/3"],
    "/api/v1/alerts": ["/api/v1/alerts"],
    "/api/v1/alerts/{fingerprint}": World.alerts.map { "/api/v1/alerts/\($0.alert.fingerprint)" },
    "/api/v1/groups": ["/api/v1/groups"],
    "/api/v1/silences": ["/api/v1/silences"],
    "/api/v1/history": ["/api/v1/history"],
    "/api/v1/deliveries": ["/api/v1/deliveries"],
    "/api/v1/audit": ["/api/v1/audit"],
    "/api/v1/rules": ["/api/v1/rules"],
    "/api/v1/channels": ["/api/v1/channels"],
    "/api/v1/stats": ["/api/v1/stats"],
    "/api/v1/changes": ["/api/v1/changes"],
  ].merging(askedOfDialects) { $1 }

  private static let askedOfDialects: [String: [String]] = {
    var asked: [String: [String]] = [:]
    for operation in OpenAPIDocument.operations where operation.tag == .dialects {
      let path = operation.path.replacing("{tenant}", with: "shop").replacing("{name}", with: "severity")
        .replacing("{id}", with: SilenceUUID(of: "shop/migration").text)
      if path.contains("/query_") {
        asked[operation.path] = []
      } else {
        asked[operation.path] = [path + (path.hasSuffix("/query") ? "?query=1%2B1" : "")]
      }
    }
    return asked
  }()

  private static let document = OpenAPIDocument.json

  private static func schema(of operation: APIOperation, _ status: String = "200") -> JSONValue? {
    var response = document["paths"]?[operation.path]?["get"]?["responses"]?[status]
    if let reference = response?["$ref"]?.string {
      response = reference.split(separator: "/").dropFirst().reduce(Optional(document)) { $0?[String($1)] }
    }
    return response?["content"]?["application/json"]?["schema"]
  }

  @Test func `agree, with every member that is described`() async throws {
    let validator = SchemaValidator(root: Self.document, isClosed: true)
    for operation in OpenAPIDocument.operations {
      guard case .json = operation.body else { continue }
      let schema = try #require(Self.schema(of: operation))
      let paths = try #require(Self.asked[operation.path], "\(operation.path) is never asked")
      for path in paths {
        let answer = try await Asking(source: ScriptedSource(document: World.troubled)).send(path)
        #expect(answer.status == 200, "\(path): \(answer.text)")
        let problems = validator.problems(of: try answer.json, by: schema)
        #expect(problems == [], "\(path): \(problems.prefix(3))")
      }
    }
    for (name, value) in World.seldom {
      let schema = Schema.named(name).json
      #expect(validator.problems(of: try JSONValue(parsing: value), by: schema) == [], "\(name)")
    }
    let named = validator.namedMembers(below: Self.document["components"]?["schemas"] ?? .null)
    #expect(named.subtracting(validator.usedMembers).subtracting(Self.ofErrors) == [], "described, never seen")
  }

  private static let ofErrors: Set = [
    "Why a request got no answer..error", "The reason..code", "The reason..message",
    "Why a request got no answer, for Prometheus's clients..status",
    "Why a request got no answer, for Prometheus's clients..errorType",
    "Why a request got no answer, for Prometheus's clients..error",
    // A page's token comes only with more groups than one page has.
    "Rule groups for Prometheus's clients..groupNextToken",
  ]

  /// Refusals, with the operation that they are of.
  static let refused: [(operation: String, path: String, status: String)] = [
    ("/api/v1/status", "/api/v1/status?colour=red", "400"),
    ("/api/v1/tenants/{tenant}", "/api/v1/tenants/nobody", "404"),
    ("/api/v1/resource", "/api/v1/resource", "400"),
    ("/api/v1/revisions/{sha}", "/api/v1/revisions/abcdefa", "409"),
    ("/api/v1/syncs/{id}", "/api/v1/syncs/none", "400"),
    ("/api/v1/syncs/{id}", "/api/v1/syncs/77", "404"),
    ("/api/v1/alerts/{fingerprint}", "/api/v1/alerts/0000000000000000", "404"),
  ]

  @Test(arguments: refused)
  func `agree on refusals`(operation: String, path: String, status: String) async throws {
    let operation = try #require(OpenAPIDocument.operations.first { $0.path == operation })
    let schema = try #require(Self.schema(of: operation, status))
    let answer = try await Asking().send(path)
    #expect(String(answer.status) == status)
    let validator = SchemaValidator(root: Self.document, isClosed: true)
    #expect(validator.problems(of: try answer.json, by: schema) == [])
  }

  @Test(
    arguments: OpenAPIDocument.operations.filter {
      $0.refusals.contains(.unavailable) && !$0.isOpen && $0.tag != .events
    }.map(\.path))
  func `agree that the ledger may be unreadable`(path: String) async throws {
    let asked = try #require(Self.asked[path]?.first)
    let answer = try await Asking(source: ScriptedSource(isLedgerReadable: false)).send(asked)
    #expect(answer.status == 503)
  }

  @Test func `agree on which answers carry a tag`() async throws {
    for operation in OpenAPIDocument.operations where !operation.isOpen && operation.tag != .events {
      let path = Self.asked[operation.path]?.first ?? operation.path
      let answer = try await Asking().send(path)
      #expect((answer.headers[.eTag] != nil) == operation.refusals.contains(.notModified), "\(path)")
    }
  }

  @Test func `agree on the form of what isn't JSON`() async throws {
    for operation in OpenAPIDocument.operations {
      guard case .text(let content, _) = operation.body else { continue }
      let path = Self.asked[operation.path]?.first ?? operation.path
      #expect(try await Asking().send(path).headers[.contentType] == content.rawValue, "\(path)")
    }
  }
}

extension World {
  /// The document of a day on which everything went wrong.
  @Sendable static func troubled(for reader: Visibility) -> StatusDocument {
    var document = status(for: reader)
    document.source.verification = VerificationView(
      mode: "signed", status: "Refused", signer: "ana@example.com", fingerprint: "SHA256:abc",
      trustRoot: old.commit, authorised: old.commit, refusedFiles: 1)
    document.source.lastError = SourceView.Failure(message: "no route to host", since: now, attempts: 3)
    document.source.rewrite = RewriteView(
      policy: "refuse", isDetected: true,
      found: RewriteView.Found(
        from: old.commit, to: new.commit, mergeBase: nil, lost: [commit], lostCount: 1, deletions: 2, firing: 1, at: now
      ))
    document.deletionGuard = GuardView(
      findings: [
        GuardView.Finding(
          scope: checkout, status: .tripped, cause: "DeletionShare", deletions: 12, total: 14, firing: 2,
          resources: [.init(kind: "RuleGroup", name: "g", file: "rules.yaml", line: 5, firing: 2)])
      ],
      approvals: [
        GuardView.Approval(
          scope: checkout, name: "tidy", deletions: 12, until: now, state: .unused, usedAt: nil, file: "approvals.yaml",
          line: 1)
      ])
    return document
  }

  /// What the world has no example of.
  static var seldom: [(schema: String, json: [UInt8])] {
    var failed = deliveries[0]
    failed.error = "serverError"
    failed.nextAttemptAt = now
    var finding = diagnostic
    finding.diagnostic.notes = [Diagnostic.Note("named here", at: finding.diagnostic.span)]
    var kept = alerts[0].alert
    kept.keepFiringSince = now
    let group = NotificationGroupView(
      key: "{}", channel: channel(.tenant("shop")), labels: [:], size: 1,
      hold: .init(reason: "cooldown", until: now))
    return [
      ("Delivery", failed.json), ("Diagnostic", finding.json), ("PrometheusAlert", PrometheusAlert.object(of: kept)),
      ("NotificationGroup", group.json),
    ]
  }
}
