import Model
import Testing

@testable import PromQL

@Suite struct `The engine's rules` {
  private func store() throws -> FixedSeries {
    try FixedSeries(
      #"x{i="1", job="a"} 0+1x40"#, #"x{i="2", job="a"} 0+2x40"#, #"x{i="3", job="b"} 0+3x40"#,
      #"limit{job="a"} 30x40"#, #"limit{job="b"} 40x40"#,
      #"odd{k="nan"} NaNx40"#, #"odd{k="inf"} Infx40"#, #"odd{k="one"} 1x40"#,
      #"gone 1 2 3 stale"#, #"named_total{__type__="counter", __unit__="s"} 0+1x40"#)
  }

  @Test(
    arguments: [
      // Windows are open at their start.
      ("gone", 60, ["gone 3"]),
      ("gone", 90, []),
      ("limit offset 20m", 1200, [#"limit{job="a"} 30"#, #"limit{job="b"} 40"#]),
      ("count_over_time(gone[1m])", 60, ["{} 2"]),
      ("x{i=\"1\"} offset -1m", 60, [#"x{i="1", job="a"} 4"#]),
      // The last sample counts for less than the lookback.
      ("limit{job=\"a\"}", 1499, [#"limit{job="a"} 30"#]),
      ("limit{job=\"a\"}", 1500, []),
      // NaN is the least that an extreme takes, and the last in any order.
      ("max(odd)", 0, ["{} +Inf"]),
      ("min(odd)", 0, ["{} 1"]),
      ("sort_desc(odd)", 0, [#"odd{k="inf"} +Inf"#, #"odd{k="one"} 1"#, #"odd{k="nan"} NaN"#]),
      ("topk(2, odd)", 0, [#"odd{k="inf"} +Inf"#, #"odd{k="one"} 1"#]),
      ("bottomk(3, odd)", 0, [#"odd{k="one"} 1"#, #"odd{k="inf"} +Inf"#, #"odd{k="nan"} NaN"#]),
      ("stddev(odd)", 0, ["{} NaN"]),
      ("count_values(\"v\", odd)", 0, [#"{v="+Inf"} 1"#, #"{v="1"} 1"#, #"{v="NaN"} 1"#]),
      ("odd == odd", 0, [#"odd{k="inf"} +Inf"#, #"odd{k="one"} 1"#]),
      // The scalar's side doesn't matter for what a comparison keeps.
      ("10 < x", 120, [#"x{i="3", job="b"} 12"#]),
      ("x > bool 10", 120, [#"{i="1", job="a"} 0"#, #"{i="2", job="a"} 0"#, #"{i="3", job="b"} 1"#]),
      // Names go with what changes the quantity, along with type and unit.
      ("named_total > 0", 60, [#"named_total{__type__="counter", __unit__="s"} 2"#]),
      ("named_total * 1", 60, ["{} 2"]),
      ("rate(named_total[1m])", 60, ["{} 0.03333333333333333"]),
      ("last_over_time(named_total[1m])", 60, [#"named_total{__type__="counter", __unit__="s"} 2"#]),
      // … but only at the end: until then, labels can be made of them.
      (#"label_replace(-x{i="1"}, "was", "$1", "__name__", "(.*)")"#, 30, [#"{i="1", job="a", was="x"} -1"#]),
      (#"label_replace(-x{i="1"}, "__name__", "y", "", "")"#, 30, [#"y{i="1", job="a"} -1"#]),
      ("sum by (__name__) (x)", 30, ["x 6"]),
      ("sum by (__name__) (rate(x[1m]))", 60, ["{} 0.2"]),
      // Matching.
      (
        "x > on (job) group_left () limit", 1200,
        [#"x{i="1", job="a"} 40"#, #"x{i="2", job="a"} 80"#, #"x{i="3", job="b"} 120"#]
      ),
      (
        "limit - on (job) group_right (k) x", 30,
        [
          #"{i="1", job="a"} 29"#, #"{i="2", job="a"} 28"#, #"{i="3", job="b"} 37"#,
        ]
      ),
      (#"sum by (job) (x) / on (job) limit{job="b"}"#, 600, [#"{job="b"} 1.5"#]),
      (#"sum by (job) (x) + on (job) fill_right (100) limit{job="b"}"#, 300, [#"{job="a"} 130"#, #"{job="b"} 70"#]),
      (#"limit{job="b"} + on (job) fill_left (0) limit"#, 0, [#"{job="b"} 80"#, #"{job="a"} 30"#]),
      ("x and on (job) (limit > 35)", 30, [#"x{i="3", job="b"} 3"#]),
      ("x unless on (job) (limit > 35)", 30, [#"x{i="1", job="a"} 1"#, #"x{i="2", job="a"} 2"#]),
      ("x{i=\"1\"} or on (job) x", 30, [#"x{i="1", job="a"} 1"#, #"x{i="3", job="b"} 3"#]),
      // Subqueries stand at the multiples of their step.
      ("count_over_time(x{i=\"1\"}[100s:30s])", 130, [#"{i="1", job="a"} 3"#]),
      ("sum_over_time(vector(time())[1m:30s])", 61, ["{} 90"]),
      ("max_over_time((-x{i=\"1\"})[1m:30s] offset 1m)", 120, [#"{i="1", job="a"} -1"#]),
      // Absence.
      ("absent(nothing{a=\"1\", b!=\"2\", c=~\"3\"})", 0, [#"{a="1"} 1"#]),
      ("absent(nothing{a=\"1\", a=\"1\", b=\"2\"})", 0, [#"{b="2"} 1"#]),
      ("absent(sum(nothing{a=\"1\"}))", 0, ["{} 1"]),
      ("absent(x)", 0, []),
      ("absent_over_time(gone[30s])", 90, ["{} 1"]),
      ("scalar(x) + vector(1)", 0, ["{} NaN"]),
      ("quantile(0.5, x)", 60, ["{} 4"]),
      ("timestamp(x{i=\"1\"})", 44, [#"{i="1", job="a"} 30"#]),
      ("timestamp(x{i=\"1\"} + 0)", 44, [#"{i="1", job="a"} 44"#]),
      ("clamp(x, 5, 1)", 30, []),
      ("minute()", 3725, ["{} 2"]),
    ] as [(String, Int, [String])])
  func `give these elements`(_ query: String, _ second: Int, _ expected: [String]) throws {
    let lines = try store().lines(query, at: second)
    let isOrdered = query.hasPrefix("sort") || query.contains("topk") || query.contains("bottomk")
    #expect(isOrdered ? lines == expected : lines.sorted() == expected.sorted())
  }

  @Test(
    arguments: [
      ("gone", ["gone 1 2 3 _ _"]),
      ("sum(x) - 1", ["{} -1 5 11 17 23"]),
      ("topk(scalar(gone), limit)", [#"limit{job="a"} _ 30 30 _ _"#, #"limit{job="b"} 40 40 40 _ _"#]),
      ("topk(time() / 30, limit)", [#"limit{job="a"} _ _ 30 30 30"#, #"limit{job="b"} _ 40 40 40 40"#]),
      ("x{i=\"1\"} @ end()", [#"x{i="1", job="a"} 4 4 4 4 4"#]),
      ("x{i=\"1\"} @ 30 + time()", [#"{i="1", job="a"} 1 31 61 91 121"#]),
      ("absent(gone)", ["{} _ _ _ 1 1"]),
      ("absent_over_time(gone[30s])", ["{} _ _ _ 1 1"]),
      ("gone or vector(7)", ["{} _ _ _ 7 7", "gone 1 2 3 _ _"]),
      ("count_values(\"v\", gone)", [#"{v="1"} 1 _ _ _ _"#, #"{v="2"} _ 1 _ _ _"#, #"{v="3"} _ _ 1 _ _"#]),
      ("x{i=\"1\"} > 1", [#"x{i="1", job="a"} _ _ 2 3 4"#]),
      ("step() + range() + start() + end()", ["{} 270 270 270 270 270"]),
      ("sum_over_time(x{i=\"1\"}[step() * 2])", [#"{i="1", job="a"} 0 1 3 5 7"#]),
      // Two names that come to the same labels are one series when they never meet.
      ("-gone or absent(gone)", ["{} -1 -2 -3 1 1"]),
    ] as [(String, [String])])
  func `give these series over steps`(_ query: String, _ expected: [String]) throws {
    var store = try store()
    if query.hasPrefix("topk(scalar") {
      store = try FixedSeries("gone 1 2 3 0 0", #"limit{job="a"} 30x9"#, #"limit{job="b"} 40x9"#)
    }
    #expect(try store.lines(query, from: 0, through: 120, step: 30) == expected)
  }

  @Test func `a range vector is the samples within its window`() throws {
    let store = try store()
    #expect(try store.lines("gone[1m]", at: 60) == ["gone 2@30 3@60"])
    #expect(try store.lines("gone[2m]", at: 120) == ["gone 2@30 3@60"])
    #expect(try store.lines("gone[1m:30s]", at: 60) == ["gone 2@30 3@60"])
    #expect(try store.lines("(-gone)[1m:30s]", at: 60) == ["{} -2@30 -3@60"])
    #expect(try store.lines("gone[45s] anchored", at: 60) == ["gone 1@15 2@30 3@60"])
  }

  @Test func `labels are ordered as people count`() throws {
    let store = try FixedSeries(#"d{n="disk10"} 1"#, #"d{n="disk9"} 1"#, #"d{n="disk9b"} 1"#, #"d{n="a"} 1"#)
    let names = try store.lines("sort_by_label(d, \"n\")", at: 0).map { $0.split(separator: "\"")[1] }
    #expect(names == ["a", "disk9", "disk9b", "disk10"])
    let reversed = try store.lines("sort_by_label_desc(d, \"n\")", at: 0).map { $0.split(separator: "\"")[1] }
    #expect(reversed == names.reversed())
  }

  @Test func `a ratio and its complement share out the series`() throws {
    let store = FixedSeries(
      (0..<200).map { SampleSeries(["__name__": "m", "n": "\($0)"], times: [.epoch], values: [1]) })
    for ratio in ["0.1", "0.5", "0.9"] {
      let taken = try store.lines("limit_ratio(\(ratio), m)", at: 0)
      let others = try store.lines("limit_ratio(-(1 - \(ratio)), m)", at: 0)
      #expect(taken.count + others.count == 200)
      #expect(Set(taken).isDisjoint(with: others))
      #expect(abs(Double(taken.count) / 200 - (Double(ratio) ?? 0)) < 0.15)
    }
    #expect(try store.lines("limitk(3, m)", at: 0).count == 3)
  }

  /// The numbers are hashes by 2^64: XXH64 of each text behind its length, of one byte or, from 255 on, of four.
  @Test(
    arguments: [
      (["a": "1"], 0.7138959396440332), (["a": "2"], 0.5999584507705661), (["a": "3"], 0.8227668844489684),
      (["A": "z", "a": String(repeating: "y", count: 254)], 0.5861401167941998),
      (["a": String(repeating: "y", count: 255)], 0.5419121794931286),
      (["a": String(repeating: "y", count: 300)], 0.5485625272089286),
    ] as [([String: String], Double)])
  func `a ratio takes the series that Prometheus takes`(_ labels: [String: String], _ place: Double) throws {
    let pairs = labels.map { Label($0.key, $0.value) } + [Label("__name__", "x")]
    let store = FixedSeries([SampleSeries(Labels(pairs), times: [.epoch], values: [1])])
    #expect(try store.lines("limit_ratio(\(place + 1e-9), x)", at: 0).count == 1)
    #expect(try store.lines("limit_ratio(\(place - 1e-9), x)", at: 0).isEmpty)
    #expect(try store.lines("limit_ratio(\(place - 1 - 1e-9), x)", at: 0).count == 1)
    #expect(try store.lines("limit_ratio(\(place - 1 + 1e-9), x)", at: 0).isEmpty)
  }

  @Test func `info takes over the labels of the series of the same instance`() throws {
    let store = try FixedSeries(
      #"up{instance="a", job="1"} 1"#, #"up{instance="b", job="1"} 1"#,
      #"target_info{instance="a", job="1", version="2", zone="x"} 1"#)
    #expect(
      try store.lines("info(up)", at: 0).sorted() == [
        #"up{instance="a", job="1", version="2", zone="x"} 1"#, #"up{instance="b", job="1"} 1"#,
      ])
    #expect(
      try store.lines(#"info(up, {version=~".+"})"#, at: 0) == [#"up{instance="a", job="1", version="2"} 1"#])
  }
}
