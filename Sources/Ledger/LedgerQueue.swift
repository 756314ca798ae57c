package import Model
import Synchronization

/// Takes batches without making anybody wait, and writes them in their order: one transaction for all that wait.
///
/// While the ledger can't be written it tries again, waiting twice as long each time up to half a minute, and keeps
/// what there is to write within limits: of alerts the newest state, of history the newest rows, the rest counted as
/// dropped. ``run()`` does the writing; without it nothing is written.
package final class LedgerQueue: Sendable {
  private let ledger: Ledger
  private let clock: any WallClock
  private let backlog: Mutex<Backlog>
  private let arrivals: AsyncStream<Void>
  private let arrival: AsyncStream<Void>.Continuation

  private static let shortestPause = Duration.seconds(1)
  private static let longestPause = Duration.seconds(30)

  /// A queue that asks the clock only for pauses between attempts and the limit of ``writeAndWait(_:timeout:)``.
  package convenience init(_ ledger: Ledger, clock: any WallClock) {
    self.init(ledger, clock: clock, limits: .init())
  }

  init(_ ledger: Ledger, clock: any WallClock, limits: Backlog.Limits) {
    self.ledger = ledger
    self.clock = clock
    backlog = Mutex(Backlog(limits: limits))
    (arrivals, arrival) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Whether what is submitted gets written.
  package var condition: LedgerCondition { backlog.withLock { $0.condition } }

  /// Rows given up since the start.
  package var dropped: Int { backlog.withLock { $0.dropped } }

  /// Why a batch was given up last although the ledger could be written; `nil` when none was. It is ours to mend.
  package var lastRefusal: String? { backlog.withLock { $0.lastRefusal } }

  /// Takes a batch to be written as soon as may be.
  package func submit(_ batch: LedgerBatch) {
    guard !batch.isEmpty else { return }
    backlog.withLock { $0.add(.init(batch: batch)) }
    arrival.yield()
  }

  /// Takes a batch and waits until it is durable, for `timeout` at most.
  ///
  /// Returns whether it is. While the ledger is failing the answer is `false` at once; the batch is kept all the same
  /// and written when that is possible again.
  package func writeAndWait(_ batch: LedgerBatch, timeout: Duration) async -> Bool {
    guard !batch.isEmpty else { return true }
    let (outcomes, outcome) = AsyncStream.makeStream(of: Bool.self, bufferingPolicy: .bufferingOldest(1))
    let mayWait = backlog.withLock { backlog in
      backlog.add(.init(batch: batch, waiting: [outcome]))
      return !backlog.isFailing
    }
    arrival.yield()
    guard mayWait else { return false }
    return await first(of: outcomes, within: timeout)
  }

  private func first(of outcomes: AsyncStream<Bool>, within timeout: Duration) async -> Bool {
    let clock = clock
    return await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        for await isDurable in outcomes { return isDurable }
        return false
      }
      group.addTask {
        try? await clock.sleep(until: clock.now.advanced(by: timeout), tolerance: nil)
        return false
      }
      defer { group.cancelAll() }
      return await group.next() ?? false
    }
  }

  /// Writes what is submitted until the task is cancelled, and then, once more, what still waits.
  package func run() async {
    for await _ in arrivals {
      var pause = Self.shortestPause
      while await !drain() {
        do { try await clock.sleep(until: clock.now.advanced(by: pause), tolerance: nil) } catch { break }
        pause = min(pause * 2, Self.longestPause)
      }
      if Task.isCancelled { break }
    }
    _ = await drain()
  }

  /// Writes all that waits; `false` when it has to be tried again.
  private func drain() async -> Bool {
    let entries = backlog.withLock { $0.take() }
    guard !entries.isEmpty else { return true }
    do {
      try await ledger.write(entries.map(\.batch))
      finish(entries)
      return true
    } catch .refused {
      return await isolate(entries)
    } catch {
      backlog.withLock { $0.fail(entries, error.description, at: clock.now) }
      return false
    }
  }

  /// One of the batches is never taken: writes them one by one and gives up that one alone.
  private func isolate(_ entries: [Backlog.Entry]) async -> Bool {
    for (index, entry) in entries.enumerated() {
      do {
        try await ledger.write(entry.batch)
        finish([entry])
      } catch .refused(let text) {
        backlog.withLock { $0.refuse(entry, text) }
      } catch {
        backlog.withLock { $0.fail(Array(entries[index...]), error.description, at: clock.now) }
        return false
      }
    }
    return true
  }

  private func finish(_ entries: [Backlog.Entry]) {
    backlog.withLock { $0.recover() }
    for entry in entries {
      for waiting in entry.waiting { waiting.yield(true) }
    }
  }
}
