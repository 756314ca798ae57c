package import Model
package import Specs

/// The loop around ``NotifierState``: waits for its time or for news, sends, and hands records to the ledger.
package actor NotifierRunner {
  /// Makes a channel of its spec.
  package typealias ChannelFactory =
    @Sendable (_ id: ResourceID, _ spec: ChannelSpec, _ style: MessageStyle) -> any Channel

  var state: NotifierState
  let clock: any WallClock
  private let log: any DeliveryLog
  private let makeChannel: ChannelFactory
  private let outlet: Outlet
  private var channels: [ResourceID: any Channel] = [:]
  private let bell = Doorbell()
  /// How long a flush waits for what was sent before to be in the ledger.
  private let recordingPatience: Duration
  private var recordingSince: Timestamp?
  private var drainDeadline: Timestamp?

  package init(
    _ state: NotifierState, clock: any WallClock, log: any DeliveryLog,
    recordingPatience: Duration = .seconds(2),
    outlet: Outlet, makeChannel: @escaping ChannelFactory
  ) {
    self.state = state
    self.clock = clock
    self.log = log
    self.recordingPatience = recordingPatience
    self.outlet = outlet
    self.makeChannel = makeChannel
  }

  // MARK: In

  /// Applies a change of the specs.
  ///
  /// `carried`: alerts that go on after it. Both are one step: nothing is sent between them.
  package func apply(_ change: NotifierChange, carrying carried: CarriedAlerts = CarriedAlerts()) {
    for id in state.apply(change, carrying: carried, at: clock.now) { channels[id] = nil }
    bell.ring()
  }

  /// Takes in what the evaluator reports.
  package func receive(_ transitions: [AlertTransition]) {
    state.receive(transitions, at: clock.now)
    bell.ring()
  }

  /// Takes up the work of an earlier process, after the configuration was applied and before ``run()``.
  package func restore(alerts: [Alert], log: [NotificationLogEntry], quotas: [RuleQuota] = []) {
    state.restore(alerts: alerts, log: log, quotas: quotas, at: clock.now)
    bell.ring()
  }

  /// Stops flushing, and lets ``run()`` return once everything queued is sent and recorded, or at `deadline`.
  package func drain(until deadline: Timestamp) {
    drainDeadline = deadline
    bell.ring()
  }

  // MARK: The loop

  /// Works until cancelled, or drained. Each post is sent in a task of its own, so that a slow destination delays
  /// itself alone.
  package func run() async {
    await withDiscardingTaskGroup { group in
      while !Task.isCancelled {
        let now = clock.now
        for attempt in state.tick(at: now, flushing: mayFlush(at: now)) {
          start(attempt, in: &group)
        }
        startRecording(at: now, in: &group)
        if isDrained(at: now) { break }
        await rest(until: nextWake(at: now), after: now)
      }
      group.cancelAll()
    }
  }

  private func start(_ attempt: ChannelQueue.Attempt, in group: inout DiscardingTaskGroup) {
    let id = attempt.channel
    guard let channel = channel(id) else {
      state.finished(
        attempt, .failure(.unreachable("no channel is named '\(id.name)' in \(id.scope)")),
        at: clock.now)
      return
    }
    group.addTask { [outlet] in
      var outlet = outlet
      let result: Result<Receipt, DeliveryError>
      do throws(DeliveryError) {
        result = .success(try await channel.send(attempt.post, through: &outlet))
      } catch {
        result = .failure(error)
      }
      await self.finished(attempt, result, bytes: outlet.bytes)
    }
  }

  private func finished(
    _ attempt: ChannelQueue.Attempt, _ result: Result<Receipt, DeliveryError>, bytes: Int
  ) {
    state.finished(attempt, result, bytes: bytes, at: clock.now)
    bell.ring()
  }

  private func channel(_ id: ResourceID) -> (any Channel)? {
    if let known = channels[id] { return known }
    guard let spec = state.configuration.surroundings.channels[id] else { return nil }
    let channel = makeChannel(id, spec, state.configuration.style(of: id))
    channels[id] = channel
    return channel
  }

  // MARK: The ledger

  /// Groups are flushed when the ledger has what was sent before; but paging never waits long for bookkeeping.
  private func mayFlush(at now: Timestamp) -> Bool {
    guard drainDeadline == nil else { return false }
    guard let recordingSince else { return true }
    return now >= recordingSince + recordingPatience
  }

  private func startRecording(at now: Timestamp, in group: inout DiscardingTaskGroup) {
    guard recordingSince == nil, state.hasRecords else { return }
    recordingSince = now
    let batch = state.takeRecords()
    let log = log
    group.addTask {
      await log.record(batch)
      await self.recorded()
    }
  }

  private func recorded() {
    recordingSince = nil
    bell.ring()
  }

  // MARK: Waiting

  private func isDrained(at now: Timestamp) -> Bool {
    guard let drainDeadline else { return false }
    return now >= drainDeadline || (state.isDrained && !state.hasRecords && recordingSince == nil)
  }

  private func nextWake(at now: Timestamp) -> Timestamp? {
    let mayFlush = mayFlush(at: now)
    var times = [state.nextWake(flushing: mayFlush), drainDeadline]
    if !mayFlush, drainDeadline == nil {
      times.append(recordingSince.map { $0 + recordingPatience })
    }
    return times.compactMap { $0 }.min()
  }

  private func rest(until wake: Timestamp?, after now: Timestamp) async {
    if let wake, wake <= now {
      await Task.yield()
      return
    }
    let (clock, bell) = (clock, bell)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await bell.wait() }
      if let wake { group.addTask { try? await clock.sleep(until: wake, tolerance: nil) } }
      await group.next()
      group.cancelAll()
    }
  }
}
