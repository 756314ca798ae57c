import Hummingbird
import JSON
import Model
import StatusAPI
import Testing

@Suite struct `Asking for figures` {
  @Test(arguments: [
    ("/api/v1/stats?since=yesterday", "'since' is 'yesterday'; accepted: a time in RFC 3339"),
    ("/api/v1/stats?since=8", "'since' is '8'"), ("/api/v1/stats?since=20y", "at most 10y"),
    ("/api/v1/stats?since=-8h", "'since' is '-8h'"),
    ("/api/v1/stats?top=0", "'top' is '0'; accepted: 1 to 100"), ("/api/v1/stats?top=101", "'top' is '101'"),
    ("/api/v1/stats?since=2026-11-20T08:00:00Z&until=2026-11-20T08:00:00Z", "the window must begin before it ends"),
    ("/api/v1/stats?since=1h&until=8h", "the window must begin before it ends"),
    ("/api/v1/stats?project=checkout", "'project' stands without 'tenant'"),
    ("/api/v1/changes?since=%00", "'since' is"), ("/api/v1/changes?until=1h", "no parameter is named 'until' here"),
    ("/api/v1/rules?state=resolved", "'state' is 'resolved'; accepted are inactive, pending, firing"),
    ("/api/v1/rules?health=bad", "'health' is 'bad'; accepted: ok, err, unknown"),
    ("/api/v1/rules?cursor=abc", "'cursor' is 'abc'"), ("/api/v1/channels?limit=0", "'limit' is '0'"),
    ("/api/v1/history?matcher=a~b", "'matcher' is 'a~b'"), ("/api/v1/history?severity=a&severity=b", "given twice"),
    ("/api/v1/deliveries?outcome=lost", "'outcome' is 'lost'"),
  ])
  func `tells what is wrong with a parameter, and what is accepted`(path: String, words: String) async throws {
    let answer = try await Asking().send(path)
    #expect(answer.status == 400)
    let message = try answer.errorMessage ?? ""
    #expect(message.contains(words), "\(message)")
  }

  @Test(arguments: [
    ("/api/v1/stats?since=8h", "since", "2026-11-20T02:14:09Z"),
    ("/api/v1/stats?since=2026-11-19T00:00:00%2B01:00", "since", "2026-11-18T23:00:00Z"),
    ("/api/v1/stats?until=1h", "until", "2026-11-20T09:14:09Z"),
    ("/api/v1/changes?since=1d", "since", "2026-11-19T10:14:09Z"),
  ])
  func `takes instants, and how long ago they are`(path: String, member: String, expected: String) async throws {
    let instant = try #require(try await Asking().send(path).json[member]?.string.flatMap(Timestamp.init(rfc3339:)))
    let shown = try #require(Timestamp(rfc3339: expected))
    if path.contains("2026") {
      #expect(instant == shown)
    } else {
      #expect(
        instant.duration(to: World.now)
          == (path.contains("8h") ? .seconds(28_800) : path.contains("1d") ? .seconds(86_400) : .seconds(3600)))
    }
  }

  @Test(arguments: [
    ("/api/v1/rules?tenant=shop", 1), ("/api/v1/rules?tenant=nobody", 0), ("/api/v1/rules?state=firing", 2),
    ("/api/v1/rules?state=inactive&state=pending", 0), ("/api/v1/rules?q=Checkout", 2), ("/api/v1/rules?q=nothing", 0),
    ("/api/v1/rules?health=ok", 2), ("/api/v1/rules?health=err", 0), ("/api/v1/channels", 3),
    ("/api/v1/channels?tenant=shop", 1),
    ("/api/v1/history?severity=critical", World.history.count { $0.transition.alert.labels["severity"] == "critical" }),
    ("/api/v1/history?matcher=alertname%3Dnone", 0),
  ])
  func `filters`(path: String, count: Int) async throws {
    #expect(try await Asking().send(path).json["items"]?.array?.count == count)
  }

  @Test func `pages through rules by group and position`() async throws {
    let first = try await Asking().send("/api/v1/rules?limit=1").json
    let cursor = try #require(first["next"]?.string)
    let second = try await Asking().send("/api/v1/rules?limit=1&cursor=\(cursor)").json
    #expect(first["items"]?.array?.first?["tenant"]?.string != second["items"]?.array?.first?["tenant"]?.string)
    #expect(second["next"] == .null)
  }

  @Test(arguments: ["stats", "changes", "channels"])
  func `answers 503 while the ledger can't be read`(endpoint: String) async throws {
    let answer = try await Asking(source: ScriptedSource(isLedgerReadable: false)).send("/api/v1/\(endpoint)")
    #expect(answer.status == 503)
  }
}
