import Model

/// What there is to tell about a result, each message once, in the order in which they came up.
struct AnnotationList {
  private var found: [Annotation] = []
  private var known: Set<String> = []
  /// The gauge told of last: most often the next series is of the same name.
  private var lastGauge: (name: String, range: Range<Int>)?
  /// What became of the messages about buckets, which tell more the more often they come up.
  private var forcings: [String: ForcedBuckets] = [:]

  var all: [Annotation] {
    guard !forcings.isEmpty else { return found }
    return found.map { annotation in
      guard let forced = forcings[annotation.message] else { return annotation }
      return Annotation(annotation.level, annotation.message + forced.details, at: annotation.range)
    }
  }

  mutating func add(_ level: Annotation.Level, _ message: String, at range: Range<Int>) {
    if known.insert(message).inserted { found.append(Annotation(level, message, at: range)) }
  }

  mutating func addInvalidQuantile(_ quantile: Double, at range: Range<Int>) {
    guard !(quantile >= 0 && quantile <= 1) else { return }
    add(.warning, "quantile value should be between 0 and 1, got \(quantile.printedAsGo)", at: range)
  }

  mutating func addInvalidRatio(_ ratio: Double, limit: Double, at range: Range<Int>) {
    add(
      .warning,
      "ratio value should be between -1 and 1, got \(ratio.printedAsGo), capping to \(limit.printedAsGo)", at: range)
  }

  mutating func addPossibleGauge(_ name: String, at range: Range<Int>) {
    if let lastGauge, lastGauge.name == name, lastGauge.range == range { return }
    lastGauge = (name, range)
    add(
      .info,
      "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: \(name.quotedAsGo)", at: range)
  }

  mutating func addSortOverSteps(at range: Range<Int>) {
    add(.warning, "sort is ineffective for range queries since results are always ordered by labels", at: range)
  }

  mutating func addOverlappingStarts(_ name: String, at range: Range<Int>) {
    add(.warning, "start times of samples overlap for metric name \(name.quotedAsGo)", at: range)
  }

  mutating func addBadBucket(_ labels: Labels, at range: Range<Int>) {
    let words = "bucket label \"le\" is missing or has a malformed value of \(labels["le"].quotedAsGo)"
    add(.warning, words + Self.metric(labels), at: range)
  }

  mutating func addIncompatibleTypes(_ operation: BinaryOperator, at range: Range<Int>) {
    let text = operation.rawValue
    add(
      .info,
      "incompatible sample types encountered for binary operator \(text.quotedAsGo): float \(text) float", at: range)
  }

  /// Buckets that had to be raised at an instant in milliseconds.
  mutating func addForcing(
    _ forcing: ClassicHistogram.Forcing, of labels: Labels, time: Int64, at range: Range<Int>
  ) {
    let page = "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile"
    let message =
      "input to histogram_quantile needed to be fixed for monotonicity (see \(page))" + Self.metric(labels)
    add(.info, message, at: range)
    forcings[message, default: ForcedBuckets(forcing, at: time)].widen(by: forcing, at: time)
  }

  private static func metric(_ labels: Labels) -> String {
    let name = labels[.nameLabel]
    return name.isEmpty ? "" : " for metric name \(name.quotedAsGo)"
  }
}

/// All the buckets that had to be raised for one message.
private struct ForcedBuckets {
  private var lowest: Double
  private var highest: Double
  private var drop = 0.0
  private var samples = 0
  private var first: Int64
  private var last: Int64

  init(_ forcing: ClassicHistogram.Forcing, at time: Int64) {
    (lowest, highest) = (forcing.lowestBound, forcing.highestBound)
    (first, last) = (time, time)
  }

  mutating func widen(by forcing: ClassicHistogram.Forcing, at time: Int64) {
    lowest = min(lowest, forcing.lowestBound)
    highest = max(highest, forcing.highestBound)
    drop = max(drop, forcing.largestDrop)
    first = min(first, time)
    last = max(last, time)
    samples += 1
  }

  var details: String {
    ", from buckets \(lowest.printedAsGo) to \(highest.printedAsGo), with a max diff of \(drop.formattedAsGo(.g, precision: 2)), over "
      + "\(samples) samples from \(Self.second(first)) to \(Self.second(last))"
  }

  private static func second(_ time: Int64) -> String {
    Timestamp(millisecondsSinceEpoch: time / 1000 * 1000).description
  }
}
