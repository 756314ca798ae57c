package import Model

extension ChannelQueue {
  /// How long an endpoint that refuses our credentials is left alone while another works.
  private static let refusedPause = Duration.seconds(300)

  /// What a failed post means for its messages.
  private enum Verdict {
    /// None of them will be taken.
    case final
    /// The next endpoint that is open takes them, not before `wait` has passed.
    case again(wait: Duration, budget: Duration?)
    /// Nobody can take them now: each waits on its own, but not longer than until `opening`.
    case later(opening: Timestamp?)
  }

  /// Takes in how a try ended; gives what that means for each of its messages, in their order.
  ///
  /// `bytes`: what was handed over for it.
  package mutating func finished(
    _ attempt: Attempt, _ result: Result<Receipt, DeliveryError>, bytes: Int = 0, at now: Timestamp,
    _ quotas: inout Quotas
  ) -> [Conclusion] {
    let items = attempt.tries.compactMap { end($0.delivery.key, attempt.id) }
    guard items.count == attempt.tries.count else { return attempt.tries.map { _ in .superseded } }
    counts.posted(bytes, in: now - attempt.startedAt)
    let position = position(of: attempt)
    if let position { endpoints[position].ended() }
    let conclusions: [Conclusion]
    switch result {
    case .success:
      counts.succeeded(items.count, at: now)
      if let position { endpoints[position].succeeded(at: now) }
      conclusions = items.map { _ in .delivered }
    case .failure(let error):
      counts.failed(error, at: now)
      let verdict = verdict(on: items, error, position, attempt.credential, at: now, &quotas)
      conclusions = items.map { conclude($0, error, verdict, of: items.count, at: now) }
    }
    for item in items { waiting.release(item.delivery.key) }
    return conclusions
  }

  private mutating func end(_ key: NotificationLogEntry.Key, _ attempt: UInt64) -> WaitingMessages
    .Item?
  {
    guard underWay[key]?.attempt == attempt else { return nil }
    return underWay.removeValue(forKey: key)?.item
  }

  // MARK: The endpoint

  private mutating func verdict(
    on items: [WaitingMessages.Item], _ error: DeliveryError, _ position: Int?,
    _ credential: Credential,
    at now: Timestamp, _ quotas: inout Quotas
  ) -> Verdict {
    let seed = items.first.map(seed) ?? 0
    switch error {
    case .rejected(let text):
      if let position { endpoints[position].answered(text, at: now) }
      // One message may have spoilt a merged post: they are tried again in smaller ones.
      return items.count > 1 ? .again(wait: .zero, budget: nil) : .final
    case .unauthorised(let text):
      if let position { refused(position, text, seed, at: now) }
      let isLast = endpoints.allSatisfy(\.isRefused)
      return isLast ? .final : .again(wait: wait(at: now, quotas), budget: nil)
    case .throttled(let wish):
      if let position { endpoints[position].health.failed(error.description, at: now) }
      let pause = wish ?? throttlePause
      let attempts = items.first?.attempts ?? 1
      quotas.pause(
        credential,
        until: now + (pause.map(backoff.clamped) ?? backoff.pause(after: attempts, seed: seed)))
      return .again(wait: wait(at: now, quotas), budget: limits.budget)
    case .unreachable(let text), .ambiguous(let text):
      if let position { failed(position, text, seed, at: now) }
      return .later(opening: opening(but: position, after: now, quotas))
    }
  }

  /// How long it is until an endpoint takes messages.
  private func wait(at now: Timestamp, _ quotas: Quotas) -> Duration {
    opening(but: nil, after: now, quotas).map { $0 - now } ?? .zero
  }

  /// Leaves an endpoint alone that failed; half as long where other messages wait: another may show that it is only
  /// this one that fails.
  private mutating func failed(_ position: Int, _ text: String, _ seed: UInt64, at now: Timestamp) {
    endpoints[position].failed(text, at: now)
    let pause = backoff.pause(after: endpoints[position].streak, seed: seed)
    endpoints[position].pausedUntil = now + (waiting.isEmpty ? pause : pause / 2)
  }

  /// Leaves an endpoint alone that refused our credentials: for long, unless nobody else takes messages.
  private mutating func refused(_ position: Int, _ text: String, _ seed: UInt64, at now: Timestamp) {
    failed(position, text, seed, at: now)
    endpoints[position].isRefused = true
    if !endpoints.allSatisfy(\.isRefused) {
      endpoints[position].pausedUntil = now + Self.refusedPause
    }
  }

  // MARK: The messages

  private mutating func conclude(
    _ item: WaitingMessages.Item, _ error: DeliveryError, _ verdict: Verdict, of count: Int,
    at now: Timestamp
  ) -> Conclusion {
    if item.isWithdrawn || waiting[item.delivery.key] != nil { return .superseded }
    var item = item
    if case .rejected = error { item.mergeLimit = max(1, count / 2) }
    if case .ambiguous = error {
      if item.wasAmbiguous { return giveUp() }
      item.wasAmbiguous = true
    }
    let conclusion: Conclusion
    switch verdict {
    case .final: return giveUp()
    case .again(let wait, let budget):
      conclusion = retry(item, at: now + wait, within: budget ?? self.budget(of: item), now)
    case .later(let opening):
      item.pauses += 1
      var end = now + backoff.pause(after: item.pauses, seed: seed(item))
      if let opening { end = min(end, opening) }
      if end > now { item.notBefore = end } else { item.pauses -= 1 }
      conclusion = retry(item, at: end, within: self.budget(of: item), now)
    }
    if case .ambiguous = error, case .willRetry = conclusion { counts.possibleDuplicates += 1 }
    return conclusion
  }

  private mutating func retry(
    _ item: WaitingMessages.Item, at time: Timestamp, within budget: Duration, _ now: Timestamp
  ) -> Conclusion {
    guard time < (item.triedSince ?? now) + budget else { return giveUp() }
    waiting.insert(item, isHeld: false)
    return .willRetry(time)
  }

  private func budget(of item: WaitingMessages.Item) -> Duration {
    min(limits.budget, max(item.delivery.groupInterval, .seconds(10)))
  }

  private mutating func giveUp() -> Conclusion {
    counts.gaveUp += 1
    return .gaveUp
  }

  private func seed(_ item: WaitingMessages.Item) -> UInt64 {
    var hash = FNV1a()
    hash.combine(item.delivery.key.groupKey)
    hash.combine(item.delivery.key.channel.name)
    return hash.value
  }
}
