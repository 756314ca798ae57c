import Model
import TestKit
import Testing

@testable import PromQL

/// A window of 60 s that ends at 60 s, and samples by the second.
private func value(
  _ function: Function, _ samples: [(Double, Double)], _ scalars: [Double] = [], window: ClosedRange<Double> = 0...60,
  starts: [Double?] = [], extension: RangeExtension? = nil
) throws -> Double? {
  func instant(_ seconds: Double) -> Timestamp { Timestamp(millisecondsSinceEpoch: Int64(seconds * 1000)) }
  let series = SampleSeries(
    .empty, times: samples.map { instant($0.0) }, values: samples.map(\.1), startTimes: starts.map { $0.map(instant) })
  let bounds = WindowBounds(
    start: instant(window.lowerBound), end: instant(window.upperBound), evaluation: instant(window.upperBound))
  return try function.overTime(series, 0..<samples.count, bounds, scalars, extension: `extension`)
}

@Suite struct `Functions over ranges` {
  @Test(
    arguments: [
      // Both ends are within 1.1 steps of a sample: the change is guessed up to them.
      (Function.increase, [(15.0, 10.0), (30, 20), (45, 30)], 40.0),
      (.rate, [(15, 10), (30, 20), (45, 30)], 40.0 / 60),
      (.delta, [(15, 30), (30, 20), (45, 10)], -40),
      // The window begins 40 s before the first sample, so the series does half a step before it.
      (.delta, [(40, 2), (45, 3), (50, 4)], 2.0 * (10 + 2.5 + 2.5) / 10),
      // A counter isn't guessed below 0: it was 0 at 10 s.
      (.increase, [(20, 1), (40, 3), (60, 5)], 4.0 * (40 + 10) / 40),
      // A reset, and what came before it counts.
      (.increase, [(15, 10), (30, 2), (45, 7)], (7.0 - 10 + 10) * 60 / 30),
      (.irate, [(15, 1), (30, 4), (45, 10)], 0.4),
      (.irate, [(15, 1), (30, 4), (40, 2)], 0.2),
      (.idelta, [(15, 1), (30, 4), (45, 2)], -2),
      (.resets, [(1, 3), (2, 1), (3, 1), (4, 0)], 2),
      (.changes, [(1, 3), (2, .nan), (3, .nan), (4, 0), (5, 0)], 2),
      (.deriv, [(10, 1), (20, 3), (30, 5)], 0.2),
      (.deriv, [(10, 0.1), (20, 0.1), (30, 0.1)], 0),
      (.avgOverTime, [(1, 1e308), (2, 1e308), (3, 1e308)], 1e308),
      (.avgOverTime, [(1, 1), (2, 1e100), (3, 1), (4, -1e100)], 0.5),
      (.sumOverTime, [(1, 1), (2, 1e100), (3, 1), (4, -1e100)], 2),
      (.countOverTime, [(1, .nan), (2, 2)], 2),
      (.presentOverTime, [(1, .nan)], 1),
      (.minOverTime, [(1, .nan), (2, 2), (3, 1), (4, .nan)], 1),
      (.maxOverTime, [(1, .nan), (2, 2), (3, 5)], 5),
      (.tsOfMaxOverTime, [(1, 5), (2, 2), (3, 5), (4, 1)], 3),
      (.tsOfMinOverTime, [(1, 5), (2, 2), (3, 2), (4, 3)], 3),
      (.firstOverTime, [(1, 5), (2, 2)], 5),
      (.lastOverTime, [(1, 5), (2, 2)], 2),
      (.tsOfFirstOverTime, [(1.5, 5), (2, 2)], 1.5),
      (.tsOfLastOverTime, [(1.5, 5), (2, 2)], 2),
      (.stdvarOverTime, [(1, 2), (2, 4), (3, 4), (4, 4), (5, 5), (6, 5), (7, 7), (8, 9)], 4),
      (.stddevOverTime, [(1, 2), (2, 4), (3, 4), (4, 4), (5, 5), (6, 5), (7, 7), (8, 9)], 2),
      (.madOverTime, [(1, 4), (2, 6), (3, 2), (4, 1), (5, 999), (6, 1), (7, 2)], 1),
      (.madOverTime, [(1, 1), (2, .nan), (3, 4)], .nan),
    ] as [(Function, [(Double, Double)], Double)])
  func `have these values`(_ function: Function, _ samples: [(Double, Double)], _ expected: Double) throws {
    let value = try #require(try value(function, samples))
    #expect(value.isNearly(expected, within: 1e-12), "\(value)")
  }

  @Test(arguments: [Function.rate, .increase, .delta, .irate, .idelta, .deriv, .predictLinear])
  func `need two samples`(_ function: Function) throws {
    #expect(try value(function, [(10, 1)], [1]) == nil)
    #expect(try value(function, [], [1]) == nil)
  }

  @Test func `predict from the instant of the evaluation`() throws {
    #expect(try value(.predictLinear, [(10, 1), (20, 3), (30, 5)], [60]) == 11 + 12)
  }

  @Test func `take a quantile of their samples`() throws {
    #expect(try value(.quantileOverTime, [(1, 1), (2, 3), (3, 2)], [0.75]) == 2.5)
    #expect(try value(.quantileOverTime, [(1, 1)], [2]) == .infinity)
    #expect(try value(.quantileOverTime, [(1, 1)], [-1]) == -.infinity)
  }

  @Test func `smooth value and trend`() throws {
    let smoothed = try value(.doubleExponentialSmoothing, [(1, 0), (2, 10), (3, 30), (4, 20)], [0.5, 0.5])
    // 0 → 0.5·10 + 0.5·(0 + 10) = 10 → trend 10, 0.5·30 + 0.5·20 = 25 → trend 12.5, 0.5·20 + 0.5·37.5 = 28.75
    #expect(smoothed == 28.75)
  }

  @Test(arguments: [
    ([1.5, 0.5], "invalid smoothing factor. Expected: 0 < sf < 1, got: 1.500000"),
    ([0.5, -0.25], "invalid trend factor. Expected: 0 < tf < 1, got: -0.250000"),
    ([.infinity, 0.5], "invalid smoothing factor. Expected: 0 < sf < 1, got: +Inf"),
  ])
  func `refuse factors outside of 0 and 1`(_ factors: [Double], _ message: String) throws {
    #expect(throws: EvaluationError.failed(message)) {
      try value(.doubleExponentialSmoothing, [(1, 1)], factors)
    }
    #expect(try value(.doubleExponentialSmoothing, [], factors) == nil)
  }
}

@Suite struct `Counters whose start is known` {
  @Test func `count from 0 at their start within the window`() throws {
    // From 10 s on; the end is 10 s behind the last sample, less than 1.1 steps.
    let increase = try value(.increase, [(30, 4), (50, 8)], starts: [10, 10])
    #expect(increase == 8.0 * (40.0 + 10) / 40)
  }

  @Test func `need one sample only`() throws {
    #expect(try value(.increase, [(30, 4)], starts: [10]) == 4)
    #expect(try value(.rate, [(30, 4)], starts: [10]) == 4.0 / 60)
    #expect(try value(.increase, [(30, 4)], starts: [nil]) == nil)
    #expect(try value(.increase, [(30, 4)], starts: [0]) == nil)
    #expect(try value(.delta, [(30, 4)], starts: [10]) == nil)
  }

  @Test func `began anew where the start says so, not the value`() throws {
    #expect(try value(.resets, [(10, 1), (20, 5), (30, 9)], starts: [5, 5, 25]) == 1)
    #expect(try value(.irate, [(10, 1), (20, 5), (30, 9)], starts: [5, 5, 25]) == 0.9)
  }

  @Test(
    arguments: [
      // A delta's start is the sample before.
      ([5.0, 10, 20], 2.0),
      // As if the start were unknown: at the sample itself, or behind it.
      ([5, 20, 30], 0), ([5, 21, 31], 0),
      // The start before is unknown.
      ([nil, 10, 10], 0), ([10, 10, 10], 0),
    ] as [([Double?], Double)])
  func `are reset by believable starts`(_ starts: [Double?], _ resets: Double) throws {
    #expect(try value(.resets, [(10, 1), (20, 5), (30, 9)], starts: starts) == resets)
  }
}

@Suite struct `Starts of counters` {
  @Test(
    arguments: [
      ([5, 5, 5], false), ([nil, 5, 5], true), ([5, 10, 20], false), ([5, 8, 20], true), ([5, nil, 19], true),
      ([0, 0, 0], false), ([], false),
    ] as [([Int64?], Bool)])
  func `overlap where two count the same events`(_ starts: [Int64?], _ overlap: Bool) {
    func instant(_ seconds: Int64) -> Timestamp { Timestamp(millisecondsSinceEpoch: seconds * 1000) }
    let series = SampleSeries(
      .empty, times: [10, 20, 30].map(instant), values: [1, 2, 3], startTimes: starts.map { $0.map(instant) })
    #expect(series.hasOverlappingStarts(in: 0..<3) == overlap)
    #expect(!series.hasOverlappingStarts(in: 2..<3))
  }
}

@Suite struct `Extended windows` {
  private let samples = [(10.0, 10.0), (30, 30), (50, 50), (70, 70)]

  @Test(arguments: [
    (Function.increase, RangeExtension.anchored, 20.0...60.0, 40.0),
    (.increase, .smoothed, 20...60, 40),
    (.rate, .smoothed, 20...60, 1),
    (.delta, .smoothed, 25...65, 40),
    (.delta, .anchored, 25...65, 40),
    (.resets, .anchored, 20...60, 0),
    (.changes, .anchored, 20...60, 2),
    // Nothing lies before the window: its first sample stands for its start.
    (.increase, .anchored, 0...60, 40),
    (.increase, .smoothed, 0...60, 50),
  ])
  func `reach to the samples around them`(
    _ function: Function, _ extended: RangeExtension, _ window: ClosedRange<Double>, _ expected: Double
  ) throws {
    let seen = samples.filter { extended == .smoothed || $0.0 <= window.upperBound }
    #expect(try value(function, seen, window: window, extension: extended) == expected)
  }

  @Test func `make up for resets`() throws {
    let samples = [(10.0, 10.0), (30, 30), (40, 5), (50, 8), (70, 2)]
    // 10 … 30, 5 … 8
    #expect(try value(.increase, Array(samples.dropLast()), window: 20...60, extension: .anchored) == 28)
    // 20 at 20 s; 30; 0 … 8; then from 0 to 2: 1 at 60 s.
    #expect(try value(.increase, samples, window: 20...60, extension: .smoothed) == 10 + 8 + 1)
  }

  @Test(arguments: [RangeExtension.anchored, .smoothed])
  func `have no value without a sample behind their start`(_ extended: RangeExtension) throws {
    #expect(try value(.increase, [(10, 1), (20, 2)], window: 20...60, extension: extended) == nil)
    #expect(try value(.changes, [(10, 1), (20, 2)], window: 20...60, extension: .anchored) == nil)
  }

  @Test(arguments: fuzzSeeds(200))
  func `never trap`(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let times = Set((0..<Int.random(in: 0...12, using: &random)).map { _ in Int.random(in: -20...120, using: &random) })
    let samples = times.sorted().map { (Double($0), Double.random(in: -5...5, using: &random).rounded()) }
    let starts: [Double?] = samples.map {
      Bool.random(using: &random) ? $0.0 - Double.random(in: -5...40, using: &random) : nil
    }
    for function in Function.allCases {
      for extended in [nil, RangeExtension.anchored, .smoothed] {
        _ = try value(function, samples, [0.5, 0.5], window: 10...60, starts: starts, extension: extended)
      }
    }
  }
}
