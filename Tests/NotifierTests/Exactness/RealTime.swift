import Glibc
import Model
import Synchronization
import TestKit

/// Threads of its own for what has to happen in time while other tests fill the shared ones.
final class OwnThreads: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])
  /// A byte in this pipe for each job.
  private let pipe: (read: Int32, write: Int32)

  init(_ count: Int) {
    var ends: [Int32] = [-1, -1]
    _ = Glibc.pipe(&ends)
    pipe = (ends[0], ends[1])
    for _ in 0..<count {
      startThread { [weak self, pipe] in
        var byte: UInt8 = 0
        while read(pipe.read, &byte, 1) == 1 {
          guard let self else { break }
          self.runNext()
        }
      }
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    var byte: UInt8 = 0
    _ = write(pipe.write, &byte, 1)
  }

  private func runNext() {
    let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    job?.runSynchronously(on: asUnownedTaskExecutor())
  }

  /// Lets the threads end once nothing is left to do.
  func stop() { close(pipe.write) }
}

/// The system's time as a clock whose sleeps end on time: a thread of its own moves it every few milliseconds.
final class PacedClock: WallClock {
  private let clock: TestClock
  private let isStopped = Atomic(false)

  init() {
    clock = TestClock(now: Self.systemNow)
    startThread { [weak self] in
      while let clock = self?.running {
        clock.advance(to: Self.systemNow)
        usleep(4000)
      }
    }
  }

  private var running: TestClock? { isStopped.load(ordering: .relaxed) ? nil : clock }

  static var systemNow: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(millisecondsSinceEpoch: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  var now: Timestamp { clock.now }

  var minimumResolution: Duration { .milliseconds(4) }

  func sleep(until deadline: Timestamp, tolerance: Duration?) async throws {
    try await clock.sleep(until: deadline, tolerance: tolerance)
  }

  func stop() { isStopped.store(true, ordering: .relaxed) }
}
