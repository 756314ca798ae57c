import FoundationEssentials
import Model
import Notifier
import Specs
import Testing

@Suite struct `A time interval` {
  static let hasZones = FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/Europe/Berlin")

  static let zones = Zones { name in
    FileManager.default.contents(atPath: "/usr/share/zoneinfo/" + name).flatMap { ZoneRules(tzif: Array($0)) }
  }

  static func interval(_ change: (inout TimeIntervalSpec.Interval) -> Void) -> TimeIntervalSpec {
    var interval = TimeIntervalSpec.Interval()
    change(&interval)
    return TimeIntervalSpec(intervals: [interval])
  }

  static let workingHours = interval {
    $0.weekdays = [1...5]
    $0.times = [540..<1020]
  }

  @Test(arguments: [
    // 2026-11-20 is a Friday; 540 is 09:00 and 1020 is 17:00.
    ("2026-11-20T08:59:59Z", false), ("2026-11-20T09:00:00Z", true), ("2026-11-20T16:59:59Z", true),
    ("2026-11-20T17:00:00Z", false), ("2026-11-21T10:00:00Z", false), ("2026-11-22T10:00:00Z", false),
    ("2026-11-23T10:00:00Z", true),
  ])
  func `contains a moment when every given field does`(text: String, isIn: Bool) throws {
    #expect(Self.workingHours.contains(try #require(Timestamp(rfc3339: text)), in: .utcOnly) == isIn)
  }

  @Test(arguments: [
    (1, 1, "2026-11-01", true), (1, 1, "2026-11-02", false), (-1, -1, "2026-02-28", true),
    (-1, -1, "2028-02-28", false), (-1, -1, "2028-02-29", true), (-3, -1, "2026-04-28", true),
    (-3, -1, "2026-04-27", false), (15, -1, "2026-02-14", false), (15, -1, "2026-02-28", true),
    (30, 31, "2026-02-28", false), (28, 31, "2026-02-28", true), (-31, -1, "2026-02-01", true),
    (31, 31, "2026-04-30", false),
  ])
  func `counts days from the month's beginning or its end`(begin: Int, end: Int, day: String, isIn: Bool) throws {
    let spec = Self.interval { $0.daysOfMonth = [.init(begin: begin, end: end)] }
    #expect(spec.contains(try #require(Timestamp(rfc3339: day + "T12:00:00Z")), in: .utcOnly) == isIn)
  }

  @Test func `contains a moment when any of its parts does`() throws {
    var (may, july) = (TimeIntervalSpec.Interval(), TimeIntervalSpec.Interval())
    may.months = [5...5]
    july.months = [7...7]
    july.years = [2026...2027]
    let spec = TimeIntervalSpec(intervals: [may, july])
    let moments = ["2020-05-01", "2026-06-01", "2026-07-01", "2028-07-01"]
    #expect(
      try moments.map { spec.contains(try #require(Timestamp(rfc3339: $0 + "T00:00:00Z")), in: .utcOnly) }
        == [true, false, true, false])
    #expect(!TimeIntervalSpec(intervals: []).contains(start, in: .utcOnly))
  }

  @Test(
    .enabled(if: hasZones, "tzdata isn't installed"),
    arguments: [
      // Berlin: 09:00 is 08:00 UTC in winter and 07:00 UTC in summer; the Monday after the change of 2026-03-29.
      ("2026-03-27T07:30:00Z", false), ("2026-03-27T08:00:00Z", true), ("2026-03-30T07:00:00Z", true),
      ("2026-03-30T15:00:00Z", false),
    ])
  func `is read in its own zone, summer time included`(text: String, isIn: Bool) throws {
    var spec = Self.workingHours
    spec.intervals[0].location = "Europe/Berlin"
    #expect(spec.contains(try #require(Timestamp(rfc3339: text)), in: Self.zones) == isIn)
  }

  @Test(.enabled(if: hasZones, "tzdata isn't installed"))
  func `has no moment in an hour that spring leaves out`() throws {
    var spec = Self.interval { $0.times = [120..<180] }
    spec.intervals[0].location = "Europe/Berlin"
    let midnight = try #require(Timestamp(rfc3339: "2026-03-28T23:00:00Z"))
    let minutes = (0..<1380).filter { spec.contains(midnight + .seconds($0 * 60), in: Self.zones) }
    #expect(minutes.isEmpty)
    let autumn = try #require(Timestamp(rfc3339: "2026-10-24T22:00:00Z"))
    #expect((0..<1500).count { spec.contains(autumn + .seconds($0 * 60), in: Self.zones) } == 120)
  }

  @Test func `contains nothing in a zone that nobody knows`() {
    var spec = Self.interval { _ in }
    spec.intervals[0].location = "Mars/Base"
    #expect(!spec.contains(start, in: .utcOnly))
  }
}
