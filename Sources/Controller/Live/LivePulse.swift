import Model
import Synchronization

/// Counts what happens, so that whoever keeps snapshots sees without asking anybody whether something did.
final class LivePulse: Sendable {
  /// What happened so far.
  struct Counts: Hashable, Sendable {
    /// Evaluations, changes of what is evaluated, and alerts from elsewhere.
    fileprivate(set) var evaluations: UInt64 = 0
    /// Messages that were sent, or weren't, and changes of what notification goes by.
    fileprivate(set) var notifications: UInt64 = 0
    /// Changes of what is live, of where it stands, and of silences beside git.
    fileprivate(set) var specs: UInt64 = 0
  }

  private struct State {
    var counts = Counts()
    var delivered: Set<Scope> = []
  }

  private let state = Mutex(State())

  init() {}

  var counts: Counts { state.withLock { $0.counts } }

  func evaluated() { state.withLock { $0.counts.evaluations += 1 } }

  func specsChanged() { state.withLock { $0.counts.specs += 1 } }

  /// Messages of these owners were sent, or weren't.
  func delivered(_ owners: some Sequence<Scope>) {
    state.withLock { state in
      state.counts.notifications += 1
      state.delivered.formUnion(owners)
    }
  }

  /// Whose messages were sent since this was asked last; for one asker.
  func takeDelivered() -> Set<Scope> {
    state.withLock { state in
      defer { state.delivered = [] }
      return state.delivered
    }
  }
}
