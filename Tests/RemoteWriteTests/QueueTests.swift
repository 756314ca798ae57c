import Model
import PromQL
import RemoteWrite
import TestKit
import Testing

@Suite struct `Queueing samples for a server` {
  private func settings(_ change: (inout RemoteWriteSettings) -> Void) -> RemoteWriteSettings {
    var settings = RemoteWriteSettings()
    change(&settings)
    return settings
  }

  /// The values of a step's samples; `nil` for another step.
  private func values(_ step: RemoteWriteQueue.Step) throws -> [Double]? {
    guard case .send(let message) = step else { return nil }
    return try WireDecoder.series(message).flatMap(\.samples).map { Double(bitPattern: $0.bits) }
  }

  @Test func `samples wait for others, full batches and urgent ones don't`() throws {
    var queue = RemoteWriteQueue(settings { $0.samplesPerSend = 3 })
    queue.append(samples(1), at: at(0), now: at(10))
    #expect(queue.next(at: at(10)) == .wait(until: at(11)))
    queue.append(samples(2, 3), at: at(0), now: at(10))
    #expect(try values(queue.next(at: at(10))) == [1, 2, 3])
    queue.append(samples(4), at: at(0), isUrgent: true, now: at(10))
    #expect(queue.next(at: at(10)) == .idle)
    queue.finished(.sent, at: at(10), jitter: 0)
    #expect(try values(queue.next(at: at(10))) == [4])
    queue.finished(.sent, at: at(10), jitter: 0)
    queue.append(samples(5), at: at(0), now: at(20))
    #expect(try values(queue.next(at: at(21))) == [5])
  }

  @Test func `a request holds no more than its bytes`() throws {
    let size = RemoteWriteQueueProbe.sampleSize
    var queue = RemoteWriteQueue(settings { $0.bytesPerSend = 2 * size + 1 })
    queue.append(samples(1, 2, 3), at: at(0), isUrgent: true, now: at(0))
    #expect(try values(queue.next(at: at(0))) == [1, 2])
    queue.append([QuerySample(["__name__": String(repeating: "x", count: 200)], 1)], at: at(0), now: at(0))
    #expect(queue.status.dropped.tooLarge == 1)
  }

  @Test func `what may pass is tried again, ever more slowly`() throws {
    var queue = RemoteWriteQueue()
    queue.append(samples(1), at: at(0), isUrgent: true, now: at(0))
    var now = at(0)
    var pauses: [Duration] = []
    for _ in 0..<9 {
      #expect(try values(queue.next(at: now)) == [1])
      queue.finished(.retry("down"), at: now, jitter: 1)
      guard case .wait(let until) = queue.next(at: now) else { break }
      pauses.append(until - now)
      now = until
    }
    #expect(pauses.map(\.inSeconds) == [0.5, 1, 2, 4, 8, 16, 30, 30, 30])
    #expect(queue.status.failingSince == at(0))
    #expect(queue.status.lastError == "down")
    #expect(try values(queue.next(at: now)) == [1])
    queue.finished(.sent, at: now, jitter: 0)
    #expect(queue.status.sent == 1)
    #expect(queue.status.failingSince == nil)
    #expect(queue.status.failedRequests == 9)
    #expect(queue.status.lastError == "down")
  }

  @Test(
    arguments: [
      (.retry("busy", after: .seconds(7)), 0.0, 7.0), (.retry("busy", after: .seconds(100_000)), 0, 300),
      (.retry("busy", after: .zero), 0, 0.25), (.retry("busy"), 0.5, 0.375), (.retry("busy"), 7, 0.5),
    ] as [(SendOutcome, Double, Double)])
  func `a server may ask for a longer pause`(outcome: SendOutcome, jitter: Double, pause: Double) throws {
    var queue = RemoteWriteQueue()
    queue.append(samples(1), at: at(0), isUrgent: true, now: at(0))
    _ = queue.next(at: at(0))
    queue.finished(outcome, at: at(0), jitter: jitter)
    #expect(queue.next(at: at(0)) == .wait(until: at(0) + .seconds(pause)))
  }

  @Test func `what is refused is dropped and told, and the next goes at once`() throws {
    var queue = RemoteWriteQueue(settings { $0.samplesPerSend = 2 })
    queue.append(samples(1, 2, 3), at: at(0), isUrgent: true, now: at(0))
    _ = queue.next(at: at(0))
    #expect(queue.batchNumbers == 0..<2)
    queue.finished(.refused("out of order"), at: at(0), jitter: 0)
    #expect(queue.status.dropped.refused == 2)
    #expect(queue.status.lastError == "out of order")
    #expect(queue.settled == 2)
    #expect(try values(queue.next(at: at(0))) == [3])
  }

  @Test func `the oldest go when the queue is full`() throws {
    var queue = RemoteWriteQueue(settings { ($0.queuedSamples, $0.samplesPerSend) = (4, 2) })
    queue.append(samples(1, 2, 3, 4, 5), at: at(0), isUrgent: true, now: at(0))
    #expect(queue.status.dropped.queueFull == 1)
    #expect(queue.settled == 1)
    #expect(try values(queue.next(at: at(0))) == [2, 3])
    // Those on their way can't be dropped.
    queue.append(samples(6), at: at(0), now: at(0))
    #expect(queue.status.dropped.queueFull == 2)
    queue.finished(.retry("down"), at: at(0), jitter: 0)
    // Those that wait to be repeated can.
    queue.append(samples(7), at: at(0), now: at(0))
    #expect(queue.status.dropped.queueFull == 3)
    #expect(try values(queue.next(at: at(1))) == [3])
    queue.finished(.sent, at: at(1), jitter: 0)
    #expect(try values(queue.next(at: at(1))) == [5, 6])
    queue.finished(.sent, at: at(1), jitter: 0)
    #expect(try values(queue.next(at: at(1))) == [7])
  }

  @Test func `how far the server is behind is known`() {
    var queue = RemoteWriteQueue(settings { $0.samplesPerSend = 1 })
    queue.append(samples(1), at: at(100), now: at(100))
    queue.append(samples(2), at: at(160), now: at(160))
    _ = queue.next(at: at(160))
    queue.finished(.sent, at: at(161), jitter: 0)
    #expect(queue.status.lag == .seconds(60))
    #expect(queue.status.highestSent == at(100))
    #expect(queue.status.lastSentAt == at(161))
    _ = queue.next(at: at(161))
    queue.finished(.sent, at: at(161), jitter: 0)
    #expect(queue.status.lag == .zero)
  }

  @Test func `after the end nothing is taken, and what is left is told`() {
    var queue = RemoteWriteQueue()
    queue.append(samples(1, 2), at: at(0), now: at(0))
    queue.close()
    queue.append(samples(3), at: at(0), now: at(0))
    #expect(queue.status.dropped.shutdown == 1)
    queue.discard()
    #expect(queue.status.dropped.shutdown == 3)
    #expect(queue.isEmpty)
    #expect(queue.next(at: at(0)) == .idle)
  }

  @Test(arguments: fuzzSeeds(200)) func `no sample is lost untold, and series stay in order`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var queue = RemoteWriteQueue(
      settings { settings in
        settings.samplesPerSend = .random(in: 1...7, using: &random)
        settings.queuedSamples = .random(in: 5...40, using: &random)
      })
    var (given, now, arrived) = (0, at(0), [Double]())
    for _ in 0..<300 {
      now = now + .milliseconds(Int64.random(in: 0...2000, using: &random))
      if Bool.random(using: &random) {
        let count = Int.random(in: 0...5, using: &random)
        queue.append(
          samples((0..<count).map { Double(given + $0) }), at: now, isUrgent: .random(using: &random), now: now)
        given += count
      }
      guard let sent = try values(queue.next(at: now)) else { continue }
      switch Int.random(in: 0...3, using: &random) {
      case 0: queue.finished(.retry("down"), at: now, jitter: 0)
      case 1: queue.finished(.refused("no"), at: now, jitter: 0)
      case 2: queue.finished(.interrupted, at: now, jitter: 0)
      default:
        arrived += sent
        queue.finished(.sent, at: now, jitter: 0)
      }
    }
    #expect(arrived == arrived.sorted())
    #expect(queue.status.sent == arrived.count)
    #expect(given == queue.status.sent + queue.status.dropped.total + queue.status.pending)
    #expect(queue.status.pending <= queue.settings.queuedSamples)
    queue.discard()
    #expect(queue.status.pendingBytes == 0)
    #expect(queue.settled == queue.nextNumber)
  }
}

/// One series each, with these values.
func samples(_ values: [Double]) -> [QuerySample] {
  values.map { QuerySample(["__name__": "m"], $0) }
}

func samples(_ values: Double...) -> [QuerySample] { samples(values) }

/// The instant so many seconds after the epoch.
func at(_ seconds: Int) -> Timestamp { Timestamp(millisecondsSinceEpoch: Int64(seconds) * 1000) }

/// What the queue counts for one of the tests' samples.
enum RemoteWriteQueueProbe {
  static var sampleSize: Int {
    var queue = RemoteWriteQueue()
    queue.append(samples(1), at: .epoch, now: .epoch)
    return queue.status.pendingBytes
  }
}
