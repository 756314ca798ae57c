import Foundation
import JSON
import TestKit
import Testing

@testable import Controller

@Suite struct `A data source that tenants share` {
  private static let sharing = "  tenant_label: team\n"

  private func tenants(_ world: borrowing World, _ rules: String) -> [String: String?] {
    var files: [String: String?] = [:]
    for tenant in ["bank", "shop"] {
      files["tenants/\(tenant)/tenant.yaml"] = World.tenant(tenant, hook: world.pages.url + "/" + tenant)
      files["tenants/\(tenant)/api/rules.yaml"] = rules
    }
    return files
  }

  @Test func `is asked for each tenant's own series, by templates too`() async throws {
    try await inWorld { world in
      for tenant in ["bank", "shop"] {
        let own = "team=\"\(tenant)\""
        world.prometheus.set("sum by (job) (rate(x{\(own)}[5m])) > 0", [["job": tenant]])
        world.prometheus.set("count(up{\(own)})", [["of": tenant]])
      }
      let rules = """
        groups:
          - name: group
            rules:
              - alert: Busy
                expr: sum by (job) (rate(x[5m])) > 0
                annotations:
                  count: '{{ range query "count(up)" }}{{ .Labels.of }}{{ end }}'

        """
      try await world.makeRepository()
      let source = World.source("main", world.prometheus.url) + Self.sharing
      try await world.commit(tenants(world, rules).merging(["platform/sources.yaml": source]) { $1 })
      let controller = try await world.syncedController()
      try await controller.eventually("both are paged") { Set(world.pages.pages.map(\.path)).count == 2 }
      let told = Set(world.pages.pages.map { [$0.path, $0.labels["job"], $0.annotations["count"]] })
      #expect(told == [["/bank", "bank", "bank"], ["/shop", "shop", "shop"]])
      #expect(world.prometheus.asked("sum by (job) (rate(x[5m])) > 0") == 0)
      #expect(world.prometheus.asked("count(up)") == 0)
    }
  }

  @Test func `shows of an embedded store, and records, each tenant's own series`() async throws {
    try await inWorld { world in
      let pages = [try MetricsPage("busy 1\n"), try MetricsPage("busy 2\n")]
      defer { for page in pages { page.stop() } }
      let jobs = zip(["bank", "shop"], pages).map { World.job($0, $1.target, labels: "team: " + $0) }
      let rules = """
        groups:
          - name: group
            rules:
              - {record: 'team:busy:sum', expr: 'sum(busy)'}
              - alert: Busy
                expr: team:busy:sum > 0
                annotations: {summary: '{{ $value }} {{ $labels.team }} {{ query "count(busy)" | first | value }}'}

        """
      try await world.makeRepository()
      let source = World.embedded(jobs: jobs, more: Self.sharing)
      try await world.commit(tenants(world, rules).merging(["platform/sources.yaml": source]) { $1 })
      let controller = try await world.syncedController()
      try await controller.eventually("both are paged") { Set(world.pages.pages.map(\.path)).count == 2 }
      let told = Set(world.pages.pages.map { [$0.path, $0.annotations["summary"]] })
      #expect(told == [["/bank", "1 bank 1"], ["/shop", "2 shop 1"]])
      #expect(await controller.stop() == 0)
      let found = try await world.find(
        "last_over_time(team:busy:sum[1h])", ["--data-dir", world.path("data")])
      #expect(Set(found.map { [$0.labels["team"], "\($0.value)"] }) == [["bank", "1.0"], ["shop", "2.0"]])
    }
  }

  private static let foreign = [
    "up{team=\"bank\"} == 0", "up{team=~\"bank|shop\"} == 0", "up{team!=\"shop\"} == 0",
    "up == 0 and on() count(up{team=\"\"}) > 0",
  ]

  @Test func `refuses at check time what asks for another tenant`() async throws {
    try await inWorld { world in
      let source = World.source("main", world.prometheus.url) + Self.sharing
      func check(_ rules: String) async throws -> Finished {
        for (name, text) in [
          "platform/sources.yaml": source, "tenants/shop/tenant.yaml": World.tenant(hook: "http://127.0.0.1:9/"),
          "tenants/shop/api/rules.yaml": rules,
        ] { try world.write(text, to: "specs/" + name) }
        return try await world.belfry("check", world.path("specs"))
      }
      let sound = try await check(World.rules([("Own", "up{team=\"shop\"} == 0")]))
      #expect(sound.code == 0, "\(sound.errors)\(sound.output)")
      let refused = try await check(World.rules(Self.foreign.enumerated().map { ("Foreign\($0)", $1) }))
      #expect(refused.code == 3)
      let text = refused.output + refused.errors
      for line in [5, 7, 9, 11] { #expect(text.contains("rules.yaml:\(line):"), "\(line): \(text)") }
      #expect(text.components(separatedBy: "[foreign-tenant]").count == 5, "\(text)")
      let template = try await check(
        World.rules([("Own", "up == 0")], summary: #"{{ query "up{team=\"bank\"}" | first | value }}"#))
      #expect(template.code == 3)
      #expect((template.output + template.errors).contains("rules.yaml:6:"), "\(template.output)\(template.errors)")
    }
  }

  @Test func `refuses it live where it was there before the label was`() async throws {
    try await inWorld { world in
      let expression = "up{team=\"bank\"} == 0"
      world.prometheus.set(expression, [["instance": "a"]])
      let open = World.source("main", world.prometheus.url)
      try await world.makeRepository(
        with: ["platform/sources.yaml": open, "tenants/shop/api/rules.yaml": World.rules([("Foreign", expression)])])
      let controller = try await world.syncedController()
      try await controller.eventually("it is asked while nothing is shared") { world.prometheus.asked(expression) > 0 }
      try await world.commit(["platform/sources.yaml": open + Self.sharing])
      try await controller.stands("shop/api", "Held (ValidationFailed)")
      let message = try await controller.degraded("RuleGroup", nil)
      #expect(message.contains("can't be bound to its tenant") && message.contains("bank"), "\(message)")
      let asked = world.prometheus.asked(expression)
      let failures = try await controller.metric("belfry_rule_evaluation_failures_total")
      try await controller.eventually("it was evaluated a few times more") {
        try await controller.metric("belfry_rule_evaluation_failures_total") >= failures + 5
      }
      #expect(world.prometheus.asked(expression) == asked)
      try await world.commit(["tenants/shop/api/rules.yaml": World.rules([("Foreign", "up == 0")])])
      try await controller.stands("shop/api", "Synced")
      try await controller.eventually("its own series are asked for") {
        world.prometheus.asked("up{team=\"shop\"} == 0") > 0
      }
    }
  }
}
