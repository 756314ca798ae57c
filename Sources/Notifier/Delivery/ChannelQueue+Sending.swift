package import Model

extension ChannelQueue {
  /// The post to send now, which is then under way; `nil` when none may be.
  package mutating func next(at now: Timestamp, _ quotas: inout Quotas) -> Attempt? {
    waiting.promote(at: now)
    guard let first = waiting.first else {
      isBehind = false
      return nil
    }
    guard let (position, free) = turn(for: first, at: now, quotas) else {
      isBehind = isBehind || isShort(at: now, quotas)
      return nil
    }
    let credential = endpoints[position].credential
    lastUsed = position
    endpoints[position].health.underWay += 1
    quotas.take(credential, at: now)
    let id = nextNumber()
    let tries = take(mergesGroups && (isBehind || free <= 1) ? limits.merge : 1).map { item in
      var item = item
      item.attempts += 1
      item.triedSince = item.triedSince ?? now
      item.notBefore = nil
      underWay[item.delivery.key] = UnderWay(item: item, attempt: id)
      return Try(delivery: item.delivery, number: item.attempts)
    }
    return Attempt(
      id: id, channel: channel, tries: tries, credential: credential, startedAt: now,
      post: Post(tries.map(\.delivery.message), endpoint: position))
  }

  /// Takes out the next messages, at most `limit`, and no more than each of them may be merged with.
  private mutating func take(_ limit: Int) -> [WaitingMessages.Item] {
    var (items, limit) = ([WaitingMessages.Item](), limit)
    while let next = waiting.first, items.count < min(limit, next.mergeLimit),
      let item = waiting.removeFirst()
    {
      limit = min(limit, item.mergeLimit)
      items.append(item)
    }
    return items
  }

  /// When ``next(at:_:)`` gives something if nothing else happens before, not before `now`; `nil` when only other events
  /// can help.
  package func nextWake(at now: Timestamp, _ quotas: Quotas) -> Timestamp? {
    guard let ready = waiting.readyCount > 0 ? now : waiting.nextReady else { return nil }
    let room = endpoints.lazy.filter { $0.hasRoom(limits.width) }
    return room.map { opening($0, after: max(now, ready), quotas) }.min()
  }
}
