import Foundation
import JSON
import TestKit
import Testing

@testable import Controller

@Suite struct `An embedded data source` {
  private static let host = "    host: {interval: 1s}\n"

  /// The files of a platform with an embedded source and a tenant `shop` with the project `api`.
  private func files(_ world: borrowing World, source: String, rules: String) -> [String: String?] {
    [
      "platform/sources.yaml": source, "tenants/shop/tenant.yaml": World.tenant(hook: world.pages.url + "/shop"),
      "tenants/shop/api/rules.yaml": rules,
    ]
  }

  @Test func `pages about this host and about targets, without any server`() async throws {
    try await inWorld { world in
      let page = try MetricsPage("busy 3\n")
      defer { page.stop() }
      let rules = """
        groups:
          - name: group
            rules:
              - alert: LoadKnown
                expr: node_load1 >= 0 and on(instance) node_memory_MemTotal_bytes > 0
              - alert: Busy
                expr: busy{job="app", zone="a"} > 5
                annotations:
                  summary: '{{ $value }} of {{ with query "sum(busy)" }}{{ . | first | value }}{{ end }}'
              - alert: Down
                expr: up{job="app"} == 0

        """
      let source = World.embedded(jobs: [World.job("app", page.target, labels: "zone: a")], settings: Self.host)
      try await world.makeRepository(with: files(world, source: source, rules: rules))
      let controller = try await world.syncedController()
      try await controller.eventually("the host's alert arrives") { world.pages.count("LoadKnown") == 1 }
      #expect(world.pages.count("Busy") == 0)
      page.set("busy 7\n")
      try await controller.eventually("the target's alert arrives") { world.pages.count("Busy") == 1 }
      let told = world.pages.pages.first { $0.alert == "Busy" }
      #expect(told?.annotations["summary"] == "7 of 7")
      #expect(told?.labels["instance"] == page.target)
      try await controller.eventually("both targets are up") {
        try await controller.metric("belfry_scrape_target_up") == 2
      }
      page.stop()
      try await controller.eventually("the target is seen to be gone") { world.pages.count("Down") == 1 }
      // Its series ended with it, long before the lookback has.
      try await controller.eventually("what it said is over") { world.pages.count("Busy", "resolved") == 1 }
      #expect(try await controller.degraded("DataSource", "main").contains("app \(page.target) can't be scraped"))
      try await controller.eventually("one target is up") {
        try await controller.metric("belfry_scrape_target_up") == 1
      }
    }
  }

  private static let nodeExporter = "/usr/bin/prometheus-node-exporter"

  @Test(.enabled(if: RealServer.isInstalled(nodeExporter), "node_exporter is not installed"))
  func `has for this host what node_exporter has`() async throws {
    try await inWorld { world in
      let exporter = try RealServer(Self.nodeExporter) { _, address in ["--web.listen-address=\(address)"] }
      let target = String(exporter.url.dropFirst("http://".count))
      let same = [
        "node_memory_MemTotal_bytes", "node_boot_time_seconds", "node_cpu_seconds_total", "node_filesystem_size_bytes",
        "node_network_mtu_bytes", "node_uname_info",
      ]
      var rules: [(alert: String, expression: String)] = same.enumerated().map { index, metric in
        let (ours, theirs) = ("\(metric){job=\"node\"}", "\(metric){job=\"real\"}")
        return ("Known\(index)", "count(\(ours) and ignoring(job, instance) \(theirs)) > 0")
      }
      rules.append(("Missing", "count(up{job=\"real\"} == 1) < 1"))
      let source = World.embedded(jobs: [World.job("real", target)], settings: Self.host)
      try await world.makeRepository(with: files(world, source: source, rules: World.rules(rules)))
      let controller = try await world.syncedController()
      try await controller.eventually("the exporter answers") {
        try await controller.metric("belfry_scrape_target_up") == 2
      }
      for index in same.indices {
        try await controller.eventually("\(same[index]) is in both") { world.pages.count("Known\(index)") == 1 }
      }
    }
  }

  @Test func `goes on with its other feeds when a commit changes some`() async throws {
    try await inWorld { world in
      let pages = try (0..<3).map { _ in try MetricsPage("x 1\n") }
      defer { for page in pages { page.stop() } }
      let jobs = zip(["a", "b", "c"], pages).map { World.job($0, $1.target) }
      let rules =
        World.rules([("AUp", "up{job=\"a\"} == 1")], group: "held", hold: "1h")
        + "  - name: others\n    rules:\n      - {alert: BUp, expr: 'up{job=\"b\"} == 1'}\n"
        + "      - {alert: CUp, expr: 'up{job=\"c\"} == 1'}\n"
        + "      - {alert: AGap, expr: 'absent(up{job=\"a\"}) and on() up{job=\"c\"}'}\n"
      let before = World.embedded(jobs: [jobs[0], jobs[1]])
      try await world.makeRepository(with: files(world, source: before, rules: rules))
      let controller = try await world.syncedController()
      try await controller.alert("AUp", is: "pending")
      try await controller.eventually("b is up") { world.pages.count("BUp") == 1 }
      let since = try await controller.activeAt("AUp")
      try await world.commit(["platform/sources.yaml": World.embedded(jobs: [jobs[0], jobs[2]])])
      try await controller.eventually("c is up, and b is over") {
        world.pages.count("CUp") == 1 && world.pages.count("BUp", "resolved") == 1
      }
      let scrapes = pages[0].scrapes
      try await controller.eventually("a is scraped on") { pages[0].scrapes >= scrapes + 3 }
      #expect(try await controller.activeAt("AUp") == since)
      #expect(since != nil)
      #expect(world.pages.count("AGap") == 0)
    }
  }

  @Test func `keeps samples and clocks over an end in order and over a sudden one`() async throws {
    try await inWorld { world in
      let page = try MetricsPage("busy 7\n")
      defer { page.stop() }
      let source = World.embedded(jobs: [World.job("app", page.target)])
      let rules = World.rules([("Busy", "busy > 5")], hold: "1h")
      try await world.makeRepository(with: files(world, source: source, rules: rules))
      let data = ["--data-dir", world.path("data")]
      let first = try await world.syncedController()
      try await first.alert("Busy", is: "pending")
      let since = try #require(try await first.activeAt("Busy"))
      #expect(await first.stop() == 0)
      let kept = try #require(try await world.value(of: "count_over_time(busy[1h])", data))
      #expect(kept >= 1)

      let second = try await world.syncedController()
      try await second.alert("Busy", is: "pending")
      #expect(try await second.activeAt("Busy") == since)
      try await second.eventually("samples are written while it runs") {
        try await world.value(of: "count_over_time(busy[1h])", data) ?? 0 > kept
      }
      #expect(second.events("embedded.").isEmpty)
      let written = try await world.value(of: "count_over_time(busy[1h])", data) ?? 0
      second.process.kill()
      _ = await second.process.ended()
      #expect(try await world.value(of: "count_over_time(busy[1h])", data) ?? 0 >= written)
      let third = try await world.syncedController()
      try await third.alert("Busy", is: "pending")
      #expect(try await third.activeAt("Busy") == since)
      #expect(try await world.value(of: "count_over_time(busy[1h])", data) ?? 0 >= written)
      #expect(third.events("embedded.").isEmpty)
    }
  }

  @Test func `sets a damaged file aside, says so, and begins anew`() async throws {
    try await inWorld { world in
      let page = try MetricsPage("busy 7\n")
      defer { page.stop() }
      let source = World.embedded(jobs: [World.job("app", page.target)])
      try await world.makeRepository(
        with: files(world, source: source, rules: World.rules([("Busy", "busy > 5")])))
      let path = "data/samples/platform/main.sqlite"
      try world.write(String(repeating: "no samples. ", count: 1000), to: path)
      // Asking leaves it alone: it is the controller's.
      let asked = try await world.belfry("query", "--data-dir", world.path("data"), "busy")
      #expect(asked.code == 1)
      #expect(asked.errors.contains("damaged"), "\(asked.errors)")
      let folder = world.path("data/samples/platform")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["main.sqlite"])
      let controller = try await world.syncedController()
      try await controller.eventually("the alert arrives all the same") { world.pages.count("Busy") == 1 }
      let told = try #require(controller.events("embedded.set-aside").first)
      #expect(told.contains("main.sqlite.corrupt-"), "\(told)")
      let aside = try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.contains(".corrupt-") }
      #expect(world.read("data/samples/platform/" + (aside ?? "")).hasPrefix("no samples. "))
    }
  }

  @Test func `alerts without a file where none can be had, and is degraded`() async throws {
    try await inWorld { world in
      let page = try MetricsPage("busy 7\n")
      defer { page.stop() }
      let source = World.embedded(jobs: [World.job("app", page.target)])
      try await world.makeRepository(
        with: files(world, source: source, rules: World.rules([("Busy", "busy > 5")])))
      try world.write("a file in place of the folder", to: "data/samples")
      let controller = try await world.syncedController()
      try await controller.eventually("the alert arrives all the same") { world.pages.count("Busy") == 1 }
      let message = try await controller.degraded("DataSource", "main")
      #expect(message.contains("can't be written"), "\(message)")
      #expect(controller.events("embedded.unwritable").count == 1)
      #expect(await controller.stop() == 0)
    }
  }

  @Test func `is each tenant's own, whatever its name`() async throws {
    try await inWorld { world in
      let pages = [try MetricsPage("busy 1\n"), try MetricsPage("busy 2\n")]
      defer { for page in pages { page.stop() } }
      try await world.makeRepository()
      var all: [String: String?] = [:]
      for (tenant, page) in zip(["bank", "shop"], pages) {
        all["tenants/\(tenant)/tenant.yaml"] = World.tenant(tenant, hook: world.pages.url + "/" + tenant)
        all["tenants/\(tenant)/source.yaml"] = World.embedded(jobs: [World.job("app", page.target)])
        all["tenants/\(tenant)/api/rules.yaml"] = World.rules([("Busy", "busy > 0")], summary: "{{ $value }}")
      }
      try await world.commit(all)
      let controller = try await world.syncedController()
      try await controller.eventually("both are paged") { Set(world.pages.pages.map(\.path)).count == 2 }
      let told = Set(world.pages.pages.map { [$0.path, $0.annotations["summary"], $0.labels["instance"]] })
      #expect(told == [["/bank", "1", pages[0].target], ["/shop", "2", pages[1].target]])
      #expect(await controller.stop() == 0)
      for (tenant, value) in [("bank", 1.0), ("shop", 2.0)] {
        let data = ["--data-dir", world.path("data"), "--source", tenant + "/main"]
        #expect(try await world.find("last_over_time(busy[1h])", data).map(\.value) == [value])
      }
      let platform = try await world.belfry("query", "--data-dir", world.path("data"), "busy")
      #expect(platform.code == 1, "\(platform.output)")
    }
  }

  @Test func `tells of this host to the platform alone`() async throws {
    try await inWorld { world in
      try world.write(World.embedded(settings: Self.host), to: "specs/tenants/shop/source.yaml")
      let checked = try await world.belfry("check", world.path("specs"))
      #expect(checked.code == 3)
      #expect(checked.errors.contains("kind-out-of-scope") || checked.output.contains("kind-out-of-scope"))
    }
  }
}
