import Model
import TestKit
import Testing

@Suite struct `Civil time` {
  @Test(arguments: [
    (1970, 1, 1, 0, 4), (2026, 11, 20, 20777, 5), (1969, 12, 31, -1, 3), (2000, 2, 29, 11016, 2),
    (1900, 3, 1, -25508, 4), (2100, 12, 31, 47846, 5), (1, 1, 1, -719_162, 1), (9999, 12, 31, 2_932_896, 5),
    (1600, 2, 29, -135_081, 2),
  ])
  func `knows known dates`(year: Int, month: Int, day: Int, daysSinceEpoch: Int, weekday: Int) {
    let civil = CivilTime(year: year, month: month, day: day)
    #expect(civil.daysSinceEpoch == daysSinceEpoch)
    #expect(civil.weekday == weekday)
    #expect(CivilTime(Timestamp(millisecondsSinceEpoch: Int64(daysSinceEpoch) * 86_400_000)) == civil)
  }

  @Test(arguments: [(2023, 2, 28), (2024, 2, 29), (1900, 2, 28), (2000, 2, 29), (2026, 4, 30), (2026, 12, 31)])
  func `knows the days of a month`(year: Int, month: Int, days: Int) {
    #expect(CivilTime(year: year, month: month, day: 1).daysInMonth == days)
  }

  @Test func `shows an instant in a zone`() {
    let instant = Timestamp(millisecondsSinceEpoch: 1_795_161_600_250)
    #expect(
      CivilTime(instant, secondsEastOfUTC: 8 * 3600)
        == CivilTime(year: 2026, month: 11, day: 20, hour: 16, millisecond: 250))
    #expect(
      CivilTime(instant, secondsEastOfUTC: -9 * 3600)
        == CivilTime(year: 2026, month: 11, day: 19, hour: 23, millisecond: 250))
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `an instant comes back from its civil time`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<20 {
      // The years 1 to 9999.
      let instant = Timestamp(
        millisecondsSinceEpoch: Int64.random(in: -62_135_596_800_000...253_402_300_799_999, using: &random))
      let offset = Int.random(in: -14 * 60...14 * 60, using: &random) * 60
      let civil = CivilTime(instant, secondsEastOfUTC: offset)
      #expect(civil.instant(secondsEastOfUTC: offset) == instant)
      #expect(1...12 ~= civil.month && 1...civil.daysInMonth ~= civil.day && 0..<24 ~= civil.hour)
    }
  }
}
