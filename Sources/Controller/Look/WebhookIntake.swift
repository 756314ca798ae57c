import Git
import Model
import Synchronization
import Webhook

/// Turns genuine webhooks into looks at the repository: nothing of what they say is acted on but that.
final class WebhookIntake: WebhookReceiver {
  /// One line about refusals a minute: who floods us doesn't flood the log.
  private static let refusalPause = Duration.seconds(60)

  private let file: WebhookSecretFile
  private let remote: RemoteSettings
  private let mirror: Git.Mirror
  private let sync: SyncLoop
  private let clock: any WallClock
  private let log: EventLog
  private let bell = Doorbell()
  private let state = Mutex(State())

  private struct State {
    var pacing = LookPacing()
    var deliveries = DeliveryMemory()
    var counts = WebhookCounts()
    /// Webhooks since the last look, and the newest.
    var waiting = 0
    var refusals = 0
    var refusalTold: Timestamp?
  }

  init(
    _ file: WebhookSecretFile, remote: RemoteSettings, mirror: Git.Mirror, sync: SyncLoop, clock: any WallClock,
    log: EventLog
  ) {
    self.file = file
    self.remote = remote
    self.mirror = mirror
    self.sync = sync
    self.clock = clock
    self.log = log
  }

  /// What became of webhooks up to now.
  var counts: WebhookCounts { state.withLock { $0.counts } }

  // MARK: Receiving

  func secrets() async -> WebhookSecrets {
    file.secrets(at: clock.now) { trouble in
      log.event(
        trouble == nil ? "webhook.secrets-readable" : "webhook.secrets-unreadable", trouble == nil ? .info : .error,
        ["error": trouble ?? "none"])
    }
  }

  func receive(_ webhook: Webhook, at now: Timestamp) async -> WebhookDisposition {
    switch webhook.content {
    case .ping(let isSigned):
      count(webhook, .ping, at: now)
      log.event("webhook.ping", .info, ["provider": webhook.provider.rawValue])
      return .ping(isSigned: isSigned)
    case .other(let event):
      count(webhook, .ignored, at: now)
      return .otherEvent(event)
    case .push(let changes): return pushed(changes, webhook, at: now)
    }
  }

  private func pushed(_ changes: [RefChange], _ webhook: Webhook, at now: Timestamp) -> WebhookDisposition {
    let followed = followed
    let ours = changes.filter { followed.contain($0.ref) }
    guard !ours.isEmpty else {
      count(webhook, .ignored, at: now)
      return .otherRefs(followed.names)
    }
    let isNew = state.withLock { state in
      let isNew = webhook.delivery.map { state.deliveries.note(webhook.provider.rawValue + " " + $0) } ?? true
      state.counts.count(webhook.provider, isNew ? .accepted : .repeated, at: now)
      state.pacing.hint(isNew ? ours : [])
      state.waiting += 1
      return isNew
    }
    if isNew { for commit in ours.compactMap(\.commit) { sync.announced(commit, at: now) } }
    bell.ring()
    return .looking
  }

  private func count(_ webhook: Webhook, _ outcome: WebhookCounts.Outcome, at now: Timestamp) {
    state.withLock { $0.counts.count(webhook.provider, outcome, at: now) }
  }

  func refused(_ refusal: WebhookRefusal, from provider: WebhookProvider?, at now: Timestamp) async {
    let told: Int? = state.withLock { state in
      state.counts.count(provider, refusal.outcome, at: now)
      state.refusals += 1
      guard state.refusalTold.map({ now - $0 >= Self.refusalPause }) ?? true else { return nil }
      defer { state.refusals = 0 }
      state.refusalTold = now
      return state.refusals
    }
    guard let told else { return }
    log.event(
      "webhook.refused", .warning,
      ["provider": provider?.rawValue ?? "unknown", "why": refusal.description, "count": "\(told)"])
  }

  /// The refs of the settings; where they name no branch, the remote's default one once it is known.
  private var followed: FollowedRefs {
    let specs = remote.ref ?? (try? mirror.head(.specs))?.ref
    guard let specs else { return FollowedRefs(names: []) }
    return FollowedRefs(names: [specs] + [remote.silencesRef].compactMap(\.self))
  }

  // MARK: Looking

  /// Looks at the repository when webhooks ask for it, until cancelled.
  func run() async {
    while !Task.isCancelled {
      let due = state.withLock { $0.pacing.nextDue }
      if let due, due <= clock.now {
        look()
      } else if let due {
        await bell.wait(until: due, on: clock)
      } else {
        await bell.wait()
      }
    }
  }

  private func look() {
    let now = clock.now
    let (decision, count) = state.withLock { state in
      let decision = state.pacing.takeDue(at: now) { (try? mirror.repository.commit($0)) != nil }
      defer { if decision.look { state.waiting = 0 } }
      return (decision, state.waiting)
    }
    for commit in decision.givenUp {
      log.event("webhook.commit-missing", .warning, ["commit": commit.hex, "then": "the next poll may bring it"])
    }
    guard decision.look else { return }
    log.event("webhook.look", .info, ["webhooks": "\(count)"])
    sync.look(.webhook)
  }
}
