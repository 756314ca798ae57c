import Model
import PromQL
import TestKit

/// Random queries of the parts of PromQL that Prometheus 2 and 3 share, over ``series()``.
///
/// Left out is what 3 changed: windows with a sample at their very start (here, no window begins at a sample), names
/// that go at the end only (nothing here asks for a name), how far the rate of what falls is extrapolated, and what
/// infinities come to; and which of equal elements `topk` takes.
struct StableQuery {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  /// When the samples begin.
  static let start = 1_700_000_000

  private mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }

  private mutating func pick(_ choices: String...) -> String { choices[number(0..<choices.count)] }

  /// Gauges, counters with resets, and buckets, over ten minutes: with gaps, ends and NaN.
  mutating func series() -> [SampleSeries] {
    var all: [SampleSeries] = []
    for name in ["a", "b", "c_total"] {
      for index in 0..<6 {
        let labels: Labels = ["__name__": name, "i": "\(index % 3)", "j": "\(index / 3)"]
        all.append(series(labels, isCounter: name == "c_total"))
      }
    }
    for (index, bound) in ["0.5", "1", "2.5", "+Inf", "x"].enumerated() {
      var series = SampleSeries(["__name__": "h_bucket", "le": bound, "i": "0"])
      for time in 0..<40 { series.append(Double(index * 10 + time * (index + 1)), at: Self.sampleTime(time)) }
      all.append(series)
    }
    return all
  }

  /// Never a multiple of a quarter of a second, as the bounds of windows are.
  private static func sampleTime(_ index: Int) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: Int64(start + index * 15) * 1000 + 137)
  }

  private mutating func series(_ labels: Labels, isCounter: Bool) -> SampleSeries {
    var series = SampleSeries(labels)
    var value = Double(number(1000..<2000))
    for index in 0..<40 {
      switch number(0..<25) {
      case 0: continue
      case 1: series.append(.stalenessMarker, at: Self.sampleTime(index))
      case 2 where !isCounter: series.append(.nan, at: Self.sampleTime(index))
      case 3 where isCounter: value = Double(number(400..<900))
      default: value += isCounter ? Double(number(0..<9)) : Double(number(-9..<10)) / 4
      }
      if series.times.last != Self.sampleTime(index) { series.append(value, at: Self.sampleTime(index)) }
    }
    return series
  }

  private mutating func selector() -> String {
    pick("a", "b", "c_total", "nothing", "a{i=\"1\"}", "b{j!=\"0\"}", "c_total{i=~\"0|2\"}") + modifiers()
  }

  private mutating func modifiers() -> String {
    pick("", "", "", "", " offset 30s", " offset -1m", " @ \(Self.start + 200).5", " @ end()", " @ start() offset 15s")
  }

  private mutating func scalar(_ depth: Int) -> String {
    switch number(0..<(depth > 0 ? 7 : 4)) {
    case 0: "time()"
    case 1: pick("0", "1", "-2.5", "NaN", "Inf", "0.5")
    case 2, 3: pick("1", "2", "0.9", "1100", "pi()")
    case 4: "scalar(\(vector(depth - 1)))"
    case 5: "(\(scalar(depth - 1)) \(pick("+", "-", "*", "/", "%", "^", "> bool", "atan2")) \(scalar(depth - 1)))"
    default: "-\(pick("1", "time()"))"
    }
  }

  /// `isFixed`: perhaps with an `@`; without where Prometheus 2 loses samples because of one.
  private mutating func matrix(_ depth: Int, isFixed: Bool = true) -> String {
    let modifiers = isFixed ? modifiers() : pick("", " offset 30s", " offset -1m")
    guard depth > 0, number(0..<3) == 0 else {
      return pick("a", "b", "c_total", "a{j=\"1\"}", "nothing") + pick("[1m]", "[95s]", "[5m]", "[1s]") + modifiers
    }
    // Without a step at the very start of the window, and not into the future: at its inner steps Prometheus may then
    // mistake the time of an `@`.
    return "(\(vector(depth - 1)))" + pick("[2m250ms:30s]", "[1m250ms:7s]", "[90s250ms:]")
      + modifiers.replacing("-1m", with: "1m")
  }

  mutating func vector(_ depth: Int) -> String {
    guard depth > 0 else { return selector() }
    switch number(0..<13) {
    case 0: return selector()
    case 1:
      let function = pick(
        "abs", "ceil", "floor", "round", "sgn", "sqrt", "ln", "timestamp", "absent", "rad", "cos")
      return "\(function)(\(vector(depth - 1)))"
    case 2: return "clamp(\(vector(depth - 1)), \(scalar(depth - 1)), \(scalar(depth - 1)))"
    case 3: return "\(overTime())(\(matrix(depth)))"
    case 4: return "\(pick("rate", "increase", "irate"))(c_total\(pick("[1m]", "[95s]", "[5m]"))\(modifiers()))"
    case 5: return "quantile_over_time(\(scalar(depth - 1)), \(matrix(depth, isFixed: false)))"
    case 6: return "predict_linear(\(matrix(depth, isFixed: false)), \(pick("60", "-30", "3600")))"
    case 7:
      let operation = pick("sum", "avg", "count", "min", "max", "group", "stddev", "stdvar")
      let finite = operation.hasPrefix("std") ? " < 1e18 > -1e18" : ""
      return "\(operation) \(pick("by", "without")) (\(pick("", "i", "j", "i, j"))) (\(vector(depth - 1))\(finite))"
    case 8:
      let operation = pick("topk", "bottomk")
      return
        "sum(\(operation) by (\(pick("", "i"))) (\(pick("1", "2", "5")), \(vector(depth - 1))))"
    case 9: return relabelled(depth)
    case 10: return "(\(vector(depth - 1)) \(pick("+", "/", ">", "!= bool", "^", "<")) \(scalar(depth - 1)))"
    default: return binary(depth)
    }
  }

  private mutating func overTime() -> String {
    pick(
      "delta", "idelta", "deriv", "changes", "resets", "sum_over_time", "avg_over_time",
      "min_over_time", "max_over_time", "count_over_time", "stddev_over_time", "stdvar_over_time", "last_over_time",
      "present_over_time", "absent_over_time")
  }

  private mutating func relabelled(_ depth: Int) -> String {
    let inner = vector(depth - 1)
    return pick(
      "label_replace(\(inner), \"i\", \"$1x\", \"j\", \"(.*)\")", "label_join(\(inner), \"k\", \"-\", \"i\", \"j\")",
      "histogram_quantile(\(scalar(0)), rate(h_bucket[2m]))", "histogram_quantile(0.9, h_bucket)",
      "count_values without (i) (\"v\", round(\(inner)))", "-\(selector())", "quantile by (j) (\(scalar(0)), \(inner))")
  }

  private mutating func binary(_ depth: Int) -> String {
    let operation = pick("+", "-", "*", "%", "==", "> bool", "<", ">=", "and", "or", "unless")
    var matching = pick("", "", "on (i)", "on (i, j)", "ignoring (j)", "on ()")
    if !["and", "or", "unless"].contains(operation), matching.hasPrefix("ignoring") || matching == "on (i)" {
      matching += pick("", " group_left ()", " group_right ()", " group_left (le)", " group_right (k)")
    }
    return "(\(vector(depth - 1)) \(operation) \(matching) \(vector(depth - 1)))"
  }
}
