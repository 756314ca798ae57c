import Testing

@testable import PromQL

@Suite struct `Classic histograms` {
  private static let latencies: [ClassicHistogram.Bucket] = [(0.1, 50), (0.2, 80), (.infinity, 100)]

  @Test(
    arguments: [
      (0.0, 0.0), (0.25, 0.05), (0.5, 0.1), (0.65, 0.15), (0.8, 0.2), (0.9, 0.2), (1, 0.2), (-1, -.infinity),
      (2, .infinity), (.nan, .nan),
    ] as [(Double, Double)])
  func `spread observations evenly`(_ q: Double, _ expected: Double) {
    let quantile = ClassicHistogram.quantile(q, buckets: Self.latencies.reversed())
    #expect(quantile.value.isNearly(expected, within: 1e-12))
    #expect(quantile.forcing == nil)
  }

  @Test(
    arguments: [
      [], [(1, 5)], [(.infinity, 5)], [(1, 0), (.infinity, 0)], [(1, 5), (2, 6)],
    ] as [[ClassicHistogram.Bucket]])
  func `have no quantile without bounds or observations`(_ buckets: [ClassicHistogram.Bucket]) {
    #expect(ClassicHistogram.quantile(0.5, buckets: buckets).value.isNaN)
  }

  @Test func `don't guess how far the first bucket reaches below 0`() {
    let buckets: [ClassicHistogram.Bucket] = [(-1, 50), (1, 100), (.infinity, 100)]
    #expect(ClassicHistogram.quantile(0.2, buckets: buckets).value == -1)
    #expect(ClassicHistogram.quantile(0.75, buckets: buckets).value == 0)
  }

  @Test func `raise counts that fall, and tell`() {
    let buckets: [ClassicHistogram.Bucket] = [(1, 10), (2, 8), (3, 12), (4, 9), (.infinity, 20)]
    let quantile = ClassicHistogram.quantile(0.55, buckets: buckets)
    #expect(quantile.value == 2.5)
    #expect(quantile.forcing == .init(lowestBound: 2, highestBound: 4, largestDrop: 3))
  }

  @Test func `take differences of rounding for none`() {
    let buckets: [ClassicHistogram.Bucket] = [(1, 10), (2, 10 - 1e-13), (.infinity, 20)]
    #expect(ClassicHistogram.quantile(0.5, buckets: buckets).forcing == nil)
  }

  @Test func `add up buckets of one bound`() {
    #expect(ClassicHistogram.quantile(0.5, buckets: [(1, 2), (1, 3), (.infinity, 10)]).value == 1)
  }

  @Test(
    arguments: [
      (0.0, 0.1, 0.5), (0, 0.05, 0.25), (0.1, 0.2, 0.3), (0.15, .infinity, 0.35), (-.infinity, 0.2, 0.8), (1, 2, 0),
      (0.2, 0.1, 0), (.nan, 1, .nan), (-5, 0, 0),
    ] as [(Double, Double, Double)])
  func `know the share between two values`(_ lower: Double, _ upper: Double, _ expected: Double) {
    let share = ClassicHistogram.fraction(lower: lower, upper: upper, buckets: Self.latencies)
    #expect(share.isNearly(expected, within: 1e-12))
  }

  @Test func `count the whole of a bucket without a lower end`() {
    let buckets: [ClassicHistogram.Bucket] = [(-1, 50), (1, 100), (.infinity, 100)]
    #expect(ClassicHistogram.fraction(lower: -.infinity, upper: -2, buckets: buckets) == 0.5)
    #expect(ClassicHistogram.fraction(lower: -2, upper: 0, buckets: buckets) == 0.25)
    #expect(ClassicHistogram.fraction(lower: 0, upper: 1, buckets: [(1, 5)]).isNaN)
  }
}

@Suite struct `A quantile of values` {
  @Test(
    arguments: [
      (0.5, [3.0, 1.0, 2.0], 2.0), (0.75, [1, 2, 3, 4], 3.25), (0, [2, 1], 1), (1, [2, 1], 2), (0.5, [], .nan),
      (.nan, [1], .nan), (-0.1, [1], -.infinity), (1.1, [1], .infinity), (0, [1, .nan], .nan), (1, [.nan, 1], 1),
    ] as [(Double, [Double], Double)])
  func `lies between two of them`(_ q: Double, _ values: [Double], _ expected: Double) {
    #expect(quantile(q, of: values).isNearly(expected, within: 1e-12))
  }
}
