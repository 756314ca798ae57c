import Foundation
import JSON
import Synchronization
import TestKit
import Transport

/// What readers of the status API get, and what it costs: beside Debian's Alertmanager with the same alerts.
func benchAPI(_ belfry: String, alerts count: Int, requests: Int, for length: Double) async throws {
  let world = try APIWorld(belfry, alerts: count)
  defer { world.stop() }
  world.waitUntilFiring()
  report(Figure("\(count) active alerts: resident", String(format: "%.0f MB", Child.residentMB(world.process))))
  let peer = try await AlertmanagerPeer.holding(world.alertsForPeer())
  let measure = { (path: String, headers: [String], connections: Int) in
    Load.measure(
      path, port: world.port, process: world.process, headers: headers, connections: connections, requests: requests,
      for: length)
  }
  for connections in [1, 8] {
    let over = "over \(connections) connection\(connections == 1 ? "" : "s")"
    for (name, query) in [("all", ""), ("one by filter", "?filter=instance%3D%22host-7%22")] {
      let ours = measure("/alertmanager/api/v2/alerts" + query, [], connections)
      var text = ours.text
      if let peer {
        let theirs = Load.measure(
          "/api/v2/alerts" + query, port: peer.port, process: peer.process, connections: connections,
          requests: requests, for: length)
        text += String(
          format: "; Alertmanager %@: %.1f × the rate, %.1f × less processor time", theirs.text,
          ours.perSecond / theirs.perSecond, theirs.cpu / max(ours.cpu, 0.001))
      }
      report(Figure("  Alertmanager's alerts, \(name), \(over)", text, target: query.isEmpty ? "20 ×" : ""))
    }
    report(
      Figure(
        "  the same, all, as gzip",
        measure("/alertmanager/api/v2/alerts", ["Accept-Encoding: gzip"], connections).text))
    report(
      Figure("  status document, \(over)", measure("/api/v1/status", [], connections).text, target: "5 ms p99"))
    report(Figure("  alerts, the first 100, \(over)", measure("/api/v1/alerts?limit=100", [], connections).text))
    report(Figure("  Prometheus's rules, \(over)", measure("/prometheus/api/v1/rules", [], connections).text))
  }
  benchEvents(world, rounds: requests < 200 ? 5 : 50)
  benchStreams(world, measure)
  await benchFirstPaint(world, runs: requests < 200 ? 1 : 5)
}

/// From the transition to the event in a reader's hands.
private func benchEvents(_ world: APIWorld, rounds: Int) {
  guard let stream = LoadConnection(port: world.port, patience: 20), stream.send("/api/v1/events"),
    let head = stream.readHead(), head.contains(" 200 ")
  else {
    report(Figure("  event at the browser", "no stream of events"))
    return
  }
  let waiting = Mutex<[Double]>([])
  startThread {
    for _ in 0..<rounds {
      world.flip()
      let known = waiting.withLock { $0.count }
      let limit = seconds() + 15
      while waiting.withLock({ $0.count }) == known, seconds() < limit { usleep(500) }
    }
  }
  while waiting.withLock({ $0.count }) < rounds, let line = stream.readLine() {
    guard line.hasPrefix("data:"), line.contains("\"Flips\""),
      let event = try? JSONValue(parsing: Array(line.utf8.dropFirst(5))), let at = event["at"]?.string
    else { continue }
    let now = Date().timeIntervalSince1970
    if let then = instant(at) { waiting.withLock { $0.append((now - then) * 1000) } }
  }
  let found = waiting.withLock { $0 }.sorted()
  guard !found.isEmpty else {
    report(Figure("  event at the browser", "none came"))
    return
  }
  report(
    Figure(
      "  event at the browser, from the transition",
      String(
        format: "p50 %.0f ms, p99 %.0f ms (%d)", found[found.count / 2], found[(found.count * 99) / 100], found.count),
      target: "200 ms"))
}

/// RFC 3339 with or without a fraction, in seconds since 1970.
private func instant(_ text: String) -> Double? {
  let parts = text.dropLast().split(separator: ".")
  guard let whole = parts.first, let date = ISO8601DateFormatter().date(from: whole + "Z") else { return nil }
  return date.timeIntervalSince1970 + (parts.count > 1 ? Double("0." + parts[1]) ?? 0 : 0)
}

/// Readers that hold a stream of events and get nothing, and what that does to others.
private func benchStreams(_ world: APIWorld, _ measure: (String, [String], Int) -> Load) {
  let before = Child.residentMB(world.process)
  let alone = measure("/api/v1/status", [], 1)
  var streams: [LoadConnection] = []
  for number in 0..<1000 {
    guard let stream = LoadConnection(port: world.port, source: UInt8(2 + number % 200), patience: 5),
      stream.send("/api/v1/events"), let head = stream.readHead(), head.contains(" 200 ")
    else { continue }
    streams.append(stream)
  }
  let beside = measure("/api/v1/status", [], 1)
  report(
    Figure(
      "  \(streams.count) of 1000 idle streams of events taken",
      String(
        format: "%.1f MB more; status p99 %.2f ms beside them, %.2f ms without",
        Child.residentMB(world.process) - before, beside.latency(0.99), alone.latency(0.99))))
}

/// The dashboard in a browser that was just started.
private func benchFirstPaint(_ world: APIWorld, runs: Int) async {
  guard Chromium.isInstalled else { return }
  for path in ["/", "/alerts"] {
    var paints: [Double] = []
    for _ in 0..<runs {
      if let paint = await firstPaint("http://127.0.0.1:\(world.port)\(path)") { paints.append(paint) }
    }
    report(
      Figure(
        "  first paint of \(path) in Chromium", paints.isEmpty ? "not seen" : Spread(paints).text("ms", 0),
        target: "1 s"))
  }
}

/// Milliseconds from the navigation to the first paint with content, by the page's own account; `nil` where the browser
/// doesn't say.
private func firstPaint(_ url: String) async -> Double? {
  let paint = "performance.getEntriesByName('first-contentful-paint')"
  guard let browser = try? Chromium() else { return nil }
  var found: Double?
  if let page = try? await browser.page(), (try? await page.open(url, until: "\(paint).length > 0")) != nil {
    found = (try? await page.evaluate("String(\(paint)[0].startTime)"))?.string.flatMap(Double.init)
  }
  await browser.stop()
  return found
}
