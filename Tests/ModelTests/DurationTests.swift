import Model
import TestKit
import Testing

@Suite struct `Prometheus durations` {
  @Test(
    arguments: [
      ("0", 0), ("0s", 0), ("1ms", 1), ("5s", 5000), ("1m", 60_000), ("1m5ms", 60_005), ("1h30m", 5_400_000),
      ("1d", 86_400_000), ("2w", 1_209_600_000), ("1y", 31_536_000_000), ("1w2d3h4m5s6ms", 788_645_006),
      ("0h5m", 300_000), ("007s", 7000), ("292y", 9_208_512_000_000),
    ] as [(String, Int64)])
  func `are read`(text: String, milliseconds: Int64) throws {
    #expect(try Duration(prometheus: text) == .milliseconds(milliseconds))
  }

  @Test(arguments: [
    ("", DurationSyntaxError.Problem.expectedNumber, 0), ("5", .expectedUnit, 1), ("30m1h", .unitsOutOfOrder, 3),
    ("1m1m", .unitsOutOfOrder, 2), ("1.5h", .expectedUnit, 1), ("-5m", .expectedNumber, 0), ("5x", .expectedUnit, 1),
    ("m", .expectedNumber, 0), ("1h 5m", .expectedNumber, 2), ("5M", .expectedUnit, 1), ("00", .expectedUnit, 2),
    ("293y", .tooLong, 0), ("99999999999999999999s", .tooLong, 0), ("292y52w", .tooLong, 4), ("1h5", .expectedUnit, 3),
    ("５m", .expectedNumber, 0),
  ])
  func `say what is wrong and where`(text: String, problem: DurationSyntaxError.Problem, offset: Int) {
    #expect(throws: DurationSyntaxError(problem, at: offset)) { try Duration(prometheus: text) }
  }

  @Test(
    arguments: [
      (0, "0s"), (1, "1ms"), (1000, "1s"), (90_000, "1m30s"), (5_400_000, "1h30m"), (691_200_000, "8d"),
      (1_209_600_000, "2w"), (31_536_000_000, "1y"), (31_622_400_000, "366d"), (63_072_000_000, "2y"),
      (86_400_001, "1d1ms"), (-90_000, "-1m30s"), (90_000_000, "1d1h"),
    ] as [(Int64, String)])
  func `are printed largest unit first, years and weeks only where they divide`(milliseconds: Int64, text: String) {
    #expect(Duration.milliseconds(milliseconds).prometheus == text)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `read back as themselves`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let scale: Int64 = [1000, 86_400_000, 400 * 86_400_000].randomElement(using: &random) ?? 1
    let duration = Duration.milliseconds(Int64.random(in: 0...scale * 20, using: &random))
    #expect(try Duration(prometheus: duration.prometheus) == duration)
  }

  @Test func `count whole milliseconds towards zero`() {
    #expect(Duration.microseconds(1999).wholeMilliseconds == 1)
    #expect(Duration.microseconds(-1999).wholeMilliseconds == -1)
    #expect(Duration.seconds(Int64.max).wholeMilliseconds == .max)
    #expect(Duration.seconds(Int64.min).wholeMilliseconds == .min)
    #expect(Duration.milliseconds(1500).inSeconds == 1.5)
  }
}
