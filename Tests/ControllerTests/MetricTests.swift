import Foundation
import Model
import Notifier
import StatusAPI
import TestKit
import Testing

@testable import Controller

/// The root of this repository.
private let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
private let promtool = "/usr/bin/promtool"

@Suite struct `Belfry's own metrics` {
  @Test(.enabled(if: RealServer.isInstalled(promtool), "promtool is not installed"))
  func `promtool finds nothing, and the docs list every name`() async throws {
    try await inWorld { world in
      world.prometheus.set("up == 0", [["instance": "a"]])
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      try await controller.alert("Down", is: "firing")
      let page = try await controller.metrics()
      try world.write(page, to: "metrics.txt")
      let checked = try await world.run(
        "/bin/sh", ["-c", "\(promtool) check metrics < \(world.path("metrics.txt"))"])
      #expect(checked.code == 0, "\(checked.output)\(checked.errors)")
      #expect(checked.errors.isEmpty, "\(checked.errors)")
      let documented = try MetricNames.documented()
      let exposed = Set(MetricNames.exposed(in: page))
      #expect(exposed.isSubset(of: documented), "\(exposed.subtracting(documented).sorted())")
      // Each is there with something that has happened.
      for name in [
        "belfry_rule_evaluation_duration_seconds_count", "belfry_http_requests_total", "process_open_fds",
        "belfry_config_last_sync_successful 1", "belfry_rule_group_last_evaluation_timestamp_seconds",
        "process_start_time_seconds", #"belfry_scopes{sync_status="Synced"}"#, #"belfry_alerts{state="firing"} 1"#,
      ] { #expect(page.contains("\n" + name), "\(name)") }
    }
  }

  @Test func `docs and code list the same names`() throws {
    let documented = try MetricNames.documented()
    let inCode = try MetricNames.inSources()
    #expect(documented == inCode, "\(documented.symmetricDifference(inCode).sorted())")
  }

  @Test(.enabled(if: RealServer.isInstalled(RealServer.prometheus), "prometheus is not installed"))
  func `a real Prometheus scrapes them`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [:])
      let controller = try await world.syncedController()
      let target = controller.url.dropFirst("http://".count)
      let server = try RealServer(
        RealServer.prometheus,
        files: [
          "prometheus.yml": """
          scrape_configs:
          - job_name: belfry
            scrape_interval: 1s
            static_configs: [{targets: ['\(target)']}]

          """
        ]
      ) { directory, address in
        [
          "--config.file=\(directory)/prometheus.yml", "--storage.tsdb.path=\(directory)/data",
          "--web.listen-address=\(address)", "--log.level=error",
        ]
      }
      try await controller.eventually("Prometheus has our samples") {
        let query =
          server.url + "/api/v1/query?query=up%7Bjob%3D%22belfry%22%7D%3D%3D1%20and%20on()%20belfry_source_up%3D%3D1"
        return try await world.run("/usr/bin/env", ["curl", "-sf", query]).output.contains(#""instance""#)
      }
    }
  }

  @Test func `a thousand tenants with three channels each stay within the bound`() {
    var bound = MetricBound()
    let channels = (0..<1_000).flatMap { tenant in
      (0..<3).map { number in
        ChannelMetrics.Channel(
          id: ResourceID(.tenant("tenant-\(tenant)"), .channel, "c\(number)"), kind: "slack",
          health: EndpointHealth())
      }
    }.sorted { $0.id < $1.id }
    let families = ChannelMetrics(channels, &bound).families + [bound.family]
    let lines = families.bytes.split(separator: UInt8(ascii: "\n")).count
    #expect(bound.leftOut[.channel] == 2_000)
    #expect(lines < 25_000, "\(lines)")
    #expect(families.text.contains(#"belfry_channels{state="healthy"} 3000"#))
    #expect(families.text.contains(#"belfry_metrics_objects_left_out{kind="channel"} 2000"#))
  }

  @Test func `what is in trouble is shown first`() {
    var bound = MetricBound()
    let numbers = Array(0..<3_000)
    let kept = bound.keep(numbers, of: .channel) { $0 > 2_500 }
    #expect(kept == Array(0..<501) + Array(2_501..<3_000))
    #expect(bound.leftOut[.channel] == 2_000)
    #expect(bound.keep([1, 2], of: .scope) { _ in false } == [1, 2])
  }

  @Test func `labels and help are escaped, and whole numbers stay whole`() {
    let family = MetricFamily(
      name: "m_total", help: "a\\b\nc", kind: .counter,
      samples: [
        .init(labels: [Label("l", "a\"b\\c\nd")], value: 9_007_199_254_740_991), .init(value: 0.1),
        .init(suffix: "_x", value: .infinity), .init(value: .nan), .init(value: -0.0), .init(value: 1e300),
      ])
    #expect(
      [family].text == """
        # HELP m_total a\\\\b\\nc
        # TYPE m_total counter
        m_total{l="a\\"b\\\\c\\nd"} 9007199254740991.0
        m_total 0.1
        m_total_x +Inf
        m_total NaN
        m_total 0
        m_total 1e+300

        """)
  }

  @Test func `process fields are found behind any name of the program`() throws {
    let own = "7 (a (b) c) S 1 7 7 0 -1 4194560 100 0 0 0 150 50 0 0 20 0 9 0 1000 409600 25 18446744073709551615"
    let found = try #require(ProcessMetrics.Statistics(own, "cpu 1\nbtime 1700000000\n", ticks: 100))
    #expect(found.cpuSeconds == 2 && found.virtualBytes == 409_600 && found.startSeconds == 1_700_000_010)
    #expect(ProcessMetrics.Statistics("", "", ticks: 100) == nil)
    #expect(Set(ProcessMetrics.families.map(\.name)).count == 6)
  }
}

/// Where names of metrics stand.
enum MetricNames {
  /// The families on a page, by their `TYPE` lines.
  static func exposed(in page: String) -> [String] {
    page.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { String($0.split(separator: " ")[2]) }
  }

  /// The table of `docs/operating.md`.
  static func documented() throws -> Set<String> {
    let text = try String(contentsOfFile: root + "/docs/operating.md", encoding: .utf8)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `belfry_") || $0.hasPrefix("| `process_") }
    return Set(
      rows.flatMap { row in
        row.split(separator: "|")[0].matches(of: /`([a-z_]+)`/).map { String($0.1) }
      })
  }

  /// The names that the code gives.
  static func inSources() throws -> Set<String> {
    let folder = root + "/Sources/Controller/Status/"
    var names: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder) where file.hasSuffix(".swift") {
      let text = try String(contentsOfFile: folder + file, encoding: .utf8)
      names.formUnion(text.matches(of: /"((?:belfry|process)_[a-z_]+)"/).map { String($0.1) })
    }
    return names
  }
}
