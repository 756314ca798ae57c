import Model
import PromQL
import Synchronization
import TestKit
import Testing
import Transport

@testable import Embedded

@Suite struct `Feeds` {
  @Test func `keep what targets give, with labels of their own and reports`() async throws {
    let bench = FeedBench([
      "http://a": [.text("x 1\nx{instance=\"own\",job=\"\"} 2\ny{exported_job=\"e\",job=\"j\"} 3\n")]
    ])
    try await bench.run { bench in
      await bench.feeds.apply(FeedSettings(targets: [.example("a", labels: [Label("zone", "z")])]))
      let time = try await bench.turn()
      let series = try await bench.store.all()
      #expect(series.allSatisfy { $0.times == [time] })
      #expect(
        series.filter { !$0.labels["__name__"].hasPrefix("scrape") }.map { "\($0.labels) \($0.values)" } == [
          #"{__name__="up", instance="a", job="j", zone="z"} [1.0]"#,
          #"{__name__="x", exported_instance="own", instance="a", job="j", zone="z"} [2.0]"#,
          #"{__name__="x", instance="a", job="j", zone="z"} [1.0]"#,
          #"{__name__="y", exported_exported_job="j", exported_job="e", instance="a", job="j", zone="z"} [3.0]"#,
        ])
      #expect(
        Set(series.map { $0.labels["__name__"] }).isSuperset(of: [
          "scrape_duration_seconds", "scrape_samples_scraped", "scrape_series_added",
        ]))
      let status = await bench.feeds.status
      #expect(status.map(\.health) == [.up] && status[0].samples == 3 && status[0].lastScrape == time)
    }
  }

  @Test func `mark the end of series that vanish, and of all when a target is down`() async throws {
    let bench = FeedBench(["http://a": [.text("x 1\ny 1\n"), .text("x 2\n"), .status(500), .text("x 3\n")]])
    try await bench.run { bench in
      await bench.feeds.apply(FeedSettings(targets: [.example("a")]))
      for _ in 0..<4 { try await bench.turn() }
      #expect(try await bench.values("x") == ["1.0", "2.0", "stale", "3.0"])
      #expect(try await bench.values("y") == ["1.0", "stale"])
      #expect(try await bench.values("up") == ["1.0", "1.0", "0.0", "1.0"])
      #expect(await bench.feeds.status[0].lastError == nil)
    }
  }

  @Test(arguments: [
    (FeedAnswer.text("x 1\nboom\n"), "line 2: 'boom' has no value"),
    (.text("x 1\nx 2\nx 3\nx 4\n"), "more than 3 samples, the target's limit"),
    (
      .text("x{a=\"\(String(repeating: "a", count: 200))\"} 1\n"),
      "line 1: bytes in the value of label 'a': 200, where 100 is the limit"
    ),
    (.status(404), "the target answered with status 404"),
    (.failure(.timedOut(requestWasSent: true)), "no answer in time"),
    (.failure(.tooLarge(limit: 9)), "the answer is larger than 9 bytes"),
    (.openMetrics("x 1\n"), "line 1: the data doesn't end with '# EOF'"),
  ])
  func `keep nothing of a scrape that fails, and tell why`(_ answer: FeedAnswer, _ words: String) async throws {
    let bench = FeedBench(["http://a": [answer]])
    try await bench.run { bench in
      var target = ScrapeTarget.example("a")
      target.sampleLimit = 3
      target.labelValueLimit = 100
      await bench.feeds.apply(FeedSettings(targets: [target]))
      try await bench.turn()
      let status = await bench.feeds.status[0]
      #expect(status.health == .down && status.lastError == words)
      #expect(try await bench.values("up") == ["0.0"])
      #expect(try await bench.values("x") == [])
    }
  }

  @Test func `count what comes twice or out of order and keep the rest`() async throws {
    let bench = FeedBench(["http://a": [.text("x 1\nx 2\nold 1 1000\n{\"x\"} 1\n{\"x\",} 5\nz 9\n")]])
    try await bench.run { bench in
      await bench.feeds.apply(FeedSettings(targets: [.example("a")]))
      try await bench.turn()
      #expect(try await bench.values("x") == ["1.0"])
      #expect(try await bench.values("z") == ["9.0"])
      let counts = await bench.feeds.status[0].counts
      #expect(counts.duplicates == 2 && counts.tooOld == 1)
    }
  }

  @Test func `take a target's own times only where they are honoured`() async throws {
    let own = Timestamp.at(-30)
    let text = FeedAnswer.text("x 1 \(own.millisecondsSinceEpoch)\n")
    let bench = FeedBench(["http://a": [text], "http://b": [text]])
    try await bench.run { bench in
      var other = ScrapeTarget.example("b")
      other.honorTimestamps = false
      other.honorLabels = true
      await bench.feeds.apply(FeedSettings(targets: [.example("a"), other]))
      try await bench.turn()
      let time = try await bench.turn()
      let found = try await bench.store.all(Matcher("__name__", equals: "x"))
      #expect(found.map { $0.times.count } == [1, 1])
      #expect(found[0].times == [own] && found[1].times[0] > .at(0) && found[1].times[0] <= time)
    }
  }

  @Test func `that go end their series, those that stay go on, those that change begin anew`() async throws {
    let bench = FeedBench(["http://a": [.text("x 1\n")], "http://b": [.text("x 1\n")]])
    try await bench.run { bench in
      await bench.feeds.apply(FeedSettings(targets: [.example("a"), .example("b")]))
      try await bench.turn()
      try await bench.turn()
      await bench.feeds.apply(FeedSettings(targets: [.example("a")]))
      #expect(await bench.feeds.status.map(\.instance) == ["a"])
      let ended = try await bench.store.all(Matcher("instance", equals: "b"))
      #expect(ended.count == 6 && ended.allSatisfy { $0.values.last?.isStalenessMarker == true })
      let going = try await bench.store.all(Matcher("instance", equals: "a"))
      #expect(going.allSatisfy { $0.values.last?.isStalenessMarker == false })
      var slower = ScrapeTarget.example("a")
      slower.interval = .seconds(60)
      await bench.feeds.apply(FeedSettings(targets: [slower]))
      #expect(try await bench.values("x").filter { $0 == "stale" }.count == 1)
      try await bench.turn()
      #expect(try await bench.store.all(Matcher("instance", equals: "a")).allSatisfy { $0.times.count == 2 })
    }
  }

  @Test func `with the same labels are refused but for the first`() async throws {
    let bench = FeedBench(["http://a": [.text("x 1\n")]])
    try await bench.run { bench in
      await bench.feeds.apply(FeedSettings(targets: [.example("a"), .example("a")]))
      let status = await bench.feeds.status
      #expect(status.map(\.health) == [.unknown, .down])
      #expect(status[1].lastError?.hasPrefix("another target has the same labels") == true)
    }
  }

  @Test func `give this machine's metrics under its name`() async throws {
    let bench = FeedBench([:])
    try await bench.run { bench in
      await bench.feeds.apply(FeedSettings(host: HostFeedSettings(instance: "laptop")))
      try await bench.turn()
      let up = try await bench.store.all(Matcher("__name__", equals: "up"))
      #expect(up.map(\.labels) == [["__name__": "up", "instance": "laptop", "job": "node"]])
      #expect(try await bench.store.all(Matcher("__name__", equals: "node_memory_MemTotal_bytes")).count == 1)
      #expect(await bench.feeds.status[0].url == nil)
    }
  }

  @Test func `that hang or never end are bounded, and the others go on`() async throws {
    let server = try LoopbackHTTPServer([
      "/hang": .init(body: "", delivery: .silent),
      "/endless": .init(
        body: String(repeating: "x{a=\"b\"} 1\n", count: 5000), delivery: .repeating(total: 1 << 30, announced: false)),
      "/good": .init(body: "x 1\n"),
    ])
    let store = SampleStore()
    let clock = TestClock(now: .at(0))
    let feeds = EmbeddedFeeds(store: store, transport: try CurlTransport(version: "test"), clock: clock)
    let running = Task { await feeds.run() }
    let targets = ["hang", "endless", "good"].map { name in
      var target = ScrapeTarget.example(name)
      target.request.url = "\(server.url)/\(name)"
      if name == "hang" { target.timeout = .milliseconds(300) }
      target.bodyLimit = 1 << 20
      return target
    }
    await feeds.apply(FeedSettings(targets: targets))
    for _ in 0..<3 { await clock.advance(toTurnOf: feeds) }
    while await feeds.status.contains(where: { $0.health == .unknown }) { await Task.yield() }
    #expect(
      await feeds.status.map { "\($0.instance) \($0.health) \($0.lastError ?? "")" } == [
        "endless down the answer is larger than 1048576 bytes", "good up ", "hang down no answer in time",
      ])
    let accept = server.requests.first?.header("Accept") ?? ""
    #expect(accept.hasPrefix("application/openmetrics-text;version=1.0.0") && accept.contains("text/plain"))
    running.cancel()
    await running.value
  }

  @Test func `are spread over the interval`() {
    let offsets = (0..<1000).map { index in
      let plan = FeedPlan(.example("host-\(index)"))
      let turn = plan.nextTurn(after: .at(0))
      #expect(turn > .at(0) && turn <= .at(15) && plan.nextTurn(after: turn) == turn + .seconds(15))
      return (turn - .at(0)).wholeMilliseconds / 1500
    }
    #expect(Set(offsets).count >= 10)
  }
}

/// What a target answers in a test.
enum FeedAnswer: Sendable {
  case text(String), openMetrics(String), status(Int), failure(TransportError)
}

/// Feeds over a transport that answers from a list, the last answer again and again, under a clock that stands still.
final class FeedBench: HTTPTransport {
  private let answers: Mutex<[String: [FeedAnswer]]>
  let store = SampleStore()
  let clock = TestClock(now: .at(0))
  private let running: Mutex<EmbeddedFeeds?> = Mutex(nil)

  init(_ answers: [String: [FeedAnswer]]) {
    self.answers = Mutex(answers)
  }

  var feeds: EmbeddedFeeds {
    running.withLock { feeds in
      let made = feeds ?? EmbeddedFeeds(store: store, transport: self, clock: clock)
      feeds = made
      return made
    }
  }

  func run(_ body: (FeedBench) async throws -> Void) async throws {
    let feeds = feeds
    let task = Task { await feeds.run() }
    try await body(self)
    task.cancel()
    await task.value
    running.withLock { $0 = nil }
  }

  /// Moves the clock to the next turn and waits until its scrape is noted; returns the time of the turn.
  @discardableResult
  func turn() async throws -> Timestamp {
    let before = await feeds.status.map(\.lastScrape)
    let time = await clock.advance(toTurnOf: feeds)
    while await feeds.status.map(\.lastScrape) == before { await Task.yield() }
    return time
  }

  /// All samples of a metric in the order of series and time.
  func values(_ name: String) async throws -> [String] {
    try await store.all(Matcher("__name__", equals: name)).flatMap { series in
      series.values.map { $0.isStalenessMarker ? "stale" : "\($0)" }
    }
  }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    let answer = answers.withLock { answers -> FeedAnswer? in
      guard let list = answers[request.url], let first = list.first else { return nil }
      if list.count > 1 { answers[request.url]?.removeFirst() }
      return first
    }
    switch answer {
    case .text(let text): return HTTPResponse(status: 200, body: Array(text.utf8))
    case .openMetrics(let text):
      let type = Label("content-type", "application/openmetrics-text; version=1.0.0; charset=utf-8")
      return HTTPResponse(status: 200, headers: [type], body: Array(text.utf8))
    case .status(let status): return HTTPResponse(status: status)
    case .failure(let error): throw error
    case nil: throw .unreachable("nobody there")
    }
  }
}

extension TestClock {
  /// Moves to the next turn once the feeds sleep until then, and waits until it is taken; returns its time.
  @discardableResult
  func advance(toTurnOf feeds: EmbeddedFeeds) async -> Timestamp {
    guard let next = await feeds.nextDue else { return now }
    await waitForSleeper(until: next)
    advance(to: next)
    while await feeds.nextDue == next { await Task.yield() }
    return next
  }
}

extension ScrapeTarget {
  /// `http://<name>` with the labels `job="j"` and `instance=<name>`.
  static func example(_ name: String, labels: [Label] = []) -> ScrapeTarget {
    ScrapeTarget(job: "j", instance: name, request: HTTPRequest(url: "http://\(name)"), labels: labels)
  }
}
