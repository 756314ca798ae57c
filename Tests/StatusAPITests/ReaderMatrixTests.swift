import Hummingbird
import JSON
import Model
import TestKit
import Testing

@testable import StatusAPI

/// One row of the matrix for each ``Endpoint``: a new endpoint doesn't compile until it has one, and has none until it
/// is asked something.
private enum Row: String, CaseIterable {
  case livez, healthz, readyz, version, metrics, status, tenants, scope, resources, resource, revision, syncs, sync
  case alerts, alert, groups, silences, history, deliveries, audit, rules, channels, stats, changes, events, openAPI
  case prometheus, alertmanager, page, asset, session

  init(_ endpoint: Endpoint) {
    self =
      switch endpoint {
      case .livez: .livez
      case .healthz: .healthz
      case .readyz: .readyz
      case .version: .version
      case .metrics: .metrics
      case .status: .status
      case .tenants: .tenants
      case .scope: .scope
      case .resources: .resources
      case .resource: .resource
      case .revision: .revision
      case .syncs: .syncs
      case .sync: .sync
      case .alerts: .alerts
      case .alert: .alert
      case .groups: .groups
      case .silences: .silences
      case .history: .history
      case .deliveries: .deliveries
      case .audit: .audit
      case .rules: .rules
      case .channels: .channels
      case .stats: .stats
      case .changes: .changes
      case .events: .events
      case .openAPI: .openAPI
      case .prometheus: .prometheus
      case .alertmanager: .alertmanager
      case .page: .page
      case .asset: .asset
      case .session: .session
      }
  }
}

@Suite struct `Every reader at every endpoint` {
  /// What is asked: the whole, and what names a tenant, once for each of two. `shown` is what the table says.
  static let asked: [(shown: String, path: String)] =
    [
      "/livez", "/healthz", "/readyz", "/version", "/metrics", "/openapi.json", "/session", "/assets/style.css", "/",
      "/api/v1/status", "/api/v1/platform", "/api/v1/tenants", "/api/v1/resources", "/api/v1/alerts",
      "/api/v1/groups", "/api/v1/silences", "/api/v1/history", "/api/v1/deliveries", "/api/v1/audit",
      "/api/v1/syncs", "/api/v1/syncs/3", "/api/v1/revisions/9f2c000", "/api/v1/rules", "/api/v1/channels",
      "/api/v1/stats", "/api/v1/changes?since=2026-11-20T00:00:00Z", "/api/v1/events", "/prometheus/api/v1/rules",
      "/prometheus/api/v1/alerts", "/alertmanager/api/v2/alerts", "/alertmanager/api/v2/alerts/groups",
      "/alertmanager/api/v2/silences", "/alertmanager/api/v2/receivers", "/alertmanager/api/v2/status",
    ].map { ($0, $0) }
    + ["shop", "billing"].flatMap { tenant -> [(String, String)] in
      let alert = World.alerts.first { $0.alert.scope == .tenant(tenant) }?.alert.fingerprint.description ?? ""
      return [
        ("/api/v1/tenants/\(tenant)", "/api/v1/tenants/\(tenant)"),
        ("/api/v1/resource?id=… of \(tenant)", "/api/v1/resource?id=" + World.channel(.tenant(tenant)).opaque),
        ("/api/v1/alerts/… of \(tenant)", "/api/v1/alerts/" + alert),
        ("/api/v1/alerts?tenant=\(tenant)", "/api/v1/alerts?tenant=\(tenant)"),
        ("/tenants/\(tenant)/prometheus/api/v1/rules", "/tenants/\(tenant)/prometheus/api/v1/rules"),
        ("/tenants/\(tenant)/alertmanager/api/v2/alerts", "/tenants/\(tenant)/alertmanager/api/v2/alerts"),
      ]
    }

  /// Who asks, and what they may see; `nil` for nobody who may.
  static func readers() throws -> [(name: String, headers: HTTPFields, sees: Visibility?)] {
    func issued(_ user: String, _ groups: [String]) throws -> HTTPFields {
      let claims = TestIssuer.claims(["email": .string(user), "groups": .array(groups.map { .string($0) })])
      return [.authorization: "Bearer " + (try TestIssuer.token(claims: claims))]
    }
    return [
      ("nobody", [:], nil), ("wrong token", [.authorization: "Bearer wrong"], nil),
      ("token of shop", [.authorization: "Bearer of shop"], .tenants(["shop"])),
      ("token of billing", [.authorization: "Bearer of billing"], .tenants(["billing"])),
      ("token of both", [.authorization: "Bearer of both"], .tenants(["billing", "shop"])),
      ("token of all", [.authorization: "Bearer of all"], .all),
      ("user bound in shop", try issued("ana@example.com", []), .tenants(["shop"])),
      ("group bound in shop", try issued("x@example.com", ["shop-team"]), .tenants(["shop"])),
      ("group bound in platform", try issued("x@example.com", ["sre"]), .all),
      ("not bound", try issued("x@example.com", ["others"]), nil),
    ]
  }

  static func asking() throws -> SignedIn {
    var asking = try SignedIn()
    let digest = `Who may read`.digest
    asking.tokens = [
      try ReadToken(sha256: digest("of all")), try ReadToken(parsing: digest("of shop") + "@shop"),
      try ReadToken(parsing: digest("of billing") + "@billing"),
      try ReadToken(parsing: digest("of both") + "@shop+billing"),
    ]
    return asking
  }

  /// Words that stand in what is of a tenant, or of the platform's own alerts.
  static let marks: [(scope: String, words: [String])] = [
    ("shop", ["team-shop", "\"Lost\"", "Lost on"]),
    ("billing", ["billing", "Billing", "pay-1"]), ("platform", ["BelfryChannelFailing", #""scope":"platform""#]),
  ]

  @Test func `every endpoint is asked something`() throws {
    var rows: Set<Row> = []
    for (_, path) in Self.asked {
      let endpoint = try #require(Endpoint(RequestTarget(path).segments), "nothing is served under \(path)")
      rows.insert(Row(endpoint))
    }
    #expect(Set(Row.allCases).subtracting(rows).isEmpty)
  }

  @Test func `shows each reader its own, and a table says what`() async throws {
    let asking = try Self.asking()
    let readers = try Self.readers()
    var table = "| asked | " + readers.map(\.name).joined(separator: " | ") + " |\n"
    table += "|---|" + String(repeating: "---|", count: readers.count) + "\n"
    var byReader: [[Answer]] = []
    for reader in readers {
      byReader.append(try await asking.send(Self.asked.map { ($0.path, reader.headers) }))
    }
    for (row, ask) in Self.asked.enumerated() {
      let cells = zip(readers, byReader).map { reader, answers in
        let answer = answers[row]
        var seen = Self.marks.filter { mark in mark.words.contains { answer.text.contains($0) } }.map(\.scope)
        // What somebody asked for by name may be repeated in what says that it isn't there.
        if answer.status != 200 { seen = [] }
        for scope in seen {
          let isAllowed = reader.sees?.allows(scope == "platform" ? .platform : .tenant(scope)) ?? false
          #expect(isAllowed, "\(ask.path) shows \(reader.name) what is of \(scope)")
        }
        return ([String(answer.status)] + seen).joined(separator: " ")
      }
      table += "| `\(ask.shown)` | " + cells.joined(separator: " | ") + " |\n"
    }
    #expect(goldenDifference(table, "reader-matrix.md") == nil)
  }

  @Test func `answers readers of one sight alike, however they came by it`() async throws {
    let asking = try Self.asking()
    let requests = Self.asked.filter { $0.path != "/session" }
    var known: [Visibility: [String]] = [:]
    for reader in try Self.readers() {
      guard let sees = reader.sees else { continue }
      let texts = try await asking.send(requests.map { ($0.path, reader.headers) }).map(\.text)
      if let others = known[sees] { #expect(texts == others, "\(reader.name)") }
      known[sees] = texts
    }
  }
}
