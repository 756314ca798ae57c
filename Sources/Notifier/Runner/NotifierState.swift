package import Model

/// Everything that notification knows, as one value: configuration, dispatchers by owner, queues by channel.
///
/// Time and results go in; tries to make and records to write come out. ``NotifierRunner`` is the loop around it.
package struct NotifierState: Sendable {
  package internal(set) var configuration: NotifierConfiguration
  package internal(set) var dispatchers: [Scope: Dispatcher] = [:]
  package internal(set) var queues: [ResourceID: EndpointQueue] = [:]
  private let limits: EndpointQueue.Limits
  private var dispatcherAgenda = Agenda<Scope>()
  private var queueAgenda = Agenda<ResourceID>()
  private var batch = RecordBatch()

  /// What the ledger is to be told.
  package struct RecordBatch: Sendable {
    package internal(set) var entries: [NotificationLogEntry] = []
    package internal(set) var deliveries: [DeliveryRecord] = []

    package var isEmpty: Bool { entries.isEmpty && deliveries.isEmpty }
  }

  package init(configuration: NotifierConfiguration, limits: EndpointQueue.Limits = EndpointQueue.Limits()) {
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
  package mutating func apply(_ change: NotifierChange, at now: Timestamp) -> Set<ResourceID> {
    let effects = configuration.apply(change, at: now)
    for (old, new) in change.renamed { rename(old, new) }
    let owners = effects.routes.contains(.platform) ? Array(dispatchers.keys) : Array(effects.routes)
    for owner in owners where dispatchers[owner] != nil {
      let withdrawn = dispatchers[owner]?.update(routes: configuration.routes(of: owner), at: now) ?? []
      for key in withdrawn { withdraw(key, at: now) }
      settle(owner)
    }
    for owner in effects.inhibition where owner != .platform {
      dispatchers[owner]?.update(inhibitRules: configuration.inhibitRules(of: owner))
    }
    if effects.inhibition.contains(.platform) { informPlatformInhibitor() }
    return effects.channels
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
        configuration.surroundings.platformInhibitor.insert(alert.labels, alert.fingerprint, in: alert.scope)
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

  private mutating func receive(_ transitions: [AlertTransition], for owner: Scope, at now: Timestamp) {
    makeDispatcher(for: owner)
    dispatchers[owner]?.receive(transitions, at: now, informing: &configuration.surroundings.platformInhibitor)
    settle(owner)
  }

  /// Takes up the work of an earlier process; the configuration has to be there already.
  package mutating func restore(alerts: [Alert], log: [NotificationLogEntry], at now: Timestamp) {
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

  private mutating func makeDispatcher(for owner: Scope) {
    guard dispatchers[owner] == nil else { return }
    dispatchers[owner] = Dispatcher(
      owner: owner, routes: configuration.routes(of: owner),
      inhibitRules: owner == .platform ? [] : configuration.inhibitRules(of: owner))
  }

  /// After anything a dispatcher did: its time in the agenda, and its changed entries for the ledger.
  private mutating func settle(_ owner: Scope) {
    batch.entries += dispatchers[owner]?.takeChangedEntries() ?? []
    dispatcherAgenda.set(owner, at: dispatchers[owner]?.nextWake)
  }
}

// MARK: - Out

extension NotifierState {
  /// Flushes what is due, and gives the tries to make now.
  ///
  /// With `flushing` `false` it leaves groups alone and works on the queues only.
  package mutating func tick(at now: Timestamp, flushing: Bool = true) -> [EndpointQueue.Attempt] {
    if flushing {
      for owner in dispatcherAgenda.takeDue(at: now) {
        let flushes = dispatchers[owner]?.tick(at: now, in: configuration.surroundings) ?? []
        for flush in flushes { absorb(flush, of: owner, at: now) }
        settle(owner)
      }
    }
    var attempts: [EndpointQueue.Attempt] = []
    for channel in queueAgenda.takeDue(at: now) {
      while let attempt = queues[channel]?.next(at: now) { attempts.append(attempt) }
      queueAgenda.set(channel, at: queues[channel]?.nextWake)
    }
    return attempts
  }

  private mutating func absorb(_ flush: Flush, of owner: Scope, at now: Timestamp) {
    batch.entries += flush.entries
    batch.deliveries += flush.observed
    for key in flush.withdrawn { withdraw(key, at: now) }
    for delivery in flush.deliveries {
      let channel = delivery.key.channel
      let dropped = queues[channel, default: EndpointQueue(limits: limits)].enqueue(delivery, at: now)
      queueAgenda.set(channel, at: queues[channel]?.nextWake)
      // A delivery without success starts no flush.
      if let dropped {
        _ = dispatchers[owner]?.completed(dropped, succeeded: false, at: now, in: configuration.surroundings)
      }
    }
  }

  private mutating func withdraw(_ key: NotificationLogEntry.Key, at now: Timestamp) {
    queues[key.channel]?.withdraw(key)
    queueAgenda.set(key.channel, at: queues[key.channel]?.nextWake)
  }

  /// Takes in how a try ended.
  package mutating func finished(
    _ attempt: EndpointQueue.Attempt, _ result: Result<Receipt, DeliveryError>, at now: Timestamp
  ) {
    let channel = attempt.delivery.key.channel
    let owner = attempt.delivery.key.owner
    batch.deliveries.append(DeliveryRecord(attempt, result, finishedAt: now))
    let conclusion = queues[channel]?.finished(attempt, result, at: now)
    switch conclusion {
    case .delivered, .gaveUp, .superseded:
      let completion = dispatchers[owner]?.completed(
        attempt.delivery, succeeded: conclusion == .delivered, at: now, in: configuration.surroundings)
      if let entry = completion?.entry { batch.entries.append(entry) }
      if let flush = completion?.flush { absorb(flush, of: owner, at: now) }
      settle(owner)
    case .willRetry, nil: break
    }
    queueAgenda.set(channel, at: queues[channel]?.nextWake)
  }
}

extension DeliveryRecord {
  fileprivate init(_ attempt: EndpointQueue.Attempt, _ result: Result<Receipt, DeliveryError>, finishedAt: Timestamp) {
    let message = attempt.delivery.message
    let (outcome, detail): (Outcome, String) =
      switch result {
      case .success(let receipt): (.delivered, receipt.detail)
      case .failure(let error):
        switch error {
        case .rejected(let text): (.rejected, text)
        case .throttled: (.throttled, error.description)
        case .unreachable(let text), .ambiguous(let text): (.unreachable, text)
        }
      }
    self.init(
      owner: message.owner, groupKey: message.groupKey, channel: message.channel, attempt: attempt.number,
      startedAt: attempt.startedAt, finishedAt: finishedAt, outcome: outcome, detail: detail,
      reason: message.reason.rawValue, firing: message.firing.count, resolved: message.resolved.count,
      alerts: message.alerts.map(\.fingerprint))
  }
}
