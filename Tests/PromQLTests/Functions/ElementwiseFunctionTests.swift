import Testing

@testable import PromQL

@Suite struct `Functions of one number` {
  @Test(
    arguments: [
      (Function.abs, -3.5, 3.5), (.ceil, 1.2, 2), (.floor, -1.2, -2), (.sqrt, 9, 3), (.sgn, -4, -1), (.sgn, 0, 0),
      (.deg, .pi, 180), (.rad, 180, .pi), (.exp, 0, 1), (.ln, 1, 0), (.log2, 8, 3), (.log10, 1000, 3), (.sin, 0, 0),
      (.cos, 0, 1), (.atan, 0, 0), (.acosh, 1, 0), (.asinh, 0, 0), (.atanh, 1, .infinity), (.acos, 2, .nan),
      (.ln, 0, -.infinity), (.ln, -1, .nan), (.tan, .infinity, .nan),
    ] as [(Function, Double, Double)])
  func `have these values`(_ function: Function, _ value: Double, _ expected: Double) {
    #expect(function.elementwise(value, []).isNearly(expected, within: 1e-15))
  }

  @Test(
    arguments: [
      (2.5, [], 3), (-2.5, [], -2), (0.123, [0.01], 0.12), (87, [10], 90), (-0.2, [], 0), (5, [0], .nan),
    ] as [(Double, [Double], Double)])
  func `round half up`(_ value: Double, _ unit: [Double], _ expected: Double) {
    #expect(Function.round.elementwise(value, unit).isNearly(expected, within: 1e-15))
  }

  @Test(
    arguments: [
      (Function.clamp, 5.0, [0.0, 3.0], 3.0), (.clamp, -5, [0, 3], 0), (.clamp, 2, [0, .nan], .nan),
      (.clampMin, .nan, [0], .nan), (.clampMin, -.infinity, [0], 0), (.clampMax, 9, [4], 4),
      (.clampMax, 3, [.nan], .nan),
      (.clampMax, -.infinity, [.nan], -.infinity), (.clampMin, .infinity, [.nan], .infinity),
    ] as [(Function, Double, [Double], Double)])
  func `clamp, and let NaN pass`(_ function: Function, _ value: Double, _ bounds: [Double], _ expected: Double) {
    #expect(function.elementwise(value, bounds).isNearly(expected, within: 1e-15))
  }

  @Test(
    arguments: [
      // 2024-02-29T12:34:56Z, a Thursday
      (1_709_210_096.9, [29, 4, 60, 29, 12, 34, 2, 2024]),
      (0, [1, 4, 1, 31, 0, 0, 1, 1970]),
      // Fractions are cut off towards the epoch, so this is its first second.
      (-0.5, [1, 4, 1, 31, 0, 0, 1, 1970]),
      (-1, [31, 3, 365, 31, 23, 59, 12, 1969]),
      // 12000-03-01T00:00:00Z, a Wednesday; and 400 years before the epoch
      (316_521_388_800, [1, 3, 61, 31, 0, 0, 3, 12000]),
      (-12_622_780_800, [1, 4, 1, 31, 0, 0, 1, 1570]),
    ] as [(Double, [Double])])
  func `know the calendar of UTC`(_ seconds: Double, _ expected: [Double]) {
    let functions: [Function] = [
      .dayOfMonth, .dayOfWeek, .dayOfYear, .daysInMonth, .hour, .minute, .month, .year,
    ]
    #expect(functions.map { $0.elementwise(seconds, []) } == expected)
  }

  @Test(arguments: [Double.nan, .infinity, -1e300])
  func `have no date at no instant`(_ seconds: Double) {
    #expect(Function.year.elementwise(seconds, []).isNaN)
  }
}
