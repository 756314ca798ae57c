import Model
import Templates
import Testing

@Suite struct `Humanizing numbers` {
  private func rendered(_ text: String, _ value: Double) throws -> String {
    try Template(parsing: text).render(TemplateData(name: "__alert_A", labels: .empty, value: value)).text
  }

  @Test(arguments: [
    (0, "0", "0"), (1, "1", "1"), (1_234_567, "1.235M", "1.177Mi"), (0.12, "120m", "0.12"),
    (1023, "1.023k", "1023"), (1024, "1.024k", "1ki"), (1_048_576, "1.049M", "1Mi"), (999_999, "1000k", "976.6ki"),
    (.infinity, "+Inf", "+Inf"), (-.infinity, "-Inf", "-Inf"), (.nan, "NaN", "NaN"), (-1500, "-1.5k", "-1.465ki"),
    (1e30, "1e+06Y", "8.272e+05Yi"),
  ])
  func `by 1000 and by 1024`(value: Double, thousands: String, binary: String) throws {
    #expect(try rendered("{{ $value | humanize }}", value) == thousands)
    #expect(try rendered("{{ humanize1024 $value }}", value) == binary)
  }

  @Test(arguments: [
    (0, "0s"), (1, "1s"), (59, "59s"), (60, "1m 0s"), (899.99, "14m 59s"), (3600, "1h 0m 0s"),
    (90_000, "1d 1h 0m 0s"), (-183_845, "-2d 3h 4m 5s"), (0.12345, "123.5ms"), (1.2345, "1.234s"),
    (12.345, "12.35s"), (0.0001, "100us"), (.infinity, "+Inf"), (1e300, "106751991167300d 15h 30m 7s"),
  ])
  func durations(seconds: Double, text: String) throws {
    #expect(try rendered("{{ humanizeDuration $value }}", seconds) == text)
  }

  @Test(arguments: [
    (-0.22222, "-22.22%"), (0, "0%"), (0.1234567, "12.35%"), (1.23456, "123.5%"), (1_234_567, "1.235e+08%"),
  ])
  func percentages(ratio: Double, text: String) throws {
    #expect(try rendered("{{ humanizePercentage $value }}", ratio) == text)
  }

  @Test(arguments: [
    (1_435_065_584.128, "2015-06-23 13:19:44.128 +0000 UTC"), (0, "1970-01-01 00:00:00 +0000 UTC"),
    (1_435_065_584.5, "2015-06-23 13:19:44.5 +0000 UTC"), (.nan, "NaN"), (.infinity, "+Inf"),
  ])
  func timestamps(seconds: Double, text: String) throws {
    #expect(try rendered("{{ humanizeTimestamp $value }}", seconds) == text)
  }

  @Test func `a timestamp beyond 64 bits of nanoseconds is told`() throws {
    let text = try rendered("{{ humanizeTimestamp $value }}", 1e15)
    #expect(text.contains("1e+15 cannot be represented as a nanoseconds timestamp since it overflows int64"))
  }

  @Test func `texts that are numbers are taken as such`() throws {
    #expect(try rendered(#"{{ "1234567" | humanize }}"#, 0) == "1.235M")
    #expect(try rendered("{{ humanize 2048 }}", 0) == "2.048k")
    #expect(try rendered(#"{{ "abc" | humanize }}"#, 0).contains(#"strconv.ParseFloat: parsing "abc": invalid syntax"#))
  }
}
