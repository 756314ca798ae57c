import Model
import Templates
import Model
import TestKit
import Testing

@Suite struct `Printing floats as Go does` {
  @Test(arguments: [
    (0.1, "0.1"), (100_000, "100000"), (123_456.7, "123456.7"), (1_000_000, "1e+06"), (1_234_567, "1.234567e+06"),
    (1_353_755_652, "1.353755652e+09"), (0.0001, "0.0001"), (0.00001, "1e-05"), (0, "0"), (-0.0, "-0"),
    (.nan, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.leastNonzeroMagnitude, "5e-324"),
    (1.7976931348623157e308, "1.7976931348623157e+308"), (42, "42"), (-2.5, "-2.5"), (1e100, "1e+100"),
  ])
  func `with the fewest digits`(value: Double, text: String) {
    #expect(value.printedAsGo == text)
  }

  private func formatted(_ format: String, _ value: Double) throws -> String {
    let template = try Template(parsing: #"{{ printf "\#(format)" $value }}"#)
    return template.render(TemplateData(name: "__alert_A", labels: .empty, value: value)).text
  }

  @Test(arguments: [
    ("%.4g", 12_345, "1.234e+04"), ("%.4g", 12_355, "1.236e+04"), ("%.4g", 1.2345, "1.234"), ("%.4g", 1.2355, "1.236"),
    ("%.4g", 1000, "1000"), ("%.4g", 10_000, "1e+04"), ("%.10g", 123, "123"), ("%.4g", 0.00001234, "1.234e-05"),
    ("%.4g", 0.0001234, "0.0001234"), ("%.4g", .leastNonzeroMagnitude, "4.941e-324"), ("%.0g", 25, "2e+01"),
    ("%.3g", 99.95, "100"),
    ("%.4g", 99_999.5, "1e+05"), ("%g", 1_000_000, "1e+06"), ("%.17g", 0.1, "0.10000000000000001"),
    ("%.0f", 0.5, "0"), ("%.0f", 1.5, "2"), ("%.0f", 2.5, "2"), ("%.0f", 0.51, "1"), ("%.1f", 0.25, "0.2"),
    ("%.1f", 0.35, "0.3"), ("%.2f", 2.675, "2.67"), ("%.2f", 1.005, "1.00"), ("%.2f", 99.995, "100.00"),
    ("%.3f", 0.0005, "0.001"), ("%f", 3.14159265, "3.141593"), ("%.20f", 0.1, "0.10000000000000000555"),
    ("%.0f", 1e22, "10000000000000000000000"), ("%.0f", 9_007_199_254_740_992, "9007199254740992"),
    ("%e", 123_456.789, "1.234568e+05"), ("%.0e", 15, "2e+01"), ("%.2e", 0, "0.00e+00"), ("%E", 1e-7, "1.000000E-07"),
    ("%.2f", 0, "0.00"), ("%.2f", 1e-9, "0.00"), ("%.2f", -1e-9, "-0.00"), ("%.3e", 9.9996, "1.000e+01"),
    ("%x", 1, "0x1p+00"), ("%x", 0.1, "0x1.999999999999ap-04"), ("%X", -3, "-0X1.8P+01"),
  ])
  func `with a precision`(format: String, value: Double, text: String) throws {
    #expect(try formatted(format, value) == text)
  }

  @Test(
    arguments: [
      ("%5.2f|", 1.5, " 1.50|"), ("%-8.1f|", 1.5, "1.5     |"), ("%08.2f", -1.5, "-0001.50"), ("%+.1f", 1.5, "+1.5"),
      ("% .1f", 1.5, " 1.5"), ("%+g", .infinity, "+Inf"), ("%8.2f", .infinity, "    +Inf"),
      ("%08.2f", .nan, "     NaN"),
      ("%6v|", 2.5, "   2.5|"),
    ] as [(String, Double, String)])
  func `with flags and a width`(format: String, value: Double, text: String) throws {
    #expect(try formatted(format, value) == text)
  }

  /// What is printed lies within half a unit of its last digit; reading it back adds less than a hundredth of that.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func `rounds to the nearest, whatever the number`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let value = Double(bitPattern: UInt64.random(in: 0..<0x7FE0_0000_0000_0000, using: &random))
    let digits = Int.random(in: 1...13, using: &random)
    let text = try formatted("%.\(digits - 1)e", value)
    let read = Double(text) ?? .nan
    let power = text.split(separator: "e").last.flatMap { Int($0) } ?? 0
    let unit = Double("1e\(power - digits + 1)") ?? 0
    let distance = (read - value).magnitude
    #expect(distance <= unit * 0.505 || unit < .leastNormalMagnitude)
    #expect(Double(try formatted("%.16e", value)) == value)
  }
}
