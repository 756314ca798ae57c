import Model

/// Counts transitions and deliveries one after the other, newest first.
struct FiguresCount {
  /// One change of state, as far as it is counted.
  struct Change {
    var at: Timestamp
    var state: AlertState
    var reason: AlertTransition.Reason
    var fingerprint: Fingerprint
    var severity: String
    var firedAt: Timestamp?
    var resolvedAt: Timestamp?
  }

  /// One attempt.
  struct Attempt {
    var owner: Scope
    var channel: String
    var outcome: DeliveryRecord.Outcome
    var took: Int64
    var willTryAgain: Bool
    /// Positions of the rules whose alerts it told.
    var rules: Set<Int>
  }

  /// Whose rule it is, as the columns have it.
  struct RuleKey: Hashable {
    var tenant: String
    var project: String
    var group: String
    var rule: String
  }

  private struct AlertKey: Hashable {
    var fingerprint: UInt64
    var rule: Int
  }

  private struct Counted {
    var severity: String
    var tally = Figures.Tally()
    var resolving: [Int64] = []
    var acknowledging: [Int64] = []
  }

  private struct CountedChannel {
    var figures: Figures.Channel
    var latencies: [Int64] = []
  }

  private(set) var keys: [RuleKey] = []
  private var positions: [RuleKey: Int] = [:]
  private var rules: [Counted] = []
  private var totals = Figures.Tally()
  private var severities: [String: (firings: Int, resolved: Int)] = [:]
  private var buckets: [Figures.Bucket]
  private let bucketLength: Int64
  private let firstBucket: Int64
  private var channels: [String: CountedChannel] = [:]
  /// When each alert fired next, of those seen.
  private var nextFiring: [AlertKey: Timestamp] = [:]
  /// Oldest first.
  private let touches: [Touch]

  /// `bucket`: a millisecond at least.
  init(since: Timestamp, until: Timestamp, bucket: Duration, touches: [Touch]) {
    let length = max(1, bucket.wholeMilliseconds)
    bucketLength = length
    firstBucket = since.roundedDown(to: .milliseconds(length)).millisecondsSinceEpoch
    let span = until.millisecondsSinceEpoch.subtractingReportingOverflow(firstBucket)
    let count = span.overflow || span.partialValue <= 0 ? 0 : min((span.partialValue - 1) / length + 1, 1000)
    let first = firstBucket
    buckets = (0..<count).map { Figures.Bucket(start: Timestamp(millisecondsSinceEpoch: first + $0 * length)) }
    self.touches = touches.sorted { $0.at < $1.at }
  }

  /// The position of a rule.
  mutating func position(of key: RuleKey, severity: String) -> Int {
    if let position = positions[key] { return position }
    positions[key] = rules.count
    keys.append(key)
    rules.append(Counted(severity: severity))
    return rules.count - 1
  }

  // MARK: Transitions

  /// Counts one change, which no later one follows. `labels` are asked for only where a touch may concern the alert.
  mutating func add(_ change: Change, of rule: Int, in scope: Scope, labels: () -> Labels) {
    guard change.reason != .relabelled else { return }
    let alert = AlertKey(fingerprint: change.fingerprint.value, rule: rule)
    switch change.state {
    case .pending: break
    case .firing:
      nextFiring[alert] = change.at
      rules[rule].tally.firings += 1
      severities[change.severity, default: (0, 0)].firings += 1
      if let bucket = bucket(at: change.at) { buckets[bucket].firings[change.severity, default: 0] += 1 }
    case .resolved:
      // A pending alert that goes away never fired.
      guard let firedAt = change.firedAt, let resolvedAt = change.resolvedAt else { break }
      rules[rule].tally.resolved += 1
      severities[change.severity, default: (0, 0)].resolved += 1
      if let bucket = bucket(at: change.at) { buckets[bucket].resolved += 1 }
      if let next = nextFiring[alert], change.at.duration(to: next) < Figures.flapSpan { rules[rule].tally.flaps += 1 }
      // Not an end of the trouble: the rule went away.
      guard change.reason != .ruleRemoved else { break }
      let took = firedAt.duration(to: resolvedAt)
      rules[rule].resolving.append(took.wholeMilliseconds)
      if took < Figures.shortSpan { rules[rule].tally.shortLived += 1 }
      touch(rule, from: firedAt, to: resolvedAt, in: scope, labels)
    }
  }

  private mutating func touch(
    _ rule: Int, from firedAt: Timestamp, to resolvedAt: Timestamp, in scope: Scope, _ labels: () -> Labels
  ) {
    var first = touches.partitioningIndex { $0.at >= firedAt }
    var known: Labels?
    var isTouched = false
    while first < touches.count, touches[first].at <= resolvedAt {
      let touch = touches[first]
      first += 1
      guard scope.lineage.contains(touch.scope) else { continue }
      let alert = known ?? labels()
      known = alert
      guard touch.matchers.accept(alert) else { continue }
      isTouched = true
      guard touch.isAcknowledgement else { continue }
      rules[rule].tally.acknowledged += 1
      rules[rule].acknowledging.append(firedAt.duration(to: touch.at).wholeMilliseconds)
      break
    }
    if !isTouched { rules[rule].tally.untouched += 1 }
  }

  private func bucket(at instant: Timestamp) -> Int? {
    let position = (instant.millisecondsSinceEpoch - firstBucket) / bucketLength
    return instant.millisecondsSinceEpoch >= firstBucket && position < buckets.count ? Int(position) : nil
  }

  // MARK: Deliveries

  mutating func add(_ attempt: Attempt, to channel: ResourceID) {
    var counted = channels[attempt.channel] ?? CountedChannel(figures: Figures.Channel(channel: channel))
    switch attempt.outcome {
    case .delivered:
      counted.figures.delivered += 1
      counted.latencies.append(attempt.took)
      totals.pages += 1
      for rule in attempt.rules { rules[rule].tally.pages += 1 }
    case .rejected, .throttled, .unreachable:
      counted.figures.failed += 1
      if !attempt.willTryAgain { counted.figures.givenUp += 1 }
    case .observed: counted.figures.observed += 1
    case .held: counted.figures.held += 1
    }
    channels[attempt.channel] = counted
  }

  // MARK: Result

  /// `countedSince`: the oldest instant whose rows were all looked at.
  func figures(countedSince: Timestamp, isTruncated: Bool, group: (String) throws -> ResourceID) rethrows -> Figures {
    var totals = totals
    var (resolving, acknowledging): ([Int64], [Int64]) = ([], [])
    var found: [Figures.Rule] = []
    for (key, rule) in zip(keys, rules) {
      var rule = rule
      totals.add(rule.tally)
      resolving += rule.resolving
      acknowledging += rule.acknowledging
      rule.tally.timeToResolve = Spread(&rule.resolving)
      rule.tally.timeToAcknowledge = Spread(&rule.acknowledging)
      found.append(
        Figures.Rule(
          scope: Scope(tenantColumn: key.tenant, projectColumn: key.project), group: try group(key.group),
          rule: key.rule, severity: rule.severity, tally: rule.tally))
    }
    totals.timeToResolve = Spread(&resolving)
    totals.timeToAcknowledge = Spread(&acknowledging)
    return Figures(
      countedSince: countedSince, isTruncated: isTruncated, totals: totals, rules: found,
      severities: severities.map { .init(severity: $0.key, firings: $0.value.firings, resolved: $0.value.resolved) }
        .sorted { $0.firings != $1.firings ? $0.firings > $1.firings : $0.severity.precedesInBytes($1.severity) },
      buckets: buckets,
      channels: channels.values.map { counted in
        var counted = counted
        counted.figures.latency = Spread(&counted.latencies)
        return counted.figures
      }.sorted { $0.channel < $1.channel })
  }
}

extension Figures.Tally {
  /// Adds all but pages, since one message may tell of several rules, and spreads.
  fileprivate mutating func add(_ other: Self) {
    firings += other.firings
    resolved += other.resolved
    flaps += other.flaps
    shortLived += other.shortLived
    untouched += other.untouched
    acknowledged += other.acknowledged
  }
}

extension [Touch] {
  /// The first position from which on all fit, where all that fit stand at the end.
  fileprivate func partitioningIndex(_ fits: (Touch) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if fits(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
