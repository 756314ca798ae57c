package import Model

/// Feeds a ``SampleStore``: this machine's metrics and those of targets, each at its own pace.
///
/// A feed that hangs, fails or sends nonsense delays itself alone. Missed turns are skipped, never queued.
package actor EmbeddedFeeds {
  /// The longest sleep while nothing is due.
  private static let longestSleep = Duration.seconds(3600)

  private let store: SampleStore
  private let fetcher: FeedFetcher
  private let clock: any WallClock
  private var feeds: [Labels: Feed] = [:]
  /// Targets that don't run because another has the same labels.
  private var refused: [FeedStatus] = []
  private var lives: UInt64 = 0
  /// Makes the loop look for work.
  private let doorbell = Doorbell()

  private struct Feed {
    var plan: FeedPlan
    /// Tells a feed from one of the same labels that came before.
    var life: UInt64
    /// `nil` while a scrape has it.
    var state: TargetState?
    var due: Timestamp
    var status: FeedStatus
  }

  /// A scrape that is to be made.
  private struct Turn: Sendable {
    var id: Labels
    var life: UInt64
    var plan: FeedPlan
    var state: TargetState
    var due: Timestamp
  }

  package init(store: SampleStore, transport: any HTTPTransport, clock: any WallClock) {
    self.store = store
    self.clock = clock
    fetcher = FeedFetcher(transport: transport)
  }

  /// Feeds until the task is cancelled; call it once. The store is flushed by a run of its own.
  package func run() async {
    await withDiscardingTaskGroup { tasks in
      while !Task.isCancelled {
        for turn in takeTurns(at: clock.now) { tasks.addTask { await self.take(turn) } }
        await sleep()
      }
    }
  }

  /// Starts, changes and stops feeds; those that stay the same are left alone. Series of stopped ones end now.
  package func apply(_ settings: FeedSettings) {
    let now = clock.now
    var wanted: [Labels: FeedPlan] = [:]
    refused = []
    for plan in [settings.host].compactMap({ $0.map(FeedPlan.init) }) + settings.targets.map(FeedPlan.init) {
      let id = plan.rules.targetLabels
      if wanted[id] == nil { wanted[id] = plan } else { refuse(plan) }
    }
    for (id, feed) in feeds where wanted[id]?.rules != feed.plan.rules { stop(id, now) }
    for (id, plan) in wanted where feeds[id]?.plan != plan {
      if feeds[id] == nil {
        lives += 1
        feeds[id] = Feed(plan: plan, life: lives, state: TargetState(), due: now, status: FeedStatus(plan))
      }
      feeds[id]?.plan = plan
      feeds[id]?.status.url = plan.url
      feeds[id]?.due = plan.nextTurn(after: now)
    }
    doorbell.ring()
  }

  private func refuse(_ plan: FeedPlan) {
    var status = FeedStatus(plan)
    status.health = .down
    status.lastError = "another target has the same labels \(plan.rules.targetLabels); give each its own"
    refused.append(status)
  }

  private func stop(_ id: Labels, _ now: Timestamp) {
    guard var feed = feeds.removeValue(forKey: id) else { return }
    // One that is out ends when it comes back.
    feed.state?.end(now: now, store: store)
  }

  /// Every feed, sorted by job and instance, then those that don't run.
  package var status: [FeedStatus] {
    feeds.sorted { $0.key < $1.key }.map(\.value.status).sorted {
      $0.job != $1.job ? $0.job.precedesInBytes($1.job) : $0.instance.precedesInBytes($1.instance)
    } + refused
  }

  // MARK: - Turns

  private func takeTurns(at now: Timestamp) -> [Turn] {
    var turns: [Turn] = []
    for (id, feed) in feeds where feed.due <= now {
      feeds[id]?.due = feed.plan.nextTurn(after: now)
      guard let state = feed.state else { continue }
      feeds[id]?.state = nil
      turns.append(Turn(id: id, life: feed.life, plan: feed.plan, state: state, due: feed.due))
    }
    return turns
  }

  @concurrent private nonisolated func take(_ turn: Turn) async {
    var state = turn.state
    let began = clock.now
    let answer = await fetcher.fetch(turn.plan, now: began)
    var scrape = Scrape(time: turn.plan.sampleTime(due: turn.due, now: began), duration: max(.zero, clock.now - began))
    // An ending process says nothing about its targets.
    guard !Task.isCancelled else { return }
    let result = answer.flatMap { answer in
      Result { try state.keep(answer.body, answer.format, scrape, plan: turn.plan, store: store) }
        .mapError { ScrapeFailure(description: "\($0)") }
    }
    if case .failure = result {
      scrape.duration = max(.zero, clock.now - began)
      state.fail(scrape, plan: turn.plan, store: store)
    }
    await finish(turn, state, scrape, result)
  }

  private func finish(
    _ turn: Turn, _ state: TargetState, _ scrape: Scrape, _ result: Result<ScrapeOutcome, ScrapeFailure>
  ) {
    guard feeds[turn.id]?.life == turn.life else {
      // Stopped meanwhile. Where another has its labels now, the series go on with that one.
      var state = state
      if feeds[turn.id] == nil { state.end(now: clock.now, store: store) }
      return
    }
    feeds[turn.id]?.state = state
    feeds[turn.id]?.status.note(scrape, result)
  }

  // MARK: - Waiting

  /// The next turn of any feed.
  var nextDue: Timestamp? { feeds.values.lazy.map(\.due).min() }

  private func sleep() async {
    let now = clock.now
    let until = min(feeds.values.map(\.due).min() ?? now + Self.longestSleep, now + Self.longestSleep)
    if until > now { await doorbell.wait(until: until, on: clock) }
  }
}
