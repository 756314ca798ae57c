/// Histograms made of series with an `le` label: what their buckets tell of the observations.
///
/// A bucket counts the observations up to and including its upper bound, those of all lower buckets among them.
enum ClassicHistogram {
  typealias Bucket = (upperBound: Double, count: Double)

  /// A quantile, and what had to be mended to get it.
  struct Quantile: Hashable, Sendable {
    var value: Double
    /// Where counts had to be raised because they fell below those of lower buckets; `nil` where none had to.
    var forcing: Forcing?
  }

  /// The buckets whose counts had to be raised.
  struct Forcing: Hashable, Sendable {
    var lowestBound: Double
    var highestBound: Double
    /// The most that a count fell.
    var largestDrop: Double
  }

  /// The value that a share of `q` of the observations doesn't exceed, evenly spread within each bucket.
  ///
  /// The buckets may come in any order, bounds more than once. NaN without a bucket of the bound +Inf, without another
  /// one, and without observations; the infinities for a `q` below 0 and above 1 (Prometheus `BucketQuantile`).
  static func quantile(_ q: Double, buckets: [Bucket]) -> Quantile {
    if q.isNaN { return Quantile(value: .nan) }
    if q < 0 { return Quantile(value: -.infinity) }
    if q > 1 { return Quantile(value: .infinity) }
    guard var buckets = ordered(buckets) else { return Quantile(value: .nan) }
    let forcing = makeMonotonic(&buckets)
    let last = buckets.count - 1
    guard last > 0, buckets[last].count != 0 else { return Quantile(value: .nan) }
    return Quantile(value: value(atRank: q * buckets[last].count, in: buckets), forcing: forcing)
  }

  private static func value(atRank rank: Double, in buckets: [Bucket]) -> Double {
    let last = buckets.count - 1
    var low = 0
    var high = last
    while low < high {
      let middle = (low + high) / 2
      if buckets[middle].count >= rank { high = middle } else { low = middle + 1 }
    }
    // Nothing says how far the last bucket reaches, nor how far the first one does below 0.
    if low == last { return buckets[last - 1].upperBound }
    let bucket = buckets[low]
    if low == 0, bucket.upperBound <= 0 { return bucket.upperBound }
    let below: Bucket = low == 0 ? (0, 0) : buckets[low - 1]
    let share = (rank - below.count) / (bucket.count - below.count)
    return below.upperBound + (bucket.upperBound - below.upperBound) * share
  }

  /// The share of the observations between two values, evenly spread within each bucket.
  ///
  /// NaN as for a quantile, and for bounds of NaN; 0 where `lower` isn't below `upper` (Prometheus `BucketFraction`).
  static func fraction(lower: Double, upper: Double, buckets: [Bucket]) -> Double {
    guard let buckets = ordered(buckets), let count = buckets.last?.count, count != 0, !lower.isNaN, !upper.isNaN
    else { return .nan }
    guard lower < upper else { return 0 }
    return (rank(of: upper, in: buckets, count: count) - rank(of: lower, in: buckets, count: count)) / count
  }

  /// How many observations are below `value`.
  private static func rank(of value: Double, in buckets: [Bucket], count: Double) -> Double {
    var rank = 0.0
    var bottom = buckets[0].upperBound <= 0 ? -Double.infinity : 0
    for bucket in buckets {
      if bottom >= value { return min(rank, count) }
      if bucket.upperBound > value {
        // Below the first bucket's bound, nothing says how far it reaches: all of it counts.
        let share = (value - bottom) / (bucket.upperBound - bottom)
        return min(bottom == -.infinity ? bucket.count : rank + (bucket.count - rank) * share, count)
      }
      rank = bucket.count
      bottom = bucket.upperBound
    }
    return count
  }

  /// The buckets by bound, those of one bound added up; `nil` unless the last bound is +Inf.
  private static func ordered(_ buckets: [Bucket]) -> [Bucket]? {
    var ordered: [Bucket] = []
    ordered.reserveCapacity(buckets.count)
    for bucket in buckets.sorted(by: { $0.upperBound < $1.upperBound }) {
      if let last = ordered.last, last.upperBound == bucket.upperBound {
        ordered[ordered.count - 1].count += bucket.count
      } else {
        ordered.append(bucket)
      }
    }
    return ordered.last?.upperBound == .infinity ? ordered : nil
  }

  /// Raises counts that fall below a lower bucket's, and levels out differences that only rounding makes.
  private static func makeMonotonic(_ buckets: inout [Bucket]) -> Forcing? {
    var forcing: Forcing?
    var previous = buckets[0].count
    for index in buckets.indices.dropFirst() {
      let current = buckets[index].count
      if current == previous { continue }
      if current.isNearly(previous, within: 1e-12) {
        buckets[index].count = previous
      } else if current < previous {
        buckets[index].count = previous
        let bound = buckets[index].upperBound
        var widened = forcing ?? Forcing(lowestBound: bound, highestBound: bound, largestDrop: 0)
        widened.highestBound = bound
        widened.largestDrop = max(widened.largestDrop, previous - current)
        forcing = widened
      } else {
        previous = current
      }
    }
    return forcing
  }
}

extension Double {
  /// Whether two numbers differ by less than `tolerance` times their magnitudes' sum; NaN equals NaN, the staleness
  /// marker only itself (Prometheus `almost.Equal`).
  package func isNearly(_ other: Double, within tolerance: Double) -> Bool {
    if isStalenessMarker || other.isStalenessMarker { return isStalenessMarker && other.isStalenessMarker }
    if isNaN, other.isNaN { return true }
    if self == other { return true }
    let sum = magnitude + other.magnitude
    let difference = (self - other).magnitude
    let smallest = Double.leastNormalMagnitude
    if self == 0 || other == 0 || sum < smallest { return difference < tolerance * smallest }
    return difference / min(sum, .greatestFiniteMagnitude) < tolerance
  }
}
