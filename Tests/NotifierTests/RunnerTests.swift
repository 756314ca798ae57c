import Model
import Notifier
import Specs
import Synchronization
import TestKit
import Testing

@Suite struct `The notifier at work` {
  /// A channel that does what it is told, and says when it was called.
  final class Destination: Channel {
    private let behaviour: @Sendable (Message) async throws(DeliveryError) -> Receipt
    let received = Mailbox<Message>()

    init(
      _ behaviour: @escaping @Sendable (Message) async throws(DeliveryError) -> Receipt = { _ in
        Receipt(detail: "ok")
      }
    ) {
      self.behaviour = behaviour
    }

    func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt {
      let receipt = try await behaviour(post.first)
      received.put(post.first)
      return receipt
    }
  }

  /// Values that a test waits for.
  final class Mailbox<Value: Sendable>: Sendable {
    private let state = Mutex<(values: [Value], waiting: [CheckedContinuation<Value, Never>])>(
      ([], []))

    func put(_ value: Value) {
      let waiter = state.withLock { state -> CheckedContinuation<Value, Never>? in
        guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
        state.values.append(value)
        return nil
      }
      waiter?.resume(returning: value)
    }

    func next() async -> Value {
      await withCheckedContinuation { continuation in
        let value = state.withLock { state -> Value? in
          guard state.values.isEmpty else { return state.values.removeFirst() }
          state.waiting.append(continuation)
          return nil
        }
        if let value { continuation.resume(returning: value) }
      }
    }

    var count: Int { state.withLock { $0.values.count } }
  }

  /// A ledger that may take its time.
  final class Ledger: DeliveryLog {
    let batches = Mailbox<([NotificationLogEntry], [DeliveryRecord])>()
    private let wait: @Sendable () async -> Void

    init(wait: @escaping @Sendable () async -> Void = {}) {
      self.wait = wait
    }

    func record(_ batch: NotifierState.RecordBatch) async {
      await wait()
      batches.put((batch.entries, batch.deliveries))
    }
  }

  static func runner(
    _ clock: TestClock, _ ledger: Ledger, _ destinations: [ResourceID: Destination]
  ) async -> NotifierRunner {
    var configuration = NotifierConfiguration()
    let root = route(
      [], [], groupBy: .labels(["alertname"]), wait: 30, interval: 300,
      [route([], ["oncall"], continues: true), route([], ["chat"])])
    _ = configuration.apply(
      NotifierChange(set: [
        channel(oncall), channel(chat),
        `The notifier's configuration`.routeResource(root, in: shop),
      ]), at: start)
    return NotifierRunner(
      NotifierState(configuration: configuration), clock: clock, log: ledger, outlet: silentOutlet
    ) {
      id, _, _ in
      destinations[id] ?? Destination()
    }
  }

  @Test func `sends when a group's time has come, and tells the ledger`() async throws {
    let (clock, ledger) = (TestClock(now: start), Ledger())
    let destinations = [oncall: Destination(), chat: Destination()]
    let runner = await Self.runner(clock, ledger, destinations)
    await withDiscardingTaskGroup { group in
      group.addTask { await runner.run() }
      await runner.receive([alert(["alertname": "X"]).fires])
      await clock.waitForSleepers(1)
      clock.advance(to: at(30))
      #expect(await destinations[oncall]?.received.next().reason == .first)
      #expect(await destinations[chat]?.received.next().at == at(30))
      var entries = 0
      while entries < 2 { entries += await ledger.batches.next().0.count }
      #expect(await runner.channelHealth()[oncall]?.delivered == 1)
      group.cancelAll()
    }
  }

  @Test func `is not held up by a destination that hangs`() async {
    let (clock, ledger) = (TestClock(now: start), Ledger())
    let gate = Mailbox<Void>()
    let destinations = [
      oncall: Destination { _ in
        await gate.next()
        return Receipt(detail: "late")
      }, chat: Destination(),
    ]
    let runner = await Self.runner(clock, ledger, destinations)
    await withDiscardingTaskGroup { group in
      group.addTask { await runner.run() }
      await runner.receive([alert(["alertname": "X"], firedAt: at(-60)).fires])
      _ = await destinations[chat]?.received.next()
      await runner.receive([alert(["alertname": "Y"], firedAt: at(-60)).fires])
      #expect(await destinations[chat]?.received.next().groupLabels["alertname"] == "Y")
      #expect(destinations[oncall]?.received.count == 0)
      gate.put(())
      gate.put(())
      _ = await destinations[oncall]?.received.next()
      group.cancelAll()
    }
  }

  @Test func `waits for the ledger before the next flush, but not for long`() async {
    let clock = TestClock(now: start)
    let gate = Mailbox<Void>()
    let ledger = Ledger { await gate.next() }
    let destinations = [oncall: Destination(), chat: Destination()]
    let runner = await Self.runner(clock, ledger, destinations)
    await withDiscardingTaskGroup { group in
      group.addTask { await runner.run() }
      await runner.receive([alert(["alertname": "X"], firedAt: at(-60)).fires])
      _ = await destinations[chat]?.received.next()
      _ = await destinations[oncall]?.received.next()
      // The ledger hangs; this alert is due at once, and is sent when two seconds have passed.
      await clock.waitForDeadline(at(2))
      await runner.receive([alert(["alertname": "Y"], firedAt: at(-60)).fires])
      await clock.waitForDeadline(at(2))
      #expect(destinations[chat]?.received.count == 0)
      clock.advance(to: at(2))
      #expect(await destinations[chat]?.received.next().groupLabels["alertname"] == "Y")
      for _ in 0..<4 { gate.put(()) }
      group.cancelAll()
    }
  }

  @Test func `sends and records what is queued before it ends`() async {
    let (clock, ledger) = (TestClock(now: start), Ledger())
    let gate = Mailbox<Void>()
    let destinations = [
      oncall: Destination { _ in
        await gate.next()
        return Receipt(detail: "ok")
      }, chat: Destination(),
    ]
    let runner = await Self.runner(clock, ledger, destinations)
    await withDiscardingTaskGroup { group in
      group.addTask { await runner.run() }
      await runner.receive([alert(["alertname": "X"], firedAt: at(-60)).fires])
      _ = await destinations[chat]?.received.next()
      await runner.drain(until: at(60))
      // Nothing new is begun.
      await runner.receive([alert(["alertname": "Y"], firedAt: at(-60)).fires])
      gate.put(())
      _ = await destinations[oncall]?.received.next()
    }
    var entries = 0
    while ledger.batches.count > 0 { entries += await ledger.batches.next().0.count }
    #expect(entries == 2)
    #expect(destinations[chat]?.received.count == 0)
  }

  @Test func `ends at the deadline when a destination hangs`() async {
    let (clock, ledger) = (TestClock(now: start), Ledger())
    let destinations = [
      oncall: Destination { _ in
        try? await clock.sleep(until: at(10_000), tolerance: nil)
        return Receipt(detail: "")
      }, chat: Destination(),
    ]
    let runner = await Self.runner(clock, ledger, destinations)
    await withDiscardingTaskGroup { group in
      group.addTask { await runner.run() }
      await runner.receive([alert(["alertname": "X"], firedAt: at(-60)).fires])
      _ = await destinations[chat]?.received.next()
      await runner.drain(until: at(60))
      await clock.waitForDeadline(at(60))
      clock.advance(to: at(60))
    }
    #expect(destinations[oncall]?.received.count == 1)
  }

  @Test func `says so where a channel isn't there`() async {
    let (clock, ledger) = (TestClock(now: start), Ledger())
    let destinations = [oncall: Destination(), chat: Destination()]
    let runner = await Self.runner(clock, ledger, destinations)
    await withDiscardingTaskGroup { group in
      await runner.apply(NotifierChange(removed: [oncall]))
      group.addTask { await runner.run() }
      await runner.receive([alert(["alertname": "X"], firedAt: at(-60)).fires])
      _ = await destinations[chat]?.received.next()
      var records: [DeliveryRecord] = []
      while records.count < 2 { records += await ledger.batches.next().1 }
      #expect(
        records.contains {
          $0.outcome == .unreachable && $0.detail == "no channel is named 'oncall' in shop"
        })
      #expect(
        await runner.channelHealth()[oncall]?.lastError == "no channel is named 'oncall' in shop")
      group.cancelAll()
    }
  }
}

extension TestClock {
  /// Waits until somebody sleeps until `deadline`.
  fileprivate func waitForDeadline(_ deadline: Timestamp) async {
    while !deadlines.contains(deadline) { await Task.yield() }
  }
}
