import Foundation
import JSON
import Model
import Notifier
import Specs
import Synchronization
import TestKit
import Transport

/// Distinct alerts through 200 routes: received, grouped, flushed, deduplicated, and put into the webhook's words; here,
/// in a process of its own, and in Debian's Alertmanager.
func benchNotification(alerts count: Int, runs: Int) async throws {
  let program = CommandLine.arguments[0]
  let empty = Child.run([program, "storm", "0"])
  let usages = (0..<runs).map { _ in Child.run([program, "storm", String(count)]) }
  guard usages.allSatisfy({ $0.code == 0 }) else { fail("the storm was not told whole") }
  let costs = usages.map { ($0.cpu - empty.cpu) / Double(count) }
  let memory = Spread(usages.map { $0.peakMB - empty.peakMB })
  let peer = try await AlertmanagerPeer.storm(alerts: count)
  var beside = ""
  if let peer {
    let times = peer.cpu / Double(count) / Spread(costs).median
    beside = String(
      format: "; Alertmanager %.0f/s, %.0f MB: %.1f × the rate, %.2f of the memory", Double(count) / peer.cpu,
      peer.peakMB, times, memory.median / peer.peakMB)
  }
  report(
    Figure(
      "\(count) alerts through 200 routes to webhook documents",
      Spread(costs.map { 1 / $0 }).text("alerts/s of CPU", 0) + ", " + memory.text("MB more than without", 0) + beside,
      target: "10 × Alertmanager's rate in a quarter of its memory"))
  benchDispatcher(alerts: count, runs: runs)
  benchFlush(groups: 1000, alertsEach: max(1, count / 1000), runs: runs)
}

/// The dispatcher alone, without making documents.
private func benchDispatcher(alerts count: Int, runs: Int) {
  var rates: [Double] = []
  for _ in 0..<runs {
    var dispatcher = Dispatcher(owner: .tenant("shop"), routes: RouteSet([tree(groupBy: ["alertname", "service"])]))
    let start = Timestamp(millisecondsSinceEpoch: 1_700_000_000_000)
    let transitions = (0..<count).map { transition($0, at: start) }
    let began = ownCPU()
    for first in stride(from: 0, to: count, by: 1000) {
      dispatcher.receive(transitions[first..<min(first + 1000, count)], at: start)
    }
    let told = drain(&dispatcher, at: start + .seconds(31))
    rates.append(Double(count) / (ownCPU() - began))
    guard told == count else { fail("\(told) of \(count) alerts were told") }
  }
  report(
    Figure(
      "the same in the dispatcher alone", Spread(rates).text("alerts/s of CPU", 0), target: "265,000/s"))
}

/// Groups whose time comes at the same instant.
private func benchFlush(groups: Int, alertsEach: Int, runs: Int) {
  var times: [Double] = []
  for _ in 0..<runs {
    var dispatcher = Dispatcher(owner: .tenant("shop"), routes: RouteSet([tree(groupBy: ["instance"])]))
    let start = Timestamp(millisecondsSinceEpoch: 1_700_000_000_000)
    for group in 0..<groups {
      // All of one service, so that one route takes them.
      let numbers = (0..<alertsEach).map { $0 * 200 + group % 200 }
      dispatcher.receive(numbers.map { transition($0, instance: "host-\(group)", at: start) }, at: start)
    }
    let began = seconds()
    let told = drain(&dispatcher, at: start + .seconds(31))
    times.append((seconds() - began) * 1000)
    guard told == groups * alertsEach else { fail("\(told) of \(groups * alertsEach) alerts were told") }
  }
  report(Figure("\(groups) groups of \(alertsEach) alerts flushed at once", Spread(times).text("ms", 1)))
}

/// One storm in this process, which then ends: `belfry-bench storm N`.
func runStorm(alerts count: Int) {
  var dispatcher = Dispatcher(owner: .tenant("shop"), routes: RouteSet([tree(groupBy: ["alertname", "service"])]))
  let start = Timestamp(millisecondsSinceEpoch: 1_700_000_000_000)
  for first in stride(from: 0, to: count, by: 1000) {
    dispatcher.receive((first..<min(first + 1000, count)).map { transition($0, at: start) }, at: start)
  }
  var (told, bytes) = (0, 0)
  while let wake = dispatcher.nextWake, wake <= start + .seconds(31) {
    for flush in dispatcher.tick(at: start + .seconds(31), in: Surroundings()) {
      for delivery in flush.deliveries {
        bytes += WebhookPayload.body(of: delivery.message).count
        told += delivery.message.alerts.count
        _ = dispatcher.completed(delivery, succeeded: true, at: start + .seconds(31), in: Surroundings())
      }
    }
  }
  guard told == count, count == 0 || bytes > count * 100 else { fail("\(told) of \(count) alerts were told") }
}

private func drain(_ dispatcher: inout Dispatcher, at due: Timestamp) -> Int {
  var told = 0
  while let wake = dispatcher.nextWake, wake <= due {
    for flush in dispatcher.tick(at: due, in: Surroundings()) {
      told += flush.deliveries.reduce(0) { $0 + $1.message.alerts.count }
    }
  }
  return told
}

private func tree(groupBy: [String]) -> RouteTree {
  var root = RouteNode()
  root.channels = ["oncall"]
  root.groupBy = .labels(["alertname"])
  root.routes = (0..<200).map { number in
    var node = RouteNode()
    node.matchers = [Matcher("service", equals: "s\(number)")]
    node.groupBy = .labels(groupBy)
    return node
  }
  return RouteTree(ResourceID(.tenant("shop"), .route, "default"), RouteSpec(root: root)) {
    ResourceID(.tenant("shop"), $0, $1)
  }
}

/// The labels of one alert of the storm.
private func labels(_ number: Int, instance: String? = nil) -> Labels {
  Labels([
    Label("alertname", "Alert\(number % 3)"), Label("instance", instance ?? "host-\(number):9100"),
    Label("job", "node"), Label("number", String(number)), Label("region", "eu"),
    Label("service", "s\(number % 200)"), Label("severity", "warning"),
  ])
}

private func transition(_ number: Int, instance: String? = nil, at now: Timestamp) -> AlertTransition {
  let reference = RuleReference(
    group: ResourceID(.tenant("shop"), .ruleGroup, "g"), rule: "Alert\(number % 3)",
    provenance: Provenance(file: "rules.yaml", line: 1))
  let alert = Alert(
    scope: .tenant("shop"), labels: labels(number, instance: instance),
    annotations: [Label("summary", "host-\(number) is slow")], state: .firing, value: 1, activeAt: now, firedAt: now,
    rule: reference, generatorURL: "")
  return AlertTransition(from: .pending, alert: alert, reason: .heldLongEnough, at: now)
}

/// Debian's Alertmanager with the same routes and alerts, and a webhook that takes what it sends.
enum AlertmanagerPeer {
  /// Processor time in seconds and peak memory in MB, from the first alert until all were told; `nil` when none is
  /// installed.
  static func storm(alerts count: Int) async throws -> (cpu: Double, peakMB: Double)? {
    let program = "/usr/bin/prometheus-alertmanager"
    guard RealServer.isInstalled(program) else { return nil }
    let told = Mutex(0)
    let hook = try LoopbackHTTPServer { request in
      let alerts = (try? JSONValue(parsing: request.body))?["alerts"]?.array?.count ?? 0
      told.withLock { $0 += alerts }
      return LoopbackAnswer(status: 200)
    }
    defer { hook.stop() }
    let server = try RealServer(program, files: ["alertmanager.yml": configuration(hook.url)]) { directory, address in
      [
        "--config.file=\(directory)/alertmanager.yml", "--storage.path=\(directory)/data",
        "--web.listen-address=\(address)", "--cluster.listen-address=", "--log.level=error",
      ]
    }
    let transport = try CurlTransport(version: "bench")
    try await waitUntilReady(server, transport)
    let before = processorTime(server.process)
    for first in stride(from: 0, to: count, by: 1000) {
      let body = alerts(first..<min(first + 1000, count))
      let request = HTTPRequest(
        method: "POST", url: server.url + "/api/v2/alerts", headers: [Label("Content-Type", "application/json")],
        body: body)
      guard try await transport.send(request).status == 200 else { fail("Alertmanager refused alerts") }
    }
    for _ in 0..<1200 where told.withLock({ $0 }) < count { try await Task.sleep(for: .milliseconds(50)) }
    guard told.withLock({ $0 }) >= count else { fail("Alertmanager told \(told.withLock { $0 }) of \(count) alerts") }
    return (processorTime(server.process) - before, peakMB(server.process))
  }

  static func waitUntilReady(_ server: RealServer, _ transport: CurlTransport) async throws {
    for _ in 0..<600 {
      if try await isReady(server, transport) { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    fail("Alertmanager does not become ready")
  }

  private static func isReady(_ server: RealServer, _ transport: CurlTransport) async throws -> Bool {
    (try? await transport.send(HTTPRequest(url: server.url + "/-/ready")))?.status == 200
  }

  private static func configuration(_ hook: String) -> String {
    let routes = (0..<200).map {
      "  - matchers: ['service=\"s\($0)\"']\n    group_by: [alertname, service]\n"
    }.joined()
    return """
      route:
        receiver: hook
        group_by: [alertname]
        group_wait: 10s
        group_interval: 5m
        routes:
      \(routes)receivers:
      - name: hook
        webhook_configs: [{url: '\(hook)'}]

      """
  }

  private static func alerts(_ numbers: Range<Int>) -> [UInt8] {
    var writer = JSONWriter(capacity: numbers.count * 300)
    writer.beginArray()
    for number in numbers {
      writer.beginObject()
      writer.key("labels")
      writer.beginObject()
      for label in labels(number).pairs { writer.member(label.name, label.value) }
      writer.endObject()
      writer.key("annotations")
      writer.beginObject()
      writer.member("summary", "host-\(number) is slow")
      writer.endObject()
      writer.endObject()
    }
    writer.endArray()
    return writer.bytes
  }
}

/// The processor time of a running process, in seconds.
func processorTime(_ process: pid_t) -> Double {
  let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
  let fields = text.drop { $0 != ")" }.split(separator: " ").dropFirst(12).prefix(2).compactMap { Double($0) }
  return fields.reduce(0, +) / Double(sysconf(Int32(_SC_CLK_TCK)))
}

/// The most memory that a running process has held, in MB.
func peakMB(_ process: pid_t) -> Double {
  let text = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
  let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM") }
  return Double(line?.split(separator: " ").dropFirst().first ?? "0").map { $0 / 1024 } ?? 0
}
