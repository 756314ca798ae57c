import Glibc
import Model
import SwiftOverlayShims

/// The operating system's clock: the only place that asks what time it is, or really waits.
///
/// It reads the realtime clock, and waits on the continuous one, so that a step of the clock never ends a wait early
/// by more than the step itself.
struct SystemClock: WallClock {
  init() {}

  var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(millisecondsSinceEpoch: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  var minimumResolution: Duration { .milliseconds(1) }

  func sleep(until deadline: Timestamp, tolerance: Duration?) async throws {
    let wait = now.duration(to: deadline)
    guard wait > .zero else {
      try Task.checkCancellation()
      return
    }
    try await ContinuousClock().sleep(for: wait, tolerance: tolerance)
  }
}
