package import Model
package import PromQL

/// Sends samples to one server that takes Prometheus remote write 1.0.
///
/// Decisions are taken by ``RemoteWriteQueue``. One request is under way at a time; what comes meanwhile goes along with
/// the next.
package actor RemoteWriter {
  /// Says where to write; asked before each request, so that a rotated secret needs no restart.
  package typealias Target = @Sendable () throws(TransportError) -> RemoteWriteTarget

  /// Somebody who waits for samples of these numbers.
  private struct Waiter {
    var numbers: Range<UInt64>
    var loss: String?
    var verdict: Verdict?
    var continuation: CheckedContinuation<Verdict, Never>?
  }

  private typealias Verdict = Result<Void, RemoteWriteError>

  /// The longest sleep while nothing is to be sent.
  private static let longestSleep: Duration = .seconds(3600)

  private var queue: RemoteWriteQueue
  private let target: Target
  private let userAgent: String
  private let transport: any HTTPTransport
  private let clock: any WallClock
  private let jitter: @Sendable () -> Double
  private var waiters: [UInt64: Waiter] = [:]
  private var nextWaiter: UInt64 = 0
  /// Whether somebody waited too long for the request under way.
  private var isSlow = false
  /// Makes the loop look for work.
  private let doorbell = Doorbell()
  private var drainer: CheckedContinuation<Void, Never>?
  private var hasDrainTimeEnded = false

  /// A writer that begins with ``run()``; `jitter` gives numbers between 0 and 1.
  package init(
    _ settings: RemoteWriteSettings = .init(), userAgent: String = "Belfry", transport: any HTTPTransport,
    clock: any WallClock, jitter: @escaping @Sendable () -> Double = { .random(in: 0..<1) }, target: @escaping Target
  ) {
    queue = RemoteWriteQueue(settings)
    self.target = target
    self.userAgent = userAgent
    self.transport = transport
    self.clock = clock
    self.jitter = jitter
  }

  /// How it stands.
  package var status: RemoteWriteStatus { queue.status }

  // MARK: - Writing

  /// Hands over samples of one instant without waiting for anything.
  package func enqueue(_ samples: [QuerySample], at instant: Timestamp) {
    queue.append(samples, at: instant, now: clock.now)
    settle(.failure(.lost(Self.fullWords)))
    doorbell.ring()
  }

  /// Writes samples of one instant and waits until the server has them, so that a query then sees them.
  ///
  /// It waits no longer than the settings' patience, and not at all while the server can't be reached or others have
  /// waited in vain: the samples then go on alone, and the error says so.
  package func write(_ samples: [QuerySample], at instant: Timestamp) async throws(RemoteWriteError) {
    guard !samples.isEmpty else { return }
    guard !queue.isClosed else {
      queue.append(samples, at: instant, now: clock.now)
      throw .lost("the writer has ended")
    }
    let tooLarge = queue.status.dropped.tooLarge
    let first = queue.nextNumber
    queue.append(samples, at: instant, isUrgent: true, now: clock.now)
    let id = wait(for: first..<queue.nextNumber)
    settle(.failure(.lost(Self.fullWords)))
    doorbell.ring()
    if queue.status.failingSince != nil { giveUp(id, queue.status.lastError ?? "") }
    if isSlow { giveUp(id, Self.slowWords) }
    try await verdict(of: id).get()
    if queue.status.dropped.tooLarge > tooLarge { throw .lost("a sample's labels are larger than a request may be") }
  }

  private static let slowWords = "the server is slow"
  private static let fullWords = "the queue is full, and the oldest samples went"

  private func wait(for numbers: Range<UInt64>) -> UInt64 {
    nextWaiter += 1
    waiters[nextWaiter] = Waiter(numbers: numbers)
    return nextWaiter
  }

  private func verdict(of id: UInt64) async -> Verdict {
    let deadline = clock.now + queue.settings.patience
    let verdict = await withDiscardingTaskGroup { tasks in
      if let verdict = waiters[id]?.verdict { return verdict }
      tasks.addTask { [clock] in
        try? await clock.sleep(until: deadline, tolerance: nil)
        await self.endPatience(id, deadline)
      }
      let verdict = await withCheckedContinuation { waiters[id]?.continuation = $0 }
      tasks.cancelAll()
      return verdict
    }
    waiters[id] = nil
    return verdict
  }

  private func endPatience(_ id: UInt64, _ deadline: Timestamp) {
    guard waiters[id]?.verdict == nil else { return }
    isSlow = clock.now >= deadline
    giveUp(id, Self.slowWords)
  }

  private func giveUp(_ id: UInt64, _ words: String) {
    decide(id, .failure(.late(words)))
  }

  private func decide(_ id: UInt64, _ verdict: Verdict) {
    guard var waiter = waiters[id], waiter.verdict == nil else { return }
    waiter.verdict = waiter.loss.map { .failure(.lost($0)) } ?? verdict
    waiters[id] = waiter
    waiter.continuation?.resume(returning: waiter.verdict ?? verdict)
  }

  /// Tells those whose samples are all sent or dropped what came of the last ones.
  private func settle(_ verdict: Verdict) {
    let settled = queue.settled
    for (id, waiter) in waiters where waiter.numbers.upperBound <= settled { decide(id, verdict) }
  }

  // MARK: - Sending

  /// Sends until the task is cancelled; call it once. ``drain(within:)`` first, to lose nothing.
  package func run() async {
    while !Task.isCancelled {
      switch queue.next(at: clock.now) {
      case .send(let message): await send(message)
      case .wait(let until): await doorbell.wait(until: until, on: clock)
      case .idle: await doorbell.wait(until: clock.now + Self.longestSleep, on: clock)
      }
    }
  }

  private func send(_ message: [UInt8]) async {
    let numbers = queue.batchNumbers
    let outcome = await exchange(message)
    isSlow = false
    queue.finished(outcome, at: clock.now, jitter: jitter())
    switch outcome {
    case .sent: settle(.success(()))
    case .refused(let words):
      for (id, waiter) in waiters where waiter.numbers.overlaps(numbers) { waiters[id]?.loss = words }
      settle(.failure(.lost(words)))
    case .retry(let words, _):
      for id in waiters.keys { giveUp(id, words) }
    case .interrupted: break
    }
    if queue.isClosed, queue.isEmpty { endDrain() }
  }

  @concurrent private nonisolated func exchange(_ message: [UInt8]) async -> SendOutcome {
    do throws(TransportError) {
      return SendOutcome(try await transport.send(target().request(carrying: message, userAgent: userAgent)))
    } catch {
      return SendOutcome(error)
    }
  }

  /// Takes no more samples and waits until those there are have gone, for at most `limit`; what is left is given up.
  ///
  /// ``run()`` must go on meanwhile.
  package func drain(within limit: Duration) async -> RemoteWriteStatus {
    queue.close()
    doorbell.ring()
    let deadline = clock.now + limit
    await withDiscardingTaskGroup { tasks in
      guard !queue.isEmpty, !hasDrainTimeEnded else { return }
      tasks.addTask { [clock] in
        try? await clock.sleep(until: deadline, tolerance: nil)
        await self.endDrain()
      }
      if !hasDrainTimeEnded { await withCheckedContinuation { drainer = $0 } }
      tasks.cancelAll()
    }
    queue.discard()
    settle(.failure(.lost("the writer has ended")))
    return queue.status
  }

  private func endDrain() {
    hasDrainTimeEnded = true
    drainer?.resume()
    drainer = nil
  }
}
