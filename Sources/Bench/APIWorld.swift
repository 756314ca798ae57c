import Foundation
import JSON
import Synchronization
import TestKit

/// A controller whose rules fire so many alerts, with the data source and the webhook that it needs.
final class APIWorld: Sendable {
  let port: Int
  let process: pid_t
  private let count: Int
  private let source: LoopbackHTTPServer
  private let hook: LoopbackHTTPServer
  private let flips: Flips
  private let repository: GeneratedRepository
  private let paths: [String]

  /// Whether the one alert that comes and goes is there.
  private final class Flips: Sendable {
    let isOn = Mutex(false)
  }

  init(_ belfry: String, alerts count: Int) throws {
    self.count = count
    let flips = Flips()
    self.flips = flips
    let rules = max(1, count / 1000)
    let answers = Dictionary(
      uniqueKeysWithValues: (0..<rules).map { ("load_\($0)", Self.vector(count / rules, rule: $0)) })
    let none = #"{"status":"success","data":{"resultType":"vector","result":[]}}"#
    source = try LoopbackHTTPServer { request in
      if request.text.contains("flips") { return .json(flips.isOn.withLock { $0 } ? Self.vector(1, rule: 0) : none) }
      let number = request.text.split(separator: "load_").dropFirst().first?.prefix { $0.isNumber } ?? ""
      return .json(answers["load_" + number] ?? none)
    }
    hook = try LoopbackHTTPServer { _ in LoopbackAnswer(status: 200) }
    repository = try GeneratedRepository(files: 0, source: source.url)
    try repository.write("tenants/shop/tenant.yaml", Self.tenant(hook: hook.url))
    try repository.write("tenants/shop/rules.yaml", Self.rules(rules))
    let bare = repository.makeGit()
    let data = repository.folder + "-data"
    let log = data + ".log"
    paths = [bare, data, log]
    // What guards against too many questions is no part of what is measured.
    setenv("BELFRY_MAX_REQUESTS_PER_SECOND", "0", 1)
    setenv("BELFRY_MAX_CONNECTIONS", "2000", 1)
    process = Child.spawn(
      [
        belfry, "run", "--repo", "file://" + bare, "--branch", "main", "--data-dir", data, "--listen", "127.0.0.1:0",
        "--poll-interval", "1h",
      ], output: log)
    port = Self.port(in: log)
  }

  func stop() {
    kill(process, SIGTERM)
    _ = Child.wait(for: process, since: seconds())
    source.stop()
    hook.stop()
    repository.remove()
    for path in paths { try? FileManager.default.removeItem(atPath: path) }
  }

  /// Lets the alert `Flips` come or go at the next evaluation of its rule.
  func flip() {
    flips.isOn.withLock { $0.toggle() }
  }

  /// Waits until all alerts fire.
  func waitUntilFiring() {
    let limit = seconds() + 300
    while seconds() < limit {
      if let status = document("/api/v1/status"), case .integer(let firing)? = status["alerts"]?["firing"],
        firing >= count
      {
        return
      }
      usleep(200_000)
    }
    fail("\(count) alerts don't come to fire; the log is \(paths[2])")
  }

  /// The alerts as Alertmanager takes them, without an end.
  func alertsForPeer() -> [JSONValue] {
    (document("/alertmanager/api/v2/alerts")?.array ?? []).map { alert in
      .object(
        ["labels", "annotations", "startsAt", "generatorURL"].compactMap { name in
          alert[name].map { JSONValue.Member(name, $0) }
        })
    }
  }

  private func document(_ path: String) -> JSONValue? {
    var bytes: [UInt8] = []
    guard LoadConnection(port: port)?.get(path, keep: { bytes += $0 })?.status == 200 else { return nil }
    return try? JSONValue(parsing: bytes)
  }

  private static func port(in log: String) -> Int {
    let limit = seconds() + 60
    while seconds() < limit {
      let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
      if let line = text.split(separator: "\n").first(where: { $0.contains(" api.listening ") }),
        let field = line.split(separator: " ").first(where: { $0.hasPrefix("port=") }),
        let port = Int(field.dropFirst(5))
      {
        return port
      }
      usleep(2000)
    }
    fail("the API doesn't listen; the log is \(log)")
  }

  /// An instant answer with so many series of a rule.
  private static func vector(_ count: Int, rule: Int) -> String {
    let samples = (0..<count).map { number in
      let host = rule * count + number
      return """
        {"metric":{"instance":"host-\(host)","job":"node","region":"eu","service":"s\(host % 200)"},\
        "value":[1700000000.5,"1.25"]}
        """
    }
    return #"{"status":"success","data":{"resultType":"vector","result":[\#(samples.joined(separator: ","))]}}"#
  }

  private static func tenant(hook: String) -> String {
    """
    apiVersion: belfry/v1
    kind: Tenant
    metadata: {name: shop}
    spec: {}
    ---
    apiVersion: belfry/v1
    kind: Channel
    metadata: {name: hook}
    spec: {webhook: {url: "\(hook)"}}
    ---
    apiVersion: belfry/v1
    kind: Route
    metadata: {name: default}
    spec: {channel: hook, group_by: [alertname, service]}

    """
  }

  private static func rules(_ count: Int) -> String {
    var text = "groups:\n- name: load\n  interval: 15s\n  rules:\n"
    for number in 0..<count {
      text += """
          - alert: Load\(number)
            expr: load_\(number) > 1
            labels: {severity: warning, team: shop}
            annotations:
              summary: '{{ $labels.instance }} of {{ $labels.service }} is at {{ $value }}'
              runbook_url: https://runbooks.example.com/load-\(number)

        """
    }
    return text + "- name: flips\n  interval: 200ms\n  rules:\n  - alert: Flips\n    expr: flips > 0\n"
  }
}
