import Model
import PromQL
import RemoteWrite
import TestKit
import Testing
import Transport

/// The system's clock, for what waits for real servers.
private struct RealClock: WallClock {
  private static let start = ContinuousClock.now

  /// A fixed instant plus the time that has passed: only pauses are measured by it.
  var now: Timestamp { at(1_700_000_000) + (ContinuousClock.now - Self.start) }
  var minimumResolution: Duration { .milliseconds(1) }

  func sleep(until deadline: Timestamp, tolerance: Duration?) async throws {
    try await ContinuousClock().sleep(for: max(.zero, deadline - now))
  }
}

@Suite(.timeLimit(.minutes(2)), .serialized) struct `Writing to real servers` {
  private static let settings = {
    var settings = RemoteWriteSettings()
    settings.patience = .seconds(30)
    settings.samplesPerSend = 500
    return settings
  }()

  @Test(.enabled(if: RealServer.isInstalled(RealServer.prometheus), "prometheus is not installed"))
  func `prometheus takes samples and staleness markers`() async throws {
    let server = try RealServer.startPrometheus()
    let now = try await writeSeries(to: server, path: "/api/v1/write", readyPath: "/-/ready")
    #expect(try await eventually(server, "sum(m)", at: now, is: "499500"))
    #expect(try await eventually(server, "count(m)", at: now + .seconds(15), is: "999"))
    #expect(try await eventually(server, #"m{i="0"}"#, at: now, is: "0"))
    #expect(try await eventually(server, #"count(m{i="0"})"#, at: now + .seconds(15), is: nil))
  }

  @Test(.enabled(if: RealServer.isInstalled(RealServer.victoriaMetrics), "victoria-metrics is not installed"))
  func `victoria-metrics takes samples and staleness markers`() async throws {
    let server = try RealServer.startVictoriaMetrics()
    let now = try await writeSeries(to: server, path: "/api/v1/write", readyPath: "/health")
    #expect(try await eventually(server, "sum(m)", at: now, is: "499500"))
    #expect(try await eventually(server, "count(m)", at: now + .seconds(15), is: "999"))
    #expect(try await eventually(server, #"m{i="0"}"#, at: now, is: "0"))
    #expect(try await eventually(server, #"count(m{i="0"})"#, at: now + .seconds(15), is: nil))
  }

  @Test(.enabled(if: RealServer.isInstalled(RealServer.prometheus), "prometheus is not installed"))
  func `prometheus refuses what is out of order, and that is told`() async throws {
    let server = try RealServer.startPrometheus()
    let now = try await writeSeries(to: server, path: "/api/v1/write", readyPath: "/-/ready")
    try await writing(to: server, path: "/api/v1/write") { writer in
      do throws(RemoteWriteError) {
        try await writer.write([QuerySample(["__name__": "m", "i": "1"], 7)], at: now - .seconds(60))
        Issue.record("it was taken")
      } catch {
        guard case .lost(let words) = error else {
          Issue.record("\(error)")
          return
        }
        #expect(words == "the server answered with status 400: out of order sample")
      }
      #expect(await writer.status.dropped.refused == 1)
    }
  }

  /// Writes a thousand series, and fifteen seconds later all of them but the first, which ends.
  private func writeSeries(to server: RealServer, path: String, readyPath: String) async throws -> Timestamp {
    let transport = try CurlTransport(version: "test")
    while (try? await transport.send(HTTPRequest(url: server.url + readyPath)))?.status != 200 {
      try await ContinuousClock().sleep(for: .milliseconds(20))
    }
    let now = try await serverTime(server)
    let series = (0..<1000).map { QuerySample(["__name__": "m", "i": String($0)], Double($0)) }
    try await writing(to: server, path: path) { writer in
      try await writer.write(series, at: now)
      var next = series
      next[0].value = .stalenessMarker
      try await writer.write(next, at: now + .seconds(15))
      #expect(await writer.status.sent == 2000)
      #expect(await writer.status.requests == 4)
    }
    return now
  }

  private func writing(
    to server: RealServer, path: String, _ body: (RemoteWriter) async throws -> Void
  ) async throws {
    let transport = try CurlTransport(version: "test")
    let url = server.url + path
    let writer = RemoteWriter(Self.settings, transport: transport, clock: RealClock()) { () throws(TransportError) in
      RemoteWriteTarget(url: url)
    }
    try await withThrowingDiscardingTaskGroup { tasks in
      tasks.addTask { await writer.run() }
      try await body(writer)
      tasks.cancelAll()
    }
  }

  /// A minute before the server's clock: both servers refuse or hide what is far away in time.
  private func serverTime(_ server: RealServer) async throws -> Timestamp {
    let answer = try await query(server, "time()", at: nil)
    let seconds = try #require(answer.split(separator: "\"").compactMap { Double($0) }.last)
    return try #require(Timestamp(secondsSinceEpoch: seconds.rounded())) - .seconds(60)
  }

  private func query(_ server: RealServer, _ expression: String, at instant: Timestamp?) async throws -> String {
    let escaped = expression.utf8.map { "%" + (String($0, radix: 16).count < 2 ? "0" : "") + String($0, radix: 16) }
    var url = server.url + "/api/v1/query?query=" + escaped.joined()
    if let instant { url += "&time=" + String(instant.millisecondsSinceEpoch / 1000) }
    let response = try await CurlTransport(version: "test").send(HTTPRequest(url: url))
    return String(decoding: response.body, as: UTF8.self)
  }

  /// Whether the server comes to give this value, or no sample for `nil`; victoria-metrics takes a moment.
  private func eventually(
    _ server: RealServer, _ expression: String, at instant: Timestamp, is value: String?
  ) async throws -> Bool {
    let wanted = value.map { "\"\($0)\"]" } ?? "\"result\":[]"
    for _ in 0..<200 {
      if try await query(server, expression, at: instant).contains(wanted) { return true }
      // Makes victoria-metrics show at once what it has taken; prometheus knows no such path.
      _ = try? await CurlTransport(version: "test").send(HTTPRequest(url: server.url + "/internal/force_flush"))
      try await ContinuousClock().sleep(for: .milliseconds(50))
    }
    return false
  }
}
