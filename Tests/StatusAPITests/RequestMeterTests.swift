import Hummingbird
import HummingbirdTesting
import Model
import StatusAPI
import Synchronization
import Testing

@Suite struct `Requests are counted and named` {
  private func ask(
    _ paths: [String], given: String? = nil, tokens: [ReadToken] = []
  ) async throws -> (ids: [String], counts: RequestMeter.Snapshot, troubles: [RequestMeter.Trouble]) {
    let troubles = Troubles()
    let meter = RequestMeter(now: { .epoch }) { trouble in troubles.all.withLock { $0.append(trouble) } }
    let server = StatusServer(
      host: "127.0.0.1", port: 0, source: ScriptedSource(), tokens: tokens, version: VersionView(version: "0.9.0"),
      meter: meter)
    let name = try #require(HTTPFields.Element.Name("X-Request-Id"))
    let ids: [String] = try await server.application.test(.router) { client in
      var ids: [String] = []
      for path in paths {
        var headers: HTTPFields = [:]
        if let given { headers[name] = given }
        ids.append(
          try await client.execute(uri: path, method: .get, headers: headers) { $0.headers[name] ?? "none" })
      }
      return ids
    }
    return (ids, meter.snapshot, troubles.all.withLock { $0 })
  }

  private final class Troubles: Sendable {
    let all = Mutex<[RequestMeter.Trouble]>([])
  }

  @Test func `handlers are ours, whatever is asked`() async throws {
    let paths = (0..<50).map { "/no/such/\($0)" } + ["/api/v1/alerts/0000000000000001", "/livez"]
    let (ids, counts, troubles) = try await ask(paths)
    #expect(Set(counts.requests.keys.map(\.handler)) == ["unknown", "/api/v1/alerts/{fingerprint}", "/livez"])
    #expect(counts.requests[.init(handler: "unknown", code: 404)] == 50)
    #expect(counts.inFlight == 0)
    #expect(counts.durations["/livez"]?.buckets.reduce(0, +) == 1)
    #expect(Set(ids).count == 52 && ids.allSatisfy { $0.utf8.count == 16 })
    #expect(troubles.isEmpty)
  }

  @Test func `a sane name is taken, another isn't`() async throws {
    #expect(try await ask(["/livez"], given: "trace-0af7_651.9").ids == ["trace-0af7_651.9"])
    for bad in ["a b", "x\u{e9}", String(repeating: "a", count: 65), "a\"b", "a=b"] {
      let ids = try await ask(["/livez"], given: bad).ids
      #expect(ids.count == 1 && ids[0] != bad && ids[0].utf8.count == 16, "\(bad)")
    }
  }

  @Test func `a refusal is told of with the answer's name`() async throws {
    let token = try ReadToken(sha256: String(repeating: "0", count: 64), name: "a")
    let (ids, counts, troubles) = try await ask(["/api/v1/status"], tokens: [token])
    #expect(counts.requests[.init(handler: "/api/v1/status", code: 401)] == 1)
    #expect(troubles.map(\.request) == ids)
    #expect(troubles.first?.status == 401 && troubles.first?.handler == "/api/v1/status")
  }
}
