import Model
import Synchronization

/// Why the repository should be looked at before the next poll: the newest hint, kept until it is taken.
final class LookHints: Sendable {
  private let newest = Mutex<SyncTrigger?>(nil)
  private let bell = Doorbell()

  /// Takes a hint, at any time and from anywhere.
  func give(_ trigger: SyncTrigger) {
    newest.withLock { $0 = trigger }
    bell.ring()
  }

  /// The hint that waits, or the next one until `deadline`; `nil` then, or when the task is cancelled.
  func next(until deadline: Timestamp, on clock: any WallClock) async -> SyncTrigger? {
    while !Task.isCancelled {
      if let trigger = newest.withLock({ $0.take() }) { return trigger }
      guard clock.now < deadline else { return nil }
      await bell.wait(until: deadline, on: clock)
    }
    return nil
  }
}
