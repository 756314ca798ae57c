import Diagnostics
import Model
import Specs
import Testing

@Suite struct `Reading a TimeInterval` {
  @Test func `takes every field`() throws {
    let spec = try readSpec(
      .timeInterval,
      """
      time_intervals:
      - times: [{start_time: 08:00, end_time: '17:30'}, {start_time: '22:00', end_time: '24:00'}]
        weekdays: ['Monday:friday', sunday]
        days_of_month: [1, '10:15', '-3:-1', '1:-1']
        months: [january, 'may:august', '11:12', 2]
        years: [2026, '2027:2030']
        location: Europe/Berlin
      - weekdays: [saturday]
      """)
    guard case .timeInterval(let interval) = spec, let first = interval.intervals.first else { return }
    #expect(interval.intervals.count == 2)
    #expect(first.times == [480..<1050, 1320..<1440])
    #expect(first.weekdays == [1...5, 0...0])
    #expect(first.daysOfMonth.map(\.begin) == [1, 10, -3, 1])
    #expect(first.daysOfMonth.map(\.end) == [1, 15, -1, -1])
    #expect(first.months == [1...1, 5...8, 11...12, 2...2])
    #expect(first.years == [2026...2026, 2027...2030])
    #expect(first.location == "Europe/Berlin")
    #expect(interval.intervals[1].location == nil)
  }

  @Test(arguments: [
    Mistake("1️⃣{}", "missing-field", "a TimeInterval needs 'time_intervals'"),
    Mistake("time_intervals: 1️⃣[]", "missing-field", "an interval without any time never comes"),
    Mistake(
      "time_intervals: [{weekdays: [1️⃣mon]}]", "malformed-time", "'mon' is not a day of the week"),
    Mistake(
      "time_intervals: [{weekdays: [1️⃣'saturday:sunday']}]", "malformed-time",
      "'saturday:sunday' ends before it begins, since a week begins on Sunday"),
    Mistake(
      "time_intervals: [{days_of_month: [1️⃣0]}]", "malformed-time", "'0' is not a day of the month"),
    Mistake(
      "time_intervals: [{days_of_month: [1️⃣'-3:3']}]", "malformed-time",
      "'-3:3' begins from the month's end and ends from its start"),
    Mistake("time_intervals: [{days_of_month: [1️⃣'10:-25']}]", "malformed-time", "'10:-25' ends before it begins"),
    Mistake("time_intervals: [{months: [1️⃣jan]}]", "malformed-time", "'jan' is not a month"),
    Mistake("time_intervals: [{months: [1️⃣'11:2']}]", "malformed-time", "'11:2' ends before it begins"),
    Mistake("time_intervals: [{years: [1️⃣'1:2:3']}]", "malformed-time", "'1:2:3' is not a range"),
    Mistake(
      "time_intervals: [{times: [{start_time: 1️⃣'8:00', end_time: '09:00'}]}]", "malformed-time",
      "'8:00' is not a time of day"),
    Mistake(
      "time_intervals: [{times: [{start_time: '22:00', end_time: 1️⃣'06:00'}]}]", "end-before-start",
      "the time ends before it starts"),
    Mistake("time_intervals: [{times: [1️⃣{start_time: '22:00'}]}]", "missing-field", "a time needs 'end_time'"),
    Mistake(
      "time_intervals: [{location: 1️⃣Local}]", "unknown-zone",
      "'Local' would be the zone of the machine that runs Belfry"),
    Mistake("1️⃣weekdays: [monday]\ntime_intervals: [{}]", "unknown-field", "a TimeInterval has no field 'weekdays'"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/tenant.yaml") { document(.timeInterval, $0) }
  }
}
