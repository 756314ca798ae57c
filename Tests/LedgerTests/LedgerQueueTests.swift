import Model
import Testing

@testable import Ledger

@Suite(.timeLimit(.minutes(1))) struct `The queue in front of a ledger` {
  @Test func `writes what it is given, in order`() async throws {
    try await withQueue { ledger, queue, _ in
      for number in 0..<100 { queue.submit(.of { $0.transitions = [.example(1, at: Int64(number))] }) }
      #expect(await queue.writeAndWait(.of { $0.aliveAt = .at(1) }, timeout: .seconds(5)))
      let transitions = try await ledger.transitions()
      #expect(transitions.reversed().map(\.transition.at) == (0..<100).map { Timestamp.at($0) })
      #expect(queue.condition == .healthy)
    }
  }

  @Test func `answers at once for nothing`() async throws {
    try await withQueue { _, queue, _ in
      #expect(await queue.writeAndWait(.init(), timeout: .seconds(5)))
    }
  }

  @Test func `makes nobody wait longer than asked, and writes all the same`() async throws {
    try await withLedger { ledger in
      let clock = ManualClock(.at(0))
      let queue = LedgerQueue(ledger, clock: clock)
      async let isDurable = queue.writeAndWait(.of { $0.aliveAt = .at(1) }, timeout: .seconds(2))
      await clock.waitForSleepers(1)
      clock.advance(by: .seconds(2))
      #expect(await !isDurable)
      try await running(queue) {
        #expect(await queue.writeAndWait(.of { $0.alerts = [.put(.example(1))] }, timeout: .seconds(2)))
      }
      #expect(try await ledger.lastAlive() == .at(1))
    }
  }

  @Test func `goes on while the disk is full, and catches up`() async throws {
    try await withQueue { ledger, queue, clock in
      try ledger.limitPages(by: 2)
      let batch = LedgerBatch.of { $0.alerts = (0..<2000).map { .put(.example($0)) } }
      #expect(await !queue.writeAndWait(batch, timeout: .seconds(5)))
      let condition = LedgerCondition.failing(
        since: .at(0), message: "the ledger can't be written: database or disk is full", dropped: 0)
      #expect(queue.condition == condition)

      // Nobody waits any more, however long they would.
      #expect(await !queue.writeAndWait(.of { $0.deliveries = [.example()] }, timeout: .seconds(3600)))
      for pause in [1, 2, 4] {
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(pause))
      }
      await clock.waitForSleepers(1)
      #expect(queue.condition == condition)

      try ledger.limitPages(by: 1_000_000)
      clock.advance(by: .seconds(8))
      while queue.condition != .healthy { await Task.yield() }
      #expect(try await ledger.activeAlerts().count == 2000)
      #expect(try await ledger.deliveries().count == 1)
      #expect(queue.dropped == 0)
    }
  }

  @Test func `writes what still waits when it is told to end`() async throws {
    try await withLedger { ledger in
      let queue = LedgerQueue(ledger, clock: ManualClock(.at(0)))
      queue.submit(.of { $0.aliveAt = .at(3) })
      let run = Task { await queue.run() }
      run.cancel()
      await run.value
      let lastAlive = try await ledger.lastAlive()
      #expect(lastAlive == .at(3))
    }
  }

  @Test func `ends while the ledger is failing`() async throws {
    try await withQueue { ledger, queue, clock in
      try ledger.limitPages(by: 2)
      queue.submit(.of { $0.alerts = (0..<2000).map { .put(.example($0)) } })
      await clock.waitForSleepers(1)
    }
  }

  @Test func `gives up a batch that is never taken, and that one alone`() async throws {
    try await withQueue { ledger, queue, _ in
      try ledger.tamper(
        """
        CREATE TRIGGER stubborn BEFORE INSERT ON deliveries WHEN new.detail = 'never'
        BEGIN SELECT RAISE(ABORT, 'no'); END
        """)
      var never = DeliveryRecord.example()
      never.detail = "never"
      for delivery in [.example(), never, .example()] { queue.submit(.of { $0.deliveries = [delivery] }) }
      #expect(await queue.writeAndWait(.of { $0.aliveAt = .at(1) }, timeout: .seconds(5)))
      #expect(try await ledger.deliveries().count == 2)
      #expect(queue.dropped == 1)
      #expect(queue.lastRefusal == "no")
    }
  }

  private func withQueue(_ body: (Ledger, LedgerQueue, ManualClock) async throws -> Void) async throws {
    try await withLedger { ledger in
      let clock = ManualClock(.at(0))
      let queue = LedgerQueue(ledger, clock: clock)
      try await running(queue) { try await body(ledger, queue, clock) }
    }
  }

  private func running(_ queue: LedgerQueue, _ body: () async throws -> Void) async throws {
    let run = Task { await queue.run() }
    let outcome: Result<Void, any Error>
    do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
    run.cancel()
    await run.value
    try outcome.get()
  }
}

@Suite struct `What waits while nothing can be written` {
  @Test func `is the newest state of each alert`() {
    var backlog = failing(.init(history: 10, state: 10_000, batches: 4))
    for round in 0..<40 {
      backlog.add(.init(batch: .of { $0.alerts = (0..<100).map { .put(.example($0, state: state(round))) } }))
    }
    var batch = LedgerBatch()
    for entry in backlog.take() { batch.append(entry.batch) }
    #expect(batch.stateCount < 2400)
    batch.compact()
    #expect(batch.alerts == (0..<100).map { .put(.example($0, state: state(39))) })
    #expect(backlog.dropped == 0)
  }

  @Test func `is the newest history, the rest counted`() {
    var backlog = failing(.init(history: 10, state: 10, batches: 4))
    for second in Int64(0)..<25 { backlog.add(.init(batch: .of { $0.transitions = [.example(1, at: second)] })) }
    #expect(backlog.dropped == 15)
    #expect(backlog.condition == .failing(since: .at(0), message: "full", dropped: 15))
    #expect(backlog.take().flatMap(\.batch.transitions).map(\.at) == (15..<25).map { Timestamp.at($0) })
    backlog.recover()
    #expect(backlog.condition == .healthy)
    #expect(backlog.dropped == 15)
  }

  @Test func `is what came first, first, when writing fails again`() {
    var backlog = failing(.init())
    backlog.add(.init(batch: .of { $0.transitions = [.example(1, at: 0)] }))
    let taken = backlog.take()
    backlog.add(.init(batch: .of { $0.transitions = [.example(1, at: 1)] }))
    backlog.fail(taken, "still full", at: .at(9))
    #expect(backlog.condition == .failing(since: .at(0), message: "still full", dropped: 0))
    #expect(backlog.take().flatMap(\.batch.transitions).map(\.at) == [.at(0), .at(1)])
    #expect(backlog.isEmpty)
  }

  @Test func `of one record is its last change`() {
    let alert = Alert.example(1)
    var batch = LedgerBatch.of { batch in
      batch.alerts = [.put(alert), .put(.example(2)), .remove(alert.ledgerKey), .remove(Alert.example(3).ledgerKey)]
    }
    batch.compact()
    #expect(batch.alerts == [.put(.example(2)), .remove(alert.ledgerKey), .remove(Alert.example(3).ledgerKey)])
  }

  private func failing(_ limits: Backlog.Limits) -> Backlog {
    var backlog = Backlog(limits: limits)
    backlog.fail([], "full", at: .at(0))
    return backlog
  }

  private func state(_ round: Int) -> AlertState { round % 2 == 0 ? .firing : .pending }
}

extension LedgerBatch {
  /// A batch as `fill` makes it.
  static func of(_ fill: (inout LedgerBatch) -> Void) -> LedgerBatch {
    var batch = LedgerBatch()
    fill(&batch)
    return batch
  }
}
