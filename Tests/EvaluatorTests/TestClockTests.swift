import Model
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct `The clock of tests` {
  @Test func `stands still until it is moved, and wakes the earliest first`() async throws {
    let clock = TestClock(now: at(10))
    try await withThrowingTaskGroup(of: Int.self) { tasks in
      for second in [30, 20, 25] {
        tasks.addTask {
          try await clock.sleep(until: at(second), tolerance: nil)
          return second
        }
      }
      await clock.waitForSleepers(3)
      #expect(clock.deadlines == [at(20), at(25), at(30)])
      clock.advance(by: .seconds(10))
      #expect(try await tasks.next() == 20)
      #expect(clock.now == at(20))
      clock.advance(to: at(30))
      let rest = try await [tasks.next(), tasks.next()]
      #expect(Set(rest) == [25, 30])
    }
  }

  @Test func `a sleep into the past ends at once, and a cancelled one throws`() async throws {
    let clock = TestClock(now: at(10))
    try await clock.sleep(until: at(10), tolerance: nil)
    await withDiscardingTaskGroup { tasks in
      tasks.addTask {
        await #expect(throws: CancellationError.self) { try await clock.sleep(until: at(99), tolerance: nil) }
      }
      await clock.waitForSleeper(until: at(99))
      tasks.cancelAll()
    }
    #expect(clock.deadlines.isEmpty)
  }
}
