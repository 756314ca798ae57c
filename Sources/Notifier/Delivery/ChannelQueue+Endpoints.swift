import Model
package import Specs

extension ChannelQueue {
  /// Goes by another spec; endpoints that stay keep what is known of them, but for failures, which may be mended.
  ///
  /// `spec`: `nil` for a channel that isn't there.
  package mutating func configure(_ spec: ChannelSpec?) {
    var known = Dictionary(endpoints.map { ($0.credential, $0) }) { first, _ in first }
    endpoints = Credential.endpoints(of: channel, spec).map { credential in
      var endpoint = known.removeValue(forKey: credential) ?? Endpoint(credential)
      endpoint.revive()
      return endpoint
    }
    lastUsed = min(lastUsed, endpoints.count - 1)
    mergesGroups = spec?.kind.mergesGroups ?? false
    throttlePause = spec?.kind.throttlePause
  }

  /// How it does.
  package func health(_ quotas: Quotas) -> EndpointHealth {
    var health = counts
    health.waiting = waiting.count
    health.endpoints = endpoints.map { endpoint in
      var health = endpoint.health
      health.pausedUntil = [endpoint.pausedUntil, quotas[endpoint.credential].pausedUntil]
        .compactMap { $0 }.max()
      return health
    }
    let since = health.endpoints.compactMap(\.failingSince)
    health.failingSince = since.count == endpoints.count ? since.max() : nil
    return health
  }

  /// Where the endpoint of a post stands now; `nil` when the channel has it no longer.
  func position(of attempt: Attempt) -> Int? {
    let old = attempt.post.endpoint
    if endpoints.indices.contains(old), endpoints[old].credential == attempt.credential {
      return old
    }
    return endpoints.firstIndex { $0.credential == attempt.credential }
  }

  /// When an endpoint may take a post, apart from those that are on their way to it.
  func opening(_ endpoint: Endpoint, after now: Timestamp, _ quotas: Quotas) -> Timestamp {
    let end = max(now, endpoint.pausedUntil ?? now)
    return limits.keepsQuotas ? max(end, quotas[endpoint.credential].opening(after: now)) : end
  }

  /// When the first endpoint may, of all but one; `nil` when there is none.
  func opening(but left: Int?, after now: Timestamp, _ quotas: Quotas) -> Timestamp? {
    var first: Timestamp?
    for (position, endpoint) in endpoints.enumerated() where position != left {
      let time = opening(endpoint, after: now, quotas)
      first = first.map { min($0, time) } ?? time
    }
    return first
  }

  /// The endpoints that take a post now.
  private func open(at now: Timestamp, _ quotas: Quotas) -> [Int] {
    endpoints.indices.filter { index in
      endpoints[index].hasRoom(limits.width) && opening(endpoints[index], after: now, quotas) <= now
    }
  }

  /// Whose turn it is, and how many posts all of them may take now; `nil` when none may.
  ///
  /// One that fails takes its turn for messages that nobody waits for, so that it is known when it works again; for
  /// others only when no working one is open.
  func turn(for item: WaitingMessages.Item, at now: Timestamp, _ quotas: Quotas) -> (
    endpoint: Int, free: Int
  )? {
    let open = open(at: now, quotas)
    let working = item.isFiring ? open.filter { endpoints[$0].works } : []
    let candidates = working.isEmpty ? open : working
    guard let next = candidates.first(where: { $0 > lastUsed }) ?? candidates.first else {
      return nil
    }
    return (next, free(open, at: now, quotas))
  }

  /// Whether an endpoint would take a post if its quota had room.
  func isShort(at now: Timestamp, _ quotas: Quotas) -> Bool {
    limits.keepsQuotas
      && endpoints.contains {
        $0.hasRoom(limits.width) && quotas[$0.credential].opening(after: now) > now
      }
  }

  private func free(_ open: [Int], at now: Timestamp, _ quotas: Quotas) -> Int {
    guard limits.keepsQuotas else { return .max }
    return open.reduce(0) { sum, index in
      let (total, overflow) = sum.addingReportingOverflow(
        quotas[endpoints[index].credential].free(at: now))
      return overflow ? .max : total
    }
  }
}
