import Model
import Notifier
import Specs
import Testing

@Suite struct `A pool of endpoints` {
  typealias Conclusion = ChannelQueue.Conclusion

  @Test func `is used in turn`() {
    var bench = QueueBench(QueueBench.robots(3))
    for number in 0..<6 { bench.put("g\(number)", at: at(0)) }
    #expect(bench.all(at: at(0)).map(\.post.endpoint) == [0, 1, 2, 0, 1, 2])
    bench.put("h", at: at(1))
    #expect(bench.next(at: at(1))?.post.endpoint == 0)
  }

  @Test func `goes at once to another endpoint when one is down`() {
    var bench = QueueBench(QueueBench.robots(3))
    bench.put("a", severity: "critical", at: at(0))
    guard let first = bench.next(at: at(0)) else { return }
    #expect(bench.finish(first, .unreachable("refused"), at: at(2)) == [.willRetry(at(2))])
    let second = bench.next(at: at(2))
    #expect(second?.names == ["a"] && second?.post.endpoint == 1 && second?.number == 2)
    guard let second else { return }
    #expect(bench.finish(second, at: at(2)) == [.delivered])
    // The channel as a whole works.
    #expect(bench.health.failingSince == nil && bench.health.failedAttempts == 1)
    #expect(bench.health.endpoints.map(\.failingSince) == [at(2), nil, nil])
    #expect(bench.health.endpoints[0].lastError == "refused")
    #expect(bench.health.endpoints.map(\.underWay) == [0, 0, 0])
    // Nobody's page finds out whether it is back as long as others are open; the end of one does.
    for number in 0..<4 {
      bench.put("b\(number)", at: at(100))
      guard let attempt = bench.next(at: at(100)) else { return }
      #expect(attempt.post.endpoint != 0)
      bench.finish(attempt, at: at(100))
    }
    var used: [Int] = []
    for number in 0..<3 {
      bench.put("c\(number)", isResolved: true, at: at(101))
      guard let attempt = bench.next(at: at(101)) else { return }
      used.append(attempt.post.endpoint)
      bench.finish(attempt, at: at(101))
    }
    #expect(used.contains(0))
    #expect(bench.health.endpoints.map(\.failingSince) == [nil, nil, nil])
  }

  @Test func `fails as a whole when all of it does, and tries each again`() {
    var bench = QueueBench(QueueBench.robots(3))
    bench.put("a", at: at(0))
    var tried: [Int] = []
    while tried.count < 3, let attempt = bench.next(at: at(tried.count)) {
      tried.append(attempt.post.endpoint)
      #expect(bench.health.failingSince == nil)
      bench.finish(attempt, .unreachable("refused"), at: at(tried.count - 1))
    }
    #expect(tried == [0, 1, 2])
    #expect(bench.health.failingSince == at(2))
    guard let wake = bench.wake(at: at(2)), let again = bench.next(at: wake) else { return }
    #expect(wake <= at(3))
    bench.finish(again, at: wake)
    #expect(bench.health.failingSince == nil && bench.health.delivered == 1)
  }

  @Test func `leaves a robot alone for ten minutes that DingTalk blocks`() {
    var bench = QueueBench(QueueBench.robots(2))
    bench.put("a", at: at(0))
    guard let first = bench.next(at: at(0)) else { return }
    #expect(bench.finish(first, .throttled(retryAfter: nil), at: at(0)) == [.willRetry(at(0))])
    #expect(bench.health.endpoints[0].pausedUntil == at(600))
    var used: Set<Int> = []
    for second in stride(from: 0, to: 599, by: 20) {
      bench.put("g\(second)", at: at(second))
      for attempt in bench.all(at: at(second)) {
        used.insert(attempt.post.endpoint)
        bench.finish(attempt, at: at(second))
      }
    }
    #expect(used == [1] && bench.queue.isEmpty)
    for name in ["x", "y"] { bench.put(name, at: at(600)) }
    #expect(Set(bench.all(at: at(600)).map(\.post.endpoint)) == [0, 1])
  }

  @Test func `tries the others when one refuses the credentials`() {
    var bench = QueueBench(QueueBench.robots(3))
    bench.put("a", at: at(0))
    guard let first = bench.next(at: at(0)) else { return }
    #expect(bench.finish(first, .unauthorised("invalid token"), at: at(0)) == [.willRetry(at(0))])
    #expect(bench.health.endpoints[0].pausedUntil == at(300))
    guard let second = bench.next(at: at(0)) else { return }
    #expect(second.post.endpoint == 1)
    #expect(bench.finish(second, .unauthorised("invalid token"), at: at(0)) == [.willRetry(at(0))])
    guard let third = bench.next(at: at(0)) else { return }
    #expect(third.post.endpoint == 2)
    #expect(bench.finish(third, .unauthorised("invalid token"), at: at(0)) == [.gaveUp])
    #expect(bench.health.failures == ["authError": 3])
    // A change of the spec may have mended it.
    bench.put("b", at: at(1))
    bench.configure(QueueBench.robots(3), at: at(1))
    #expect(bench.next(at: at(1))?.names == ["b"])
  }

  @Test func `shrinks and grows while messages are under way`() {
    var bench = QueueBench(QueueBench.robots(3))
    for name in ["a", "b", "c"] { bench.put(name, at: at(0)) }
    let attempts = bench.all(at: at(0))
    bench.configure(QueueBench.robots(1), at: at(1))
    #expect(bench.finish(attempts[2], .unreachable("refused"), at: at(1)) == [.willRetry(at(1))])
    guard let again = bench.next(at: at(1)) else { return }
    #expect(again.names == ["c"] && again.post.endpoint == 0)
    #expect(bench.finish(attempts[1], at: at(1)) == [.delivered])
    #expect(bench.finish(attempts[0], at: at(1)) == [.delivered])
    bench.configure(QueueBench.robots(3), at: at(2))
    #expect(bench.finish(again, at: at(2)) == [.delivered])
    bench.configure(nil, at: at(3))
    #expect(bench.queue.isEmpty && bench.health.endpoints.map(\.underWay) == [0])
    // An ending told twice counts once.
    #expect(bench.finish(again, at: at(3)) == [.superseded])
    #expect(bench.health.delivered == 3)
  }
}

@Suite struct `Merging` {
  @Test
  func
    `keeps a post for each group as long as the quota has room, and then tells all that wait in one`()
  {
    var bench = QueueBench(QueueBench.robots(1))
    for number in 0..<20 {
      bench.put("g\(number)", severity: number == 13 ? "critical" : "info", at: at(0))
    }
    let posts = bench.all(at: at(0))
    #expect(posts.map(\.names.count) == [1, 1, 18])
    #expect(posts[0].names == ["g13"] && posts[1].names == ["g0"])
    #expect(posts[2].post.isDigest && posts[2].names.first == "g1")
    for post in posts {
      #expect(bench.finish(post, at: at(1)) == post.tries.map { _ in .delivered })
    }
    #expect(bench.health.delivered == 20 && bench.health.merged == 18 && bench.health.posts == 3)
    // While no token is free everything waits for the next.
    for number in 0..<5 { bench.put("h\(number)", at: at(2)) }
    #expect(bench.next(at: at(2)) == nil)
    #expect(bench.wake(at: at(2)) == at(0) + .milliseconds(3334))
    #expect(bench.all(at: at(4)).map(\.names) == [["h0", "h1", "h2", "h3", "h4"]])
  }

  @Test func `is bounded, and never done where a machine reads`() {
    var limits = ChannelQueue.Limits()
    limits.merge = 4
    var bench = QueueBench(
      QueueBench.robots(1, limit: RateLimit(1, per: .seconds(10))), limits: limits)
    for number in 0..<10 { bench.put("g\(number)", at: at(0)) }
    var sizes: [Int] = []
    for second in stride(from: 0, through: 30, by: 10) {
      for post in bench.all(at: at(second)) {
        sizes.append(post.names.count)
        bench.finish(post, at: at(second))
      }
    }
    #expect(sizes == [4, 4, 2])
    var spec = ChannelSpec(
      destination: .webhook(WebhookSpec(pool: EndpointPool([.init(url: .plain("http://x"))]))))
    spec.rateLimit = RateLimit(1, per: .seconds(10))
    bench = QueueBench(spec)
    for number in 0..<3 { bench.put("g\(number)", at: at(0)) }
    #expect(bench.all(at: at(0)).map(\.names) == [["g0"]])
    #expect(bench.all(at: at(10)).map(\.names) == [["g1"]])
  }

  @Test func `ends for each message on its own`() {
    var bench = QueueBench(QueueBench.robots(2, limit: RateLimit(1, per: .seconds(1))))
    for name in ["a", "b", "c"] { bench.put(name, at: at(0)) }
    let posts = bench.all(at: at(0))
    #expect(posts.map(\.names) == [["a"], ["b", "c"]])
    // A newer state of one of them waits for its end.
    bench.put("b", isResolved: true, at: at(1))
    #expect(bench.next(at: at(1)) == nil)
    #expect(
      bench.finish(posts[1], .unreachable("refused"), at: at(1)) == [
        .superseded, .willRetry(at(1)),
      ])
    // The first robot hasn't answered yet, and takes another.
    let again = bench.all(at: at(1))
    #expect(again.map(\.names) == [["c", "b"]])
    #expect(again[0].tries.map(\.number) == [2, 1])
    #expect(bench.finish(again[0], at: at(1)) == [.delivered, .delivered])
    #expect(bench.finish(posts[0], at: at(2)) == [.delivered])
    #expect(bench.queue.isEmpty)
  }

  @Test func `finds the one message that spoils it`() {
    var bench = QueueBench(QueueBench.robots(1, limit: RateLimit(1, per: .seconds(1))))
    let names = (0..<16).map { "g\($0)" }
    for name in names { bench.put(name, at: at(0)) }
    var told: [String] = []
    var refused: [String] = []
    for second in 0..<60 {
      for post in bench.all(at: at(second)) {
        if post.names.contains("g11") {
          let conclusions = bench.finish(post, .rejected("bad text"), at: at(second))
          refused += zip(post.names, conclusions).filter { $0.1 == .gaveUp }.map(\.0)
        } else {
          bench.finish(post, at: at(second))
          told += post.names
        }
      }
    }
    #expect(refused == ["g11"])
    #expect(told.sorted() == names.filter { $0 != "g11" }.sorted())
    #expect(bench.health.posts < 12)
  }
}
