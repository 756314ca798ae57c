import Foundation
import JSON
import Model
import TestKit
import Testing
import Transport

@testable import Controller

@Suite(.enabled(if: Alertmanagers.isInstalled, "prometheus-alertmanager is not installed; make deps-test installs it"))
struct `Beside an Alertmanager` {
  @Test func `compare reports what only one of them has`() async throws {
    try await inWorld { world in
      let alertmanager = try await Alertmanagers.start(hook: world.pages.url)
      try await world.makeRepository(with: [
        "tenants/shop/tenant.yaml": World.tenant(
          hook: "http://127.0.0.1:1/unused", settings: "  notify: observe\n  notify_until: 2099-01-01T00:00:00Z\n")
      ])
      world.prometheus.set("up == 0", [["instance": "a"]])
      let controller = try await world.syncedController()
      try await controller.alert("Down", is: "firing")
      try await Alertmanagers.post([["alertname": "Down", "instance": "a"]], to: alertmanager)
      func compare() async throws -> Finished {
        try await world.belfry(
          "compare", "--url", controller.url, "--alertmanager", alertmanager.url, "--tenant", "shop", "--for", "1s",
          "--every", "250ms", "--patience", "500ms")
      }
      try await controller.eventually("both have the alert") { try await compare().code == 0 }
      try await Alertmanagers.post([["alertname": "Extra", "team": "shop"]], to: alertmanager)
      try await controller.eventually("the difference lasts") { try await compare().code == 2 }
      let report = try await compare()
      #expect(
        report.output.contains(#"only Alertmanager has alert {alertname="Extra", team="shop"}"#), "\(report.output)")
      #expect(report.output.contains("2 differences in"))
      let narrowed = try await world.belfry(
        "compare", "--url", controller.url, "--alertmanager", alertmanager.url, "--tenant", "shop", "--for", "1s",
        "--every", "250ms", "--patience", "500ms", "--matcher", #"alertname="Down""#, "--format", "json")
      #expect(narrowed.code == 0, "\(narrowed.output)\(narrowed.errors)")
      #expect(try JSONValue(parsing: narrowed.output)["alerts"]?.int == 1)
      let gone = try await world.belfry(
        "compare", "--url", controller.url, "--alertmanager", "http://127.0.0.1:1", "--tenant", "shop", "--for", "1s")
      #expect(gone.code == 6)
    }
  }

  @Test func `two controllers forward to one Alertmanager, which tells each alert once, though one dies`() async throws
  {
    try await inWorld { world in
      let alertmanager = try await Alertmanagers.start(hook: world.pages.url)
      try await world.makeRepository(with: [
        "tenants/shop/tenant.yaml": World.tenant(hook: world.pages.url).replacing(
          "webhook: {url: '\(world.pages.url)'}", with: "alertmanager: {url: '\(alertmanager.url)'}")
      ])
      world.prometheus.set("up == 0", [["instance": "a"]])
      let one = try await world.controller(data: "one")
      let two = try await world.controller(data: "two")
      for controller in [one, two] {
        try await controller.applies(try await world.head())
        try await controller.alert("Down", is: "firing")
        try await controller.eventually("it forwards") {
          try await controller.items("deliveries").contains { $0["outcome"]?.string == "delivered" }
        }
      }
      try await one.eventually("the page arrives") { world.pages.count("Down") == 1 }
      one.process.kill()
      world.prometheus.set("up == 0", [])
      try await two.eventually("its end arrives") {
        world.pages.pages.contains { $0.alert == "Down" && $0.status == "resolved" }
      }
      #expect(world.pages.pages.map(\.status) == ["firing", "resolved"])
    }
  }
}

/// Debian's Alertmanager, started for one test.
enum Alertmanagers {
  static let program = "/usr/bin/prometheus-alertmanager"
  static var isInstalled: Bool { RealServer.isInstalled(program) }

  /// One that groups by name, sends at once to a webhook, and is ready.
  static func start(hook: String) async throws -> RealServer {
    let configuration = """
      route: {receiver: hook, group_by: [alertname], group_wait: 100ms, group_interval: 500ms}
      receivers:
      - name: hook
        webhook_configs: [{url: '\(hook)'}]

      """
    let server = try RealServer(program, files: ["alertmanager.yml": configuration]) { directory, address in
      [
        "--config.file=\(directory)/alertmanager.yml", "--storage.path=\(directory)/data",
        "--web.listen-address=\(address)", "--cluster.listen-address=", "--log.level=error",
      ]
    }
    let transport = try CurlTransport(version: "test")
    try await eventually("Alertmanager is ready") {
      try await transport.send(HTTPRequest(url: server.url + "/-/ready")).status == 200
    }
    return server
  }

  /// Says that alerts with these labels fire, for an hour.
  static func post(_ alerts: [[String: String]], to server: RealServer) async throws {
    let end = SystemClock().now + .seconds(3600)
    let body = JSONValue.array(
      alerts.map { labels in
        .object([
          .init("labels", .object(labels.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })),
          .init("endsAt", .string(end.description)),
        ])
      })
    let response = try await CurlTransport(version: "test").send(
      HTTPRequest(
        method: "POST", url: server.url + "/api/v2/alerts", headers: [Label("Content-Type", "application/json")],
        body: body.bytes()))
    #expect(response.status == 200)
  }
}
