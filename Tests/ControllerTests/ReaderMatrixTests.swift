import Crypto
import Foundation
import JSON
import Model
import TestKit
import Testing
import Transport

@testable import Controller

/// A controller with two tenants, asked everything by readers of one of them.
@Suite struct `What readers of one tenant get of a controller` {
  private static let tokens = ["all": "", "shop": "@shop", "pay": "@pay"]

  private static func digest(_ token: String) -> String {
    SHA256.hash(data: Array(token.utf8)).map { String(format: "%02x", $0) }.joined()
  }

  /// Files of a tenant; `mark` is in every name, label and comment that could show up elsewhere.
  private static func tenant(_ name: String, mark: String, hook: String) -> [String: String?] {
    [
      "tenants/\(name)/tenant.yaml": World.tenant(name, hook: hook + "/" + mark),
      "tenants/\(name)/roles.yaml": """
      apiVersion: belfry/v1
      kind: RoleBinding
      metadata:
        name: \(mark)-team
      spec:
        role: viewer
        subjects: [{user: \(mark)@example.com}, {group: \(mark)-people}]

      """,
      "tenants/\(name)/silences.yaml": World.silence("\(mark)-quiet", "instance=\(mark)-9"),
      "tenants/\(name)/\(mark)-api/rules.yaml": World.rules(
        [("\(mark)Down", "up == 0"), ("\(mark)Slow", "\(mark)_latency > 1")], group: "\(mark)-group",
        summary: "\(mark) is down"),
    ]
  }

  /// An answer to a request.
  private struct Answer {
    let status: Int
    let text: String
  }

  private static func get(
    _ transport: CurlTransport, _ controller: RunningController, _ path: String, _ token: String?
  ) async throws -> Answer {
    let headers = token.map { [Label("Authorization", "Bearer " + $0)] } ?? []
    let response = try await transport.send(
      HTTPRequest(url: controller.url + path, headers: headers, responseLimit: 16 << 20))
    return Answer(status: response.status, text: String(decoding: response.body, as: UTF8.self))
  }

  /// What shows the whole.
  private static let lists = [
    "/api/v1/status", "/api/v1/tenants", "/api/v1/resources?limit=1000", "/api/v1/alerts", "/api/v1/groups",
    "/api/v1/silences", "/api/v1/syncs", "/api/v1/history", "/api/v1/deliveries", "/api/v1/audit", "/api/v1/rules",
    "/api/v1/channels", "/api/v1/stats", "/api/v1/changes?since=2020-01-01T00:00:00Z", "/metrics",
    "/version", "/prometheus/api/v1/rules", "/prometheus/api/v1/alerts", "/alertmanager/api/v2/alerts",
    "/alertmanager/api/v2/alerts/groups", "/alertmanager/api/v2/silences", "/alertmanager/api/v2/receivers",
    "/alertmanager/api/v2/status", "/", "/tenants", "/alerts", "/rules", "/syncs", "/silences", "/channels",
    "/history", "/audit",
  ]

  /// Paths that name a tenant.
  private static func own(_ tenant: String, mark: String) -> [String] {
    [
      "/api/v1/tenants/\(tenant)", "/api/v1/tenants/\(tenant)/projects/\(mark)-api",
      "/tenants/\(tenant)/prometheus/api/v1/rules", "/tenants/\(tenant)/prometheus/api/v1/alerts",
      "/tenants/\(tenant)/alertmanager/api/v2/alerts", "/tenants/\(tenant)/alertmanager/api/v2/alerts/groups",
      "/tenants/\(tenant)/alertmanager/api/v2/silences", "/tenants/\(tenant)/alertmanager/api/v2/receivers",
      "/tenants/\(tenant)/alertmanager/api/v2/status", "/tenants/\(tenant)",
    ]
  }

  /// Lists that a tenant chooses from.
  private static let filtered = [
    "/api/v1/resources", "/api/v1/alerts", "/api/v1/groups", "/api/v1/silences", "/api/v1/history",
    "/api/v1/deliveries", "/api/v1/audit", "/api/v1/rules", "/api/v1/channels", "/api/v1/stats",
  ]

  // Some seconds alone; beside all others, which begin at once, as long as they take together.
  @Test(.timeLimit(.minutes(15)))
  func `is nothing of the other, and the same as of what isn't there`() async throws {
    try await inWorld { world in
      let marks = ["shop": "quince", "pay": "walnut"]
      var files: [String: String?] = ["platform/sources.yaml": World.source("main", world.prometheus.url)]
      for (tenant, mark) in marks {
        files.merge(Self.tenant(tenant, mark: mark, hook: world.pages.url)) { $1 }
      }
      world.prometheus.set("up == 0", [["instance": "a"], ["instance": "b"]])
      try await world.makeRepository()
      try await world.commit(files, "Begin")
      // A change of each tenant alone, and one that breaks the other's project.
      try await world.commit(
        ["tenants/pay/walnut-api/more.yaml": World.rules([("walnutMore", "walnut_x > 1")], group: "walnut-more")],
        "walnut: more rules")
      let settings = Self.tokens.map { name, tenants in "\(name)=\(Self.digest("token of " + name))\(tenants)" }
      let controller = try await world.controller(["--token-sha256", settings.joined(separator: ",")])
      let transport = try CurlTransport(version: "test")
      func get(_ path: String, _ reader: String) async throws -> Answer {
        try await Self.get(transport, controller, path, "token of " + reader)
      }
      try await controller.eventually("both tenants fire and were told") {
        let history = try await get("/api/v1/history", "all").text
        let sent = try await [get("/api/v1/deliveries", "shop").text, get("/api/v1/deliveries", "pay").text]
        return history.contains("walnutDown") && history.contains("quinceDown")
          && sent.allSatisfy { $0.contains("\"outcome\"") }
      }
      try await world.commit(["tenants/pay/walnut-api/rules.yaml": "groups: walnut-broken\n"], "walnut: break it")
      let broken = try await world.head()
      try await controller.eventually("the project is held") {
        try await get("/api/v1/tenants/pay/projects/walnut-api", "pay").text.contains("\"Held\"")
      }
      // Whose commit it is shows in its subject, and in the files that it changed.
      let revision = try await get("/api/v1/revisions/" + broken, "shop")
      expectNothing(of: "pay", "walnut", in: revision, "/api/v1/revisions/…", reader: "shop")

      for path in Self.lists {
        let nobody = try await Self.get(transport, controller, path, nil)
        let wrong = try await Self.get(transport, controller, path, "wrong")
        #expect(nobody.status == 401 && wrong.status == 401, "\(path)")
        for (tenant, other) in [("shop", "pay"), ("pay", "shop")] {
          let answer = try await get(path, tenant)
          expectNothing(of: other, marks[other] ?? "", in: answer, path, reader: tenant)
        }
      }
      for (tenant, other) in [("shop", "pay"), ("pay", "shop")] {
        let mark = marks[other] ?? ""
        for path in Self.own(other, mark: mark) {
          let hidden = try await get(path, tenant)
          let missing = try await get(path.replacing(other, with: "nosuch").replacing(mark, with: "nosuch"), tenant)
          let (shown, expected) = (hidden.text.replacing(mark, with: other), missing.text)
          #expect(Self.steady(shown, other) == Self.steady(expected, "nosuch"), "\(path) tells \(tenant) of it")
          #expect(hidden.status == missing.status, "\(path)")
          #expect(hidden.status == 404, "\(path)")
          #expect(try await get(path, other).status == get(path, "all").status, "\(path)")
        }
        for path in Self.filtered {
          let hidden = try await get(path + "?tenant=" + other, tenant)
          let missing = try await get(path + "?tenant=nosuch", tenant)
          #expect(hidden.status == missing.status, "\(path)")
          #expect(Self.steady(hidden.text, other) == Self.steady(missing.text, "nosuch"), "\(path)")
        }
        try await expectIDsHidden(of: other, from: tenant, get)
      }
      await transport.shutdown()
    }
  }

  /// Without what the clock alone changes, and without the tenant asked for.
  private static func steady(_ text: String, _ tenant: String) -> String {
    text.replacing(tenant, with: "T")
      .replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/, with: "TIME")
  }

  private func expectNothing(of other: String, _ mark: String, in answer: Answer, _ path: String, reader: String) {
    for word in [mark, "tenants/\(other)", "\"\(other)\"", "\(other)/"] where answer.text.contains(word) {
      let place = answer.text.range(of: word).map { range in
        let start = answer.text.index(range.lowerBound, offsetBy: -160, limitedBy: answer.text.startIndex)
        let end = answer.text.index(range.upperBound, offsetBy: 160, limitedBy: answer.text.endIndex)
        return String(answer.text[(start ?? answer.text.startIndex)..<(end ?? answer.text.endIndex)])
      }
      Issue.record("\(path) shows \(reader) '\(word)' of \(other): \(place ?? "")")
      return
    }
  }

  /// Ids that one reader learned lead another nowhere, with the words for what isn't there.
  private func expectIDsHidden(
    of other: String, from tenant: String, _ get: (String, String) async throws -> Answer
  ) async throws {
    let resources = try JSONValue(parsing: try await get("/api/v1/resources?limit=1000", other).text)
    for item in resources["items"]?.array ?? [] {
      guard let id = item["id"]?.string else { continue }
      let answer = try await get("/api/v1/resource?id=" + id, tenant)
      #expect(answer.status == 404 && answer.text.contains("no such resource is live"))
    }
    let alerts = try JSONValue(parsing: try await get("/api/v1/alerts", other).text)
    let fingerprints = (alerts["items"]?.array ?? []).compactMap { $0["fingerprint"]?.string }
    #expect(!fingerprints.isEmpty)
    for fingerprint in fingerprints {
      let hidden = try await get("/api/v1/alerts/" + fingerprint, tenant)
      let missing = try await get("/api/v1/alerts/0123456789abcdef", tenant)
      #expect(hidden.status == 404)
      #expect(hidden.text.replacing(fingerprint, with: "F") == missing.text.replacing("0123456789abcdef", with: "F"))
    }
    let syncs = try JSONValue(parsing: try await get("/api/v1/syncs", tenant).text)
    for sync in syncs["items"]?.array ?? [] {
      guard let id = sync["id"]?.int else { continue }
      let answer = try await get("/api/v1/syncs/\(id)", tenant)
      expectNothing(
        of: other, other == "pay" ? "walnut" : "quince", in: answer, "/api/v1/syncs/\(id)", reader: tenant)
    }
  }
}
