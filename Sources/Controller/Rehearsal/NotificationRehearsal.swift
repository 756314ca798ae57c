import Evaluator
import Model
import Notifier
import Specs

/// Notification under a virtual clock: the live dispatchers and queues, and channels that take every message.
struct NotificationRehearsal: Sendable {
  /// A message that a channel was told.
  struct Told: Sendable {
    let time: Timestamp
    let channel: ResourceID
    let message: Message
  }

  private var state: NotifierState
  private(set) var told: [Told] = []
  /// What live alerts have besides the labels of their rule, by scope.
  private let addedLabels: @Sendable (Scope) -> Labels

  init(_ configuration: NotifierConfiguration, addedLabels: @escaping @Sendable (Scope) -> Labels) {
    state = NotifierState(configuration: configuration, limits: .unlimited)
    self.addedLabels = addedLabels
  }

  /// Takes in what the rules report, with the labels that live alerts have.
  mutating func receive(_ transitions: [AlertTransition], at now: Timestamp) {
    guard !transitions.isEmpty else { return }
    let live = transitions.map { transition in
      var transition = transition
      let labels = transition.alert.labels.filled(from: addedLabels(transition.alert.scope))
      transition.alert.labels = labels
      transition.alert.fingerprint = Fingerprint(labels)
      return transition
    }
    state.receive(live, at: now)
  }

  /// Sends what is due before `end`.
  mutating func run(before end: Timestamp) {
    while let wake = state.nextWake(), wake < end { tick(at: wake) }
  }

  /// Sends what is due up to and including `end`.
  mutating func run(through end: Timestamp) {
    while let wake = state.nextWake(), wake <= end { tick(at: wake) }
  }

  private mutating func tick(at now: Timestamp) {
    for attempt in state.tick(at: now) {
      for message in attempt.post.messages { told.append(Told(time: now, channel: attempt.channel, message: message)) }
      state.finished(attempt, .success(Receipt(detail: "")), at: now)
    }
    _ = state.takeRecords()
  }
}
