import Evaluator
import Model
import TestKit
import Testing

@Suite struct `The grid of a group` {
  /// The hash is over 04 "file" 05 "a.yml" 04 "name" 01 "g"; it was computed apart from this code.
  @Test(arguments: [
    ("a.yml", "g", Duration.seconds(60), Duration.milliseconds(16_867)),
    ("a.yml", "g", .seconds(15), .milliseconds(1867)),
    (String(repeating: "d/", count: 150) + "a.yml", "group", .seconds(60), .milliseconds(18_268)),
  ])
  func `has Prometheus's offset`(file: String, name: String, interval: Duration, offset: Duration) {
    #expect(EvaluationGrid(file: file, group: name, interval: interval).offset == offset)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `its instants are a whole number of intervals apart`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let interval = Duration.milliseconds(Int.random(in: 1...100_000, using: &random))
    let grid = EvaluationGrid(file: "f\(seed)", group: "g", interval: interval)
    let now = Timestamp(millisecondsSinceEpoch: Int64.random(in: -1_000_000...2_000_000_000_000, using: &random))
    let last = grid.instant(notAfter: now)
    #expect(last <= now)
    #expect(grid.instant(after: now) == last + interval)
    #expect(now < last + interval)
    #expect((last - grid.offset).roundedDown(to: interval) == last - grid.offset)
    #expect(grid.offset < interval)
  }
}

@Suite struct `The schedule` {
  private let grid = EvaluationGrid(file: "a.yml", group: "g", interval: .seconds(60))
  private func id(_ name: String) -> ResourceID { ResourceID(.tenant("shop"), .ruleGroup, name) }

  @Test func `a new group is due at once and then on its grid`() {
    var schedule = Schedule()
    let now = at(1_000_000) + .milliseconds(700)
    schedule.put(id("g"), grid, at: now)
    let first = schedule.takeDue(at: now)
    #expect(first.map(\.instant) == [at(1_000_000)])
    #expect(schedule.nextDue() == nil)
    schedule.finish(first[0])
    #expect(schedule.nextDue() == grid.instant(after: at(1_000_000)))
    let second = schedule.takeDue(at: grid.instant(after: now) + .milliseconds(3))
    #expect(second.map(\.instant) == [grid.instant(after: now)])
    #expect(second.map(\.missed) == [0])
  }

  @Test func `after a hundred groups within ten seconds the others wait for their slots`() {
    var schedule = Schedule()
    for index in 0..<Schedule.promptLimit { schedule.put(id("p\(index)"), grid, at: at(1_000_000)) }
    schedule.put(id("g"), grid, at: at(1_000_009))
    #expect(schedule.takeDue(at: at(1_000_009)).count == Schedule.promptLimit)
    #expect(schedule.nextDue() == grid.instant(after: at(1_000_009)))
    schedule.put(id("h"), grid, at: at(1_000_010))
    #expect(schedule.takeDue(at: at(1_000_010)).map(\.group) == [id("h")])
  }

  @Test func `ticks that pass during an evaluation are skipped and counted`() throws {
    var schedule = Schedule()
    schedule.put(id("g"), grid, at: at(1_000_000))
    for due in schedule.takeDue(at: at(1_000_000)) { schedule.finish(due) }
    let slot = schedule.nextDue()
    let start = try #require(slot)
    let due = schedule.takeDue(at: start)
    let first = try #require(due.first)
    #expect(schedule.takeDue(at: start + .seconds(130)).isEmpty)
    schedule.finish(first)
    let next = schedule.takeDue(at: start + .seconds(190))
    let late = try #require(next.first)
    #expect(late.instant == start + .seconds(180))
    #expect(late.missed == 2)
    schedule.finish(late)
    #expect(schedule.nextDue() == start + .seconds(240))
  }

  @Test func `an evaluation that outlived its group schedules nothing`() throws {
    var schedule = Schedule()
    schedule.put(id("g"), grid, at: at(1000))
    let before = schedule.takeDue(at: at(1000))
    let old = try #require(before.first)
    schedule.put(id("g"), grid, last: at(1000), at: at(1000))
    #expect(!schedule.isCurrent(old))
    let after = schedule.takeDue(at: at(1000))
    let new = try #require(after.first)
    schedule.finish(old)
    #expect(schedule.nextDue() == nil)
    schedule.remove(id("g"))
    schedule.finish(new)
    #expect(schedule.nextDue() == nil)
    #expect(schedule.count == 0)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `each group is evaluated at each of its instants once, in order`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var schedule = Schedule()
    var now = at(10_000)
    var intervals: [ResourceID: Duration] = [:]
    for index in 0..<20 {
      let interval = Duration.seconds(Int.random(in: 1...60, using: &random))
      intervals[id("g\(index)")] = interval
      schedule.put(
        id("g\(index)"), EvaluationGrid(file: "f", group: "g\(index)", interval: interval),
        at: now)
    }
    var last: [ResourceID: Timestamp] = [:]
    var isPrompt: Set<ResourceID> = []
    for _ in 0..<100 {
      now = schedule.nextDue() ?? now
      for due in schedule.takeDue(at: now) {
        #expect(due.instant == now)
        if let before = last[due.group], !isPrompt.contains(due.group) {
          #expect(due.instant - before == intervals[due.group])
        }
        if last[due.group] == nil, now == at(10_000) { isPrompt.insert(due.group) } else { isPrompt.remove(due.group) }
        last[due.group] = due.instant
        schedule.finish(due)
      }
    }
  }
}
