import Model
import TestKit
import Testing

@Suite struct `Timestamps in RFC 3339` {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("2026-11-20T08:00:00Z", 1_795_161_600_000), ("1969-12-31T23:59:59Z", -1000),
    ("2026-11-20T16:00:00+08:00", 1_795_161_600_000), ("2026-11-19T22:30:00-09:30", 1_795_161_600_000),
    ("2026-11-20t08:00:00z", 1_795_161_600_000), ("2026-11-20 08:00:00Z", 1_795_161_600_000),
    ("2026-11-20T08:00:00.5Z", 1_795_161_600_500), ("2026-11-20T08:00:00.123456789Z", 1_795_161_600_123),
    ("2000-02-29T00:00:00Z", 951_782_400_000), ("0001-01-01T00:00:00Z", -62_135_596_800_000),
  ])
  func `are read`(text: String, milliseconds: Int64) {
    #expect(Timestamp(rfc3339: text) == Timestamp(millisecondsSinceEpoch: milliseconds))
  }

  @Test(arguments: [
    "", "2026-11-20", "2026-11-20T08:00Z", "2026-11-20T08:00:00", "2026-11-20T08:00:00+08", "2026-11-20T08:00:00.Z",
    "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
    "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00+24:00",
    "26-01-01T00:00:00Z", "2026-1-01T00:00:00Z", "2026-01-01T00:00:00Zx", " 2026-01-01T00:00:00Z",
    "２026-01-01T00:00:00Z",
  ])
  func `are refused when written otherwise`(text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test func `are printed, with milliseconds where there are some`() {
    let instant = Timestamp(millisecondsSinceEpoch: 1_795_161_600_000)
    #expect(instant.description == "2026-11-20T08:00:00Z")
    #expect(instant.rfc3339(alwaysMilliseconds: true) == "2026-11-20T08:00:00.000Z")
    #expect(instant.rfc3339(secondsEastOfUTC: 8 * 3600) == "2026-11-20T16:00:00+08:00")
    #expect(instant.rfc3339(secondsEastOfUTC: -34_200) == "2026-11-19T22:30:00-09:30")
    #expect(Timestamp(millisecondsSinceEpoch: -1).description == "1969-12-31T23:59:59.999Z")
    #expect(Timestamp(millisecondsSinceEpoch: 7).description == "1970-01-01T00:00:00.007Z")
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `read back as themselves`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let instant = Timestamp(
      millisecondsSinceEpoch: Int64.random(in: -62_135_596_800_000...253_402_300_799_999, using: &random))
    let offset = Int.random(in: -14 * 60...14 * 60, using: &random) * 60
    #expect(Timestamp(rfc3339: instant.description) == instant)
    guard (1...9999).contains(CivilTime(instant, secondsEastOfUTC: offset).year) else { return }
    #expect(Timestamp(rfc3339: instant.rfc3339(secondsEastOfUTC: offset)) == instant)
  }
}

@Suite struct `Reckoning with instants` {
  @Test func `adds and subtracts durations`() {
    let instant = Timestamp(millisecondsSinceEpoch: 1000)
    #expect(instant + .seconds(2) == Timestamp(millisecondsSinceEpoch: 3000))
    #expect(instant - .milliseconds(1500) == Timestamp(millisecondsSinceEpoch: -500))
    #expect(instant + .seconds(2) - instant == .seconds(2))
  }

  @Test func `stays within its range`() {
    #expect(Timestamp(millisecondsSinceEpoch: .max) + .seconds(1) == Timestamp(millisecondsSinceEpoch: .max))
    #expect(Timestamp(millisecondsSinceEpoch: .min) - .seconds(1) == Timestamp(millisecondsSinceEpoch: .min))
    #expect(Timestamp(secondsSinceEpoch: 1e300) == nil)
    #expect(Timestamp(secondsSinceEpoch: .nan) == nil)
    #expect(Timestamp(secondsSinceEpoch: 1.0005) == Timestamp(millisecondsSinceEpoch: 1001))
  }

  @Test(arguments: [
    (125_000, 60, 0, 120_000), (120_000, 60, 0, 120_000), (-1, 60, 0, -60_000), (125_000, 60, 10, 70_000),
    (130_000, 60, 10, 130_000), (5000, 60, 10, -50_000),
  ])
  func `rounds down to whole periods`(instant: Int64, period: Int, offset: Int, expected: Int64) {
    let rounded = Timestamp(millisecondsSinceEpoch: instant)
      .roundedDown(to: .seconds(period), offset: .seconds(offset))
    #expect(rounded == Timestamp(millisecondsSinceEpoch: expected))
  }
}
