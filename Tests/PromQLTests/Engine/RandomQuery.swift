import Model
import TestKit

@testable import PromQL

/// Queries over ``RandomQuery/store()`` that have the right types, though not always a value.
struct RandomQuery {
  var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  private mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }

  private mutating func pick(_ choices: String...) -> String { choices[number(0..<choices.count)] }

  /// A few series with gaps, ends, NaN and infinities.
  mutating func store() -> FixedSeries {
    var all: [SampleSeries] = []
    for name in ["a", "b", "c_total", "h_bucket"] {
      for index in 0..<number(1..<5) {
        var labels: Labels = ["__name__": name, "i": "\(index % 3)", "j": "\(index % 2)"]
        if name == "h_bucket" { labels["le"] = pick("0.5", "1", "2.5", "+Inf", "", "x") + "" }
        if all.contains(where: { $0.labels == labels }) { continue }
        all.append(series(labels, isCounter: name == "c_total"))
      }
    }
    return FixedSeries(all)
  }

  private mutating func series(_ labels: Labels, isCounter: Bool) -> SampleSeries {
    var series = SampleSeries(labels)
    var value = Double(number(0..<10))
    for index in 0..<40 {
      switch number(0..<20) {
      case 0: continue
      case 1: series.append(.stalenessMarker, at: .at(index * 15))
      case 2 where !isCounter: series.append(.nan, at: .at(index * 15))
      case 3 where !isCounter: series.append(number(0..<2) == 0 ? .infinity : -.infinity, at: .at(index * 15))
      case 4: value = 0
      default:
        value += isCounter ? Double(number(0..<9)) : Double(number(-9..<10)) / 4
        series.append(value, at: .at(index * 15))
      }
    }
    return series
  }

  mutating func selector() -> String {
    let name = pick("a", "b", "c_total", "h_bucket", "{__name__=~\"a|b\"}", "nothing", "a{i=\"1\"}", "b{j!=\"0\"}")
    return name + modifiers()
  }

  private mutating func modifiers() -> String {
    pick("", "", "", " offset 30s", " offset -1m", " @ 120", " @ 60 offset 15s")
  }

  mutating func scalar(_ depth: Int) -> String {
    switch number(0..<(depth > 0 ? 8 : 4)) {
    case 0: return "time()"
    case 1: return pick("0", "1", "-2.5", "NaN", "Inf", "0.5")
    case 2, 3: return pick("1", "2", "0.9", "3", "pi()")
    case 4: return "scalar(\(vector(depth - 1)))"
    case 5:
      return "(\(scalar(depth - 1)) \(pick("+", "-", "*", "/", "%", "^", "> bool", "atan2")) \(scalar(depth - 1)))"
    case 6: return "\(pick("min_of", "max_of"))(\(scalar(depth - 1)), \(scalar(depth - 1)))"
    default: return "-\(pick("1", "time()"))"
    }
  }

  private mutating func matrix(_ depth: Int) -> String {
    guard depth > 0, number(0..<3) == 0 else {
      let name = pick("a", "b", "c_total", "{__name__=~\"a|b\"}", "nothing")
      return name + pick("[1m]", "[95s]", "[5m]", "[1s]") + modifiers()
    }
    return "(\(vector(depth - 1)))" + pick("[2m:30s]", "[1m:7s]", "[90s:]") + modifiers()
  }

  mutating func vector(_ depth: Int) -> String {
    guard depth > 0 else { return selector() }
    switch number(0..<12) {
    case 0: return selector()
    case 1:
      return "\(pick("abs", "ceil", "sort", "exp", "sgn", "timestamp", "day_of_week", "absent"))(\(vector(depth - 1)))"
    case 2: return "clamp(\(vector(depth - 1)), \(scalar(depth - 1)), \(scalar(depth - 1)))"
    case 3:
      let function = pick(
        "rate", "increase", "delta", "irate", "deriv", "changes", "resets", "sum_over_time", "avg_over_time",
        "stddev_over_time", "last_over_time", "absent_over_time", "mad_over_time", "ts_of_max_over_time")
      return "\(function)(\(matrix(depth)))"
    case 4: return "quantile_over_time(\(scalar(depth - 1)), \(matrix(depth)))"
    case 5: return "predict_linear(\(matrix(depth)), \(scalar(depth - 1)))"
    case 6:
      let operation = pick("sum", "avg", "count", "min", "max", "group", "stddev", "stdvar")
      return "\(operation) \(pick("by", "without")) (\(pick("", "i", "j", "i, j", "__name__"))) (\(vector(depth - 1)))"
    case 7:
      let operation = pick("topk", "bottomk", "quantile", "limitk", "limit_ratio")
      return "\(operation) by (\(pick("", "i"))) (\(scalar(depth - 1)), \(vector(depth - 1)))"
    case 8: return relabelled(depth)
    case 9: return "(\(vector(depth - 1)) \(pick("+", "/", ">", "!= bool", "^")) \(scalar(depth - 1)))"
    default: return binary(depth)
    }
  }

  private mutating func relabelled(_ depth: Int) -> String {
    let inner = vector(depth - 1)
    return pick(
      "label_replace(\(inner), \"i\", \"$1x\", \"j\", \"(.*)\")", "label_join(\(inner), \"k\", \"-\", \"i\", \"j\")",
      "histogram_quantile(\(scalar(0)), \(inner))", "count_values(\"v\", \(inner))", "sort_by_label(\(inner), \"i\")",
      "info(\(inner))", "histogram_fraction(0, 1, \(inner))", "-\(selector())",
      "histogram_quantiles(\(inner), \"q\", 0.5, 0.9)")
  }

  private mutating func binary(_ depth: Int) -> String {
    let operation = pick("+", "-", "*", "%", "==", "> bool", "<", "and", "or", "unless")
    var matching = pick("", "on (i)", "on (i, j)", "ignoring (j)", "on ()")
    if !["and", "or", "unless"].contains(operation) {
      if !matching.isEmpty { matching += pick("", " group_left", " group_right (j)", " group_left (le)") }
      matching += pick("", "", " fill (0)", " fill_left (1)", " fill_right (NaN)")
      if matching.hasPrefix("on (i, j)") || matching.hasPrefix("on ()") { matching = String(matching.prefix(9)) }
      if matching.hasPrefix("on ()") { matching = "on ()" }
    }
    return "(\(vector(depth - 1)) \(operation) \(matching) \(vector(depth - 1)))"
  }
}
