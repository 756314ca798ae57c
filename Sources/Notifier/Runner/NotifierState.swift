package import Model
import Specs

/// Everything that notification knows, as one value: configuration, dispatchers by owner, queues by channel.
///
/// Time and results go in; tries to make and records to write come out. ``NotifierRunner`` is the loop around it.
package struct NotifierState: Sendable {
  package internal(set) var configuration: NotifierConfiguration
  package internal(set) var dispatchers: [Scope: Dispatcher] = [:]
  package internal(set) var queues: [ResourceID: ChannelQueue] = [:]
  /// What the endpoints of all channels may be sent.
  package private(set) var quotas = Quotas()
  private let limits: ChannelQueue.Limits
  private var dispatcherAgenda = Agenda<Scope>()
  private var queueAgenda = Agenda<ResourceID>()
  private var batch = RecordBatch()
  /// How often the specs changed.
  private(set) var changes: UInt64 = 0

  /// What the ledger is to be told.
  package struct RecordBatch: Sendable {
    package internal(set) var entries: [NotificationLogEntry] = []
    package internal(set) var deliveries: [DeliveryRecord] = []
    /// What rules have used up, where that changed; those that are empty need not be kept.
    package internal(set) var quotas: [RuleQuota] = []

    package init() {}

    package var isEmpty: Bool { entries.isEmpty && deliveries.isEmpty && quotas.isEmpty }
  }

  package init(
    configuration: NotifierConfiguration, limits: ChannelQueue.Limits = ChannelQueue.Limits()
  ) {
    self.configuration = configuration
    self.limits = limits
  }

  /// When ``tick(at:flushing:)`` has something to do.
  package func nextWake(flushing: Bool = true) -> Timestamp? {
    [flushing ? dispatcherAgenda.next : nil, queueAgenda.next].compactMap { $0 }.min()
  }

  /// Whether nothing waits and nothing is under way.
  package var isDrained: Bool { queues.values.allSatisfy(\.isEmpty) }

  package var hasRecords: Bool { !batch.isEmpty }

  /// What the ledger hasn't been told yet; from then on the caller has it.
  package mutating func takeRecords() -> RecordBatch {
    defer { batch = RecordBatch() }
    return batch
  }
}

// MARK: - In

extension NotifierState {
  /// Applies a change of the specs; gives the channels that are to be made anew.
  ///
  /// `carried`: alerts that go on after the change, which nobody hears of.
  package mutating func apply(
    _ change: NotifierChange, carrying carried: CarriedAlerts = CarriedAlerts(), at now: Timestamp
  ) -> Set<ResourceID> {
    let effects = configuration.apply(change, at: now)
    changes += 1
    for (old, new) in change.renamed { rename(old, new) }
    regroup(carried.regrouped)
    let owners =
      effects.routes.contains(.platform) ? Array(dispatchers.keys) : Array(effects.routes)
    for owner in owners where dispatchers[owner] != nil {
      let withdrawn =
        dispatchers[owner]?.update(routes: configuration.routes(of: owner), at: now) ?? []
      for key in withdrawn { withdraw(key, at: now) }
      settle(owner)
    }
    for owner in effects.inhibition where owner != .platform {
      dispatchers[owner]?.update(inhibitRules: configuration.inhibitRules(of: owner))
    }
    if effects.inhibition.contains(.platform) { informPlatformInhibitor() }
    relabel(carried.relabelled, at: now)
    for channel in effects.channels where queues[channel] != nil { configure(channel, at: now) }
    removeUnused(at: now)
    return effects.channels
  }

  /// Has a queue go by its channel's spec as it is now.
  private mutating func configure(_ channel: ResourceID, at now: Timestamp) {
    let spec = configuration.surroundings.channels[channel]
    queues[channel, default: ChannelQueue(channel, limits: limits)].configure(spec)
    quotas.set(channel, Credential.endpoints(of: channel, spec), spec?.rateLimits ?? [], at: now)
    reschedule(channel, at: now)
  }

  /// Lets the queues of channels go that are gone, once nothing is in them, and quotas that nobody names.
  private mutating func removeUnused(at now: Timestamp) {
    for (channel, queue) in queues
    where queue.isEmpty && configuration.surroundings.channels[channel] == nil {
      queues[channel] = nil
      quotas.set(channel, [], [], at: now)
      queueAgenda.set(channel, at: nil)
    }
    quotas.removeIdle(at: now)
  }

  private mutating func reschedule(_ channel: ResourceID, at now: Timestamp) {
    queueAgenda.set(channel, at: queues[channel]?.nextWake(at: now, quotas))
  }

  private mutating func rename(_ old: ResourceID, _ new: ResourceID) {
    for owner in dispatchers.keys {
      batch.entries += dispatchers[owner]?.renameChannel(old, to: new) ?? []
    }
  }

  /// The platform's rules are new: all firing alerts are offered to them.
  private mutating func informPlatformInhibitor() {
    guard !configuration.surroundings.platformInhibitor.rules.isEmpty else { return }
    for dispatcher in dispatchers.values {
      for alert in dispatcher.firing {
        configuration.surroundings.platformInhibitor.insert(
          alert.labels, alert.fingerprint, in: alert.scope)
      }
    }
  }

  /// Takes in what the evaluator reports.
  package mutating func receive(_ transitions: [AlertTransition], at now: Timestamp) {
    guard let first = transitions.first?.alert.scope.owner else { return }
    // A report is mostly that of one rule group.
    if transitions.allSatisfy({ $0.alert.scope.owner == first }) {
      receive(transitions, for: first, at: now)
    } else {
      let byOwner = Dictionary(grouping: transitions, by: \.alert.scope.owner)
      for (owner, transitions) in byOwner.sorted(by: { $0.key < $1.key }) {
        receive(transitions, for: owner, at: now)
      }
    }
  }

  private mutating func receive(
    _ transitions: [AlertTransition], for owner: Scope, at now: Timestamp
  ) {
    makeDispatcher(for: owner)
    dispatchers[owner]?.receive(
      transitions, at: now, informing: &configuration.surroundings.platformInhibitor)
    settle(owner)
  }

  /// Takes up the work of an earlier process; the configuration has to be there already.
  package mutating func restore(
    alerts: [Alert], log: [NotificationLogEntry], quotas: [RuleQuota] = [], at now: Timestamp
  ) {
    for (owner, quotas) in Dictionary(grouping: quotas, by: \.owner) {
      makeDispatcher(for: owner)
      dispatchers[owner]?.restore(quotas: quotas)
    }
    let alertsByOwner = Dictionary(grouping: alerts, by: \.scope.owner)
    let logByOwner = Dictionary(grouping: log, by: \.key.owner)
    for owner in Set(alertsByOwner.keys).union(logByOwner.keys).sorted() {
      makeDispatcher(for: owner)
      dispatchers[owner]?.restore(
        alertsByOwner[owner] ?? [], log: logByOwner[owner] ?? [], at: now,
        informing: &configuration.surroundings.platformInhibitor)
      settle(owner)
    }
  }

  mutating func makeDispatcher(for owner: Scope) {
    guard dispatchers[owner] == nil else { return }
    dispatchers[owner] = Dispatcher(
      owner: owner, routes: configuration.routes(of: owner),
      inhibitRules: owner == .platform ? [] : configuration.inhibitRules(of: owner))
  }

  /// After anything a dispatcher did: its time in the agenda, and what it changed for the ledger.
  mutating func settle(_ owner: Scope) {
    batch.entries += dispatchers[owner]?.takeChangedEntries() ?? []
    batch.quotas += dispatchers[owner]?.takeChangedQuotas() ?? []
    dispatcherAgenda.set(owner, at: dispatchers[owner]?.nextWake)
  }
}

// MARK: - Out

extension NotifierState {
  /// Flushes what is due, and gives the tries to make now.
  ///
  /// With `flushing` `false` it leaves groups alone and works on the queues only.
  package mutating func tick(at now: Timestamp, flushing: Bool = true) -> [ChannelQueue.Attempt] {
    quotas.observe(now)
    if flushing {
      for owner in dispatcherAgenda.takeDue(at: now) {
        let flushes = dispatchers[owner]?.tick(at: now, in: configuration.surroundings) ?? []
        for flush in flushes { absorb(flush, of: owner, at: now) }
        settle(owner)
      }
    }
    var attempts: [ChannelQueue.Attempt] = []
    for channel in queueAgenda.takeDue(at: now) {
      while let attempt = queues[channel]?.next(at: now, &quotas) { attempts.append(attempt) }
      reschedule(channel, at: now)
    }
    return attempts
  }

  private mutating func absorb(_ flush: Flush, of owner: Scope, at now: Timestamp) {
    batch.entries += flush.entries
    batch.deliveries += flush.observed
    for key in flush.withdrawn { withdraw(key, at: now) }
    let severities = configuration.severities
    var channels: Set<ResourceID> = []
    for delivery in flush.deliveries {
      let channel = delivery.key.channel
      channels.insert(channel)
      if queues[channel] == nil { configure(channel, at: now) }
      let severity = severities.rank(of: delivery.message)
      if let dropped = queues[channel]?.enqueue(delivery, severity: severity, at: now) {
        drop(dropped, at: now)
      }
    }
    // In an order that is the same each time: it is that of the tries.
    for channel in channels.sorted() { reschedule(channel, at: now) }
  }

  /// A full queue let a message go, which may be another owner's. A delivery without success starts no flush.
  private mutating func drop(_ dropped: ChannelQueue.Try, at now: Timestamp) {
    let owner = dropped.delivery.key.owner
    batch.deliveries.append(DeliveryRecord(dropped: dropped, capacity: limits.capacity, at: now))
    _ = dispatchers[owner]?.completed(
      dropped.delivery, succeeded: false, at: now, in: configuration.surroundings)
    settle(owner)
  }

  mutating func withdraw(_ key: NotificationLogEntry.Key, at now: Timestamp) {
    queues[key.channel]?.withdraw(key)
    reschedule(key.channel, at: now)
  }

  /// Takes in how a try ended.
  ///
  /// `bytes`: what was handed over for it.
  package mutating func finished(
    _ attempt: ChannelQueue.Attempt, _ result: Result<Receipt, DeliveryError>, bytes: Int = 0,
    at now: Timestamp
  ) {
    let conclusions =
      queues[attempt.channel]?.finished(attempt, result, bytes: bytes, at: now, &quotas) ?? []
    for (position, part) in attempt.tries.enumerated() {
      // Without a queue there is nobody to try again.
      let conclusion = conclusions.indices.contains(position) ? conclusions[position] : .gaveUp
      if !isRoutine(part, conclusion) {
        batch.deliveries.append(
          DeliveryRecord(part, of: attempt, result, conclusion, bytes: bytes, finishedAt: now))
      }
      complete(part.delivery, conclusion, handle: attempt.handle(of: result), at: now)
    }
    reschedule(attempt.channel, at: now)
  }

  /// Whether a destination that is told at every flush has once more taken what it had: nobody looks for a record of it,
  /// and there would be hundreds a day for each group.
  private func isRoutine(_ part: ChannelQueue.Try, _ conclusion: ChannelQueue.Conclusion) -> Bool {
    conclusion == .delivered && part.number == 1 && part.delivery.message.reason == .repeated
      && configuration.surroundings.traits(of: part.delivery.key.channel).forgetsAlerts
  }

  private mutating func complete(
    _ delivery: Delivery, _ conclusion: ChannelQueue.Conclusion, handle: String?, at now: Timestamp
  ) {
    if case .willRetry = conclusion { return }
    let owner = delivery.key.owner
    let completion = dispatchers[owner]?.completed(
      delivery, succeeded: conclusion == .delivered, handle: handle, at: now,
      in: configuration.surroundings)
    if let entry = completion?.entry { batch.entries.append(entry) }
    if let flush = completion?.flush { absorb(flush, of: owner, at: now) }
    settle(owner)
  }
}
