import Foundation
import JSON
import Model
import TestKit
import Testing
import Transport

@testable import Controller

/// Whether Debian's tools are there.
private let hasAlertmanager = Alertmanagers.isInstalled && RealServer.isInstalled(Amtool.program)

@Suite struct `Clients of other systems` {
  @Test(.enabled(if: hasAlertmanager, "prometheus-alertmanager is not installed; make deps-test installs it"))
  func `get from Belfry what they get from an Alertmanager with the same alerts`() async throws {
    try await inWorld { world in
      let controller = try await DialectScene.start(in: world)
      let own = controller.url + "/alertmanager"
      // Belfry's own configuration is one that Alertmanager loads.
      let status = try await Web.json(own + "/api/v2/status")
      let configuration = try #require(status.at("config.original")?.string)
      let peer = try RealServer(Alertmanagers.program, files: ["alertmanager.yml": configuration]) {
        directory, address in
        [
          "--config.file=\(directory)/alertmanager.yml", "--storage.path=\(directory)/data",
          "--web.listen-address=\(address)", "--cluster.listen-address=", "--log.level=error",
        ]
      }
      try await eventually("Alertmanager is ready") { try await Web.status(peer.url + "/-/ready") == 200 }
      try await DialectScene.copy(from: own, to: peer.url)
      try await eventually("it groups them") {
        let groups = try await Web.json(peer.url + "/api/v2/alerts/groups").array?.count
        return try await groups == Web.json(own + "/api/v2/alerts/groups").array?.count
      }
      for path in DialectScene.paths {
        let answers = try await (Web.json(own + path), Web.json(peer.url + path))
        #expect(answers.0.normalised == answers.1.normalised, "\(path)")
      }
      // The configuration has one more, for what no route takes.
      let receivers = try await (Web.json(own + "/api/v2/receivers"), Web.json(peer.url + "/api/v2/receivers"))
      #expect(receivers.0.array == receivers.1.array?.filter { $0["name"]?.string != "unrouted" })
      for bad in ["/api/v2/alerts?filter=bad", "/api/v2/alerts?receiver=(", "/api/v2/silences?filter=bad"] {
        let answers = try await (Web.get(own + bad), Web.get(peer.url + bad))
        #expect(answers.0.status == 400 && answers.1.status == 400)
        #expect(try JSONValue(parsing: String(decoding: answers.0.body, as: UTF8.self)).string != nil)
      }
      let statuses = try await (Web.json(own + "/api/v2/status"), Web.json(peer.url + "/api/v2/status"))
      #expect(statuses.0.shape == statuses.1.shape)
      let silence = try #require(try await Web.json(own + "/api/v2/silences")[0]?["id"]?.string)
      let other = try #require(try await Web.json(peer.url + "/api/v2/silences")[0]?["id"]?.string)
      let silences = try await (
        Web.json(own + "/api/v2/silence/" + silence), Web.json(peer.url + "/api/v2/silence/" + other)
      )
      #expect(silences.0.normalised == silences.1.normalised)

      // The tool that comes with Alertmanager says the same of both.
      for arguments in Amtool.queries {
        let mine = try await Amtool.run(arguments, own, in: world)
        let theirs = try await Amtool.run(arguments, peer.url, in: world)
        #expect(mine.code == 0 && theirs.code == 0, "\(arguments): \(mine.errors)\(theirs.errors)")
        #expect(Amtool.comparable(mine.output) == Amtool.comparable(theirs.output), "\(arguments)")
      }
      let shown = try await Amtool.run(["config", "show"], own, in: world)
      #expect(shown.code == 0 && shown.output.contains("shop/chat"))
      let tested = try await Amtool.run(
        ["config", "routes", "test", "tenant=shop", "project=api", "severity=info"], own, in: world)
      #expect(tested.output == "shop/hook,shop/chat\n", "\(tested.output)\(tested.errors)")
      let refused = try await Amtool.run(["silence", "add", "alertname=x", "--comment=why"], own, in: world)
      #expect(refused.code != 0 && (refused.errors + refused.output).contains("405"))
      let tenant = try await Amtool.run(
        ["alert", "query", "-o", "json"], controller.url + "/tenants/shop/alertmanager", in: world)
      let whole = try await Amtool.run(["alert", "query", "-o", "json"], own, in: world)
      #expect(Amtool.comparable(tenant.output) == Amtool.comparable(whole.output))
    }
  }

  @Test(
    .enabled(
      if: RealServer.isInstalled(RealServer.prometheus), "prometheus is not installed; make deps-test installs it"))
  func `get rules and alerts from Belfry in the shape that a Prometheus gives them`() async throws {
    try await inWorld { world in
      let rules = """
        groups:
          - name: g
            interval: 1s
            rules:
              - alert: Firing
                expr: vector(1) > 0
                labels: {severity: critical}
                annotations: {summary: 'value {{ $value }}'}
              - alert: Waiting
                expr: vector(2) > 0
                for: 1h
                keep_firing_for: 5m
              - alert: Quiet
                expr: vector(1) > 2
          - name: recorded
            interval: 1s
            rules:
              - record: a:b
                expr: vector(52.5)
                labels: {team: shop}

        """
      world.prometheus.set("vector(1) > 0", [[:]])
      world.prometheus.set("vector(2) > 0", [[:]])
      try await world.makeRepository(with: ["tenants/shop/api/rules.yaml": rules])
      let controller = try await world.syncedController()
      try await controller.alert("Firing", is: "firing")
      try await controller.alert("Waiting", is: "pending")
      let peer = try RealServer(
        RealServer.prometheus,
        files: ["prometheus.yml": "rule_files: [rules.yml]\n", "rules.yml": rules]
      ) { directory, address in
        [
          "--config.file=\(directory)/prometheus.yml", "--storage.tsdb.path=\(directory)/data",
          "--web.listen-address=\(address)", "--log.level=error",
        ]
      }
      try await eventually("Prometheus evaluates") {
        try await Web.json(peer.url + "/api/v1/alerts").at("data.alerts")?.array?.count == 2
      }
      let own = controller.url + "/prometheus"
      func groups(_ url: String) async throws -> [JSONValue] {
        try await Web.json(url + "/api/v1/rules").at("data.groups")?.array ?? []
      }
      try await eventually("every rule is evaluated") {
        let mine = try await groups(own).flatMap { $0["rules"]?.array ?? [] }
        let theirs = try await groups(peer.url).flatMap { $0["rules"]?.array ?? [] }
        // The recording rule is left to the server that has it.
        return mine.count { $0["health"]?.string == "ok" } == 3 && theirs.allSatisfy { $0["health"]?.string == "ok" }
      }
      let both = try await (groups(own), groups(peer.url))
      #expect(both.0.map(\.shape) == both.1.map(\.shape))
      for (mine, theirs) in zip(both.0, both.1) {
        #expect(mine["name"] == theirs["name"] && mine["interval"] == theirs["interval"])
        #expect(mine["file"]?.string == "tenants/shop/api/rules.yaml")
        for (mine, theirs) in zip(mine["rules"]?.array ?? [], theirs["rules"]?.array ?? []) {
          for name in ["name", "query", "type", "state", "duration", "keepFiringFor", "labels", "annotations"] {
            #expect(mine[name] == theirs[name], "\(name)")
          }
          for (mine, theirs) in zip(mine["alerts"]?.array ?? [], theirs["alerts"]?.array ?? []) {
            #expect(mine["value"] == theirs["value"] || mine["value"]?.string == "1e+00")
            #expect(mine["state"] == theirs["state"] && mine["annotations"] == theirs["annotations"])
          }
        }
      }
      for path in ["alerts", "status/buildinfo", "metadata", "alertmanagers", "query?query=1%2B1", "labels"] {
        let answers = try await (Web.json(own + "/api/v1/" + path), Web.json(peer.url + "/api/v1/" + path))
        #expect(answers.0.shape == answers.1.shape, "\(path)")
      }
      let values = try await world.run("/usr/bin/promtool", ["query", "labels", own, "alertname"])
      #expect(values.code == 0 && values.output.contains("Firing"), "\(values.errors)")
      let queried = try await world.run("/usr/bin/promtool", ["query", "instant", own, "up"])
      #expect(queried.code != 0)
    }
  }
}

/// What the comparison is made of.
private enum DialectScene {
  static let tenant =
    World.channel("hook", "webhook: {url: 'HOOK'}") + "---\n" + World.channel("chat", "webhook: {url: 'HOOK'}")
      + """
      ---
      apiVersion: belfry/v1
      kind: Tenant
      metadata:
        name: shop
      spec:
        interval: 200ms
      ---
      apiVersion: belfry/v1
      kind: Route
      metadata:
        name: default
      spec:
        channel: hook
        group_by: [alertname]
        group_wait: 0s
        group_interval: 1s
        routes:
          - matchers: ['severity="info"']
            channels: [hook, chat]
            group_by: [alertname, instance]
      ---
      apiVersion: belfry/v1
      kind: InhibitRule
      metadata:
        name: worse
      spec:
        source_matchers: ['severity="critical"']
        target_matchers: ['severity="info"']
        equal: [instance]

      """

  static let rules = """
    groups:
      - name: g
        rules:
          - alert: Down
            expr: up == 0
            labels: {severity: critical}
            annotations: {summary: 'down: "{{ $labels.instance }}"'}
          - alert: Slow
            expr: slow > 1
            labels: {severity: info}
          - alert: Waiting
            expr: up == 0
            for: 1h

    """

  /// A controller with five firing alerts, of which one is inhibited and one silenced.
  static func start(in world: borrowing World) async throws -> RunningController {
    try await world.makeRepository(with: [
      "tenants/shop/tenant.yaml": tenant.replacing("HOOK", with: world.pages.url),
      "tenants/shop/api/rules.yaml": rules,
      "tenants/shop/c.yaml": World.silence("c", #"instance="c""#),
      "tenants/shop/later.yaml": World.silence(
        "later", #"team=~"a|b""#, length: "starts_at: 2090-01-01T00:00:00Z\n  ends_at: 2090-01-02T00:00:00Z"),
    ])
    world.prometheus.set("up == 0", [["instance": "a"], ["instance": "b", "path": "/ü \\ \"x\""]])
    world.prometheus.set("slow > 1", [["instance": "a"], ["instance": "c"], ["instance": "d"]])
    let controller = try await world.syncedController()
    try await controller.eventually("all fire and are grouped") {
      let alerts = try await Web.json(controller.url + "/alertmanager/api/v2/alerts").array ?? []
      let suppressed = alerts.count { $0.at("status.state")?.string == "suppressed" }
      let groups = try await Web.json(controller.url + "/alertmanager/api/v2/alerts/groups").array ?? []
      return alerts.count == 5 && suppressed == 2 && groups.count == 7
    }
    return controller
  }

  /// Gives an Alertmanager the alerts and silences that Belfry lists.
  static func copy(from own: String, to peer: String) async throws {
    let alerts = try await Web.json(own + "/api/v2/alerts").array ?? []
    let posted = alerts.map { alert in
      JSONValue.object(
        ["labels", "annotations", "startsAt", "endsAt", "generatorURL"].compactMap { name in
          alert[name].map { .init(name, $0) }
        })
    }
    try await Web.post(.array(posted), to: peer + "/api/v2/alerts")
    for silence in try await Web.json(own + "/api/v2/silences").array ?? [] {
      try await Web.post(
        .object(
          ["matchers", "startsAt", "endsAt", "createdBy", "comment"].compactMap { name in
            silence[name].map { .init(name, name == "createdBy" ? .string("Tester <tester@example.com>") : $0) }
          }), to: peer + "/api/v2/silences")
    }
  }

  /// Requests that both answer.
  static let paths =
    ["/api/v2/alerts", "/api/v2/alerts/groups"].flatMap { path in
      [
        "", "?silenced=false", "?inhibited=false", "?active=false", "?silenced=false&inhibited=false", "?active=maybe",
        "?filter=alertname%3D%22Down%22", "?filter=alertname!~%22D.*%22", "?filter=instance%3D~%22a%7Cb%22",
        "?filter=severity%3Dinfo&filter=instance!%3Da", "?filter=missing%3D%22%22",
        "?filter=path%3D%22/%C3%BC%20%5C%5C%20%5C%22x%5C%22%22", "?receiver=shop/hook", "?receiver=shop/c.*",
        "?receiver=hook", "?receiver=.*&unknown=1",
      ].map { path + $0 }
    } + [
      "/api/v2/alerts?unprocessed=false", "/api/v2/silences",
      "/api/v2/silences?filter=instance%3D%22c%22", "/api/v2/silences?filter=instance%3D~%22c%22",
      "/api/v2/silences?filter=team%3D~%22a%7Cb%22",
    ]
}

private enum Amtool {
  static let program = "/usr/bin/amtool"

  static let queries = [
    ["alert", "query", "-o", "json"], ["alert", "query", "-o", "extended"], ["alert", "query", "-o", "simple"],
    ["alert", "query", "-s", "-o", "json"], ["alert", "query", "-i", "-o", "json"],
    ["alert", "query", "-a", "-o", "json", "severity=info"], ["alert", "query", "Down", "-o", "json"],
    ["alert", "query", "alertname=~D.*", "instance!=a", "-o", "json"],
    ["alert", "query", "--receiver", "shop/chat", "-o", "json"],
    ["silence", "query", "-o", "json"], ["silence", "query", "instance=c", "-o", "json"],
    ["config", "routes", "show"], ["config", "routes", "test", "tenant=shop", "severity=critical"],
    ["cluster", "show"],
  ]

  static func run(_ arguments: [String], _ url: String, in world: borrowing World) async throws -> Finished {
    try await world.run(program, arguments + ["--alertmanager.url=" + url])
  }

  /// JSON normalised; other text without times.
  static func comparable(_ output: String) -> String {
    if let json = try? JSONValue(parsing: output) {
      return String(decoding: json.normalised.bytes(pretty: true), as: UTF8.self)
    }
    return output.split(separator: "\n").map { line in
      line.split(separator: " ").filter { !$0.contains(":") && !$0.hasPrefix("20") }.joined(separator: " ")
    }.sorted().joined(separator: "\n")
  }
}

private enum Web {
  static func get(_ url: String) async throws -> HTTPResponse {
    try await CurlTransport(version: "test").send(HTTPRequest(url: url))
  }

  static func status(_ url: String) async throws -> Int { Int(try await get(url).status) }

  static func json(_ url: String) async throws -> JSONValue {
    try JSONValue(parsing: String(decoding: try await get(url).body, as: UTF8.self))
  }

  static func post(_ body: JSONValue, to url: String) async throws {
    let response = try await CurlTransport(version: "test").send(
      HTTPRequest(
        method: "POST", url: url, headers: [Label("Content-Type", "application/json")], body: body.bytes()))
    #expect(response.status == 200, "\(String(decoding: response.body, as: UTF8.self))")
  }
}

extension JSONValue {
  /// Members by name; ids, and the times that aren't the alerts' own, replaced; receivers in order.
  fileprivate var normalised: JSONValue {
    if let array { return .array(array.map(\.normalised)) }
    guard let object = members else { return self }
    let members = object.filter { $0.name != "mutedBy" }.map { member in
      switch member.name {
      case "silencedBy": return Member(member.name, .array((member.value.array ?? []).map { _ in .string("ID") }))
      case "id": return Member(member.name, .string("ID"))
      case "updatedAt", "endsAt", "startsAt":
        let text = member.value.string ?? ""
        let isTime = text.utf8.count == 24 && Timestamp(rfc3339: text) != nil
        return Member(member.name, .string(isTime ? "TIME" : text))
      case "createdBy": return Member(member.name, .string("SOMEBODY"))
      case "receivers":
        let names = (member.value.array ?? []).compactMap { $0["name"]?.string }.sorted()
        return Member(member.name, .array(names.map { .string($0) }))
      default: return Member(member.name, member.value.normalised)
      }
    }
    return .object(members.sorted { $0.name < $1.name })
  }

  /// The names and types in it; labels and annotations count as objects alone.
  fileprivate var shape: String {
    if let array { return "[" + Set(array.map(\.shape)).sorted().joined(separator: "|") + "]" }
    guard let object = members else {
      return string != nil ? "string" : self == .null ? "null" : bool != nil ? "bool" : "number"
    }
    let members = object.filter { $0.name != "name" || $0.value.string != nil }.sorted { $0.name < $1.name }.map {
      member in
      let isMap = member.name == "labels" || member.name == "annotations"
      return member.name + ":" + (isMap ? "map" : member.value.shape)
    }
    return "{" + members.joined(separator: ",") + "}"
  }
}
