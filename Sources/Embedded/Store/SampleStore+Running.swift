package import Model
import Synchronization

extension SampleStore {
  /// Writes what there is to write and forgets what is old, until the task is cancelled; then writes once more.
  package func run(clock: any WallClock) async {
    let interval = max(settings.flushInterval, .seconds(1))
    // The first time soon, so that others who read the file need not wait to see that there is something.
    var pause = min(interval, Self.firstPause)
    var nextRetirement = clock.now
    while !Task.isCancelled {
      if clock.now >= nextRetirement {
        await retire(now: clock.now)
        nextRetirement = clock.now + Self.retirementInterval
      }
      try? await clock.sleep(until: clock.now + pause, tolerance: nil)
      pause = interval
      await flush(now: clock.now)
    }
  }

  private static let firstPause = Duration.seconds(2)
  private static let retirementInterval = Duration.seconds(600)

  /// Writes everything that was appended up to now, in one transaction. ``status`` tells when that fails.
  package func flush(now: Timestamp) async {
    guard let file, let batch = head.withLock({ $0.takeBatch(now: now) }) else { return }
    do {
      let bytes = try await file.write(batch)
      head.withLock { $0.finish(batch, diskBytes: bytes, at: now) }
    } catch {
      head.withLock { $0.fail(batch, error.description, at: now) }
    }
  }

  /// Forgets what is older than the retention, and the oldest of what is too much for the file.
  package func retire(now: Timestamp) async {
    let settings = head.withLock { head in
      head.retire(now: now)
      return head.settings
    }
    guard let file else { return }
    let cut = settings.retention.map { (now - $0).millisecondsSinceEpoch }
    // A failure shows with the next flush.
    guard let bytes = try? await file.prune(before: cut, maxBytes: settings.maxDisk) else { return }
    head.withLock { $0.diskBytes = bytes }
  }
}
