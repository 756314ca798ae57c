import Model
import Testing

@testable import PromQL

@Suite struct `What the engine refuses and remarks` {
  private func store() throws -> FixedSeries {
    try FixedSeries(
      #"x{i="1", job="a"} 1x9"#, #"x{i="2", job="a"} 2x9"#, #"y{i="1", job="a"} 1x9"#, #"y{i="3", job="a"} 1x9"#,
      #"x{i="1", job="b"} 1x9"#, #"h_bucket{le="1"} 5x9"#, #"h_bucket{le="2"} 3x9"#, #"h_bucket{le="+Inf"} 5x9"#,
      #"h_bucket{le="much"} 5x9"#)
  }

  @Test(
    arguments: [
      (
        #"x{job="a"} + on (job) y"#,
        #"found duplicate series for the match group {job="a"} on the right hand-side of the operation: "#
          + #"[{__name__="y", i="1", job="a"}, {__name__="y", i="3", job="a"}];many-to-many matching not allowed: "#
          + "matching labels must be unique on one side"
      ),
      (
        "x + on (job) y{i=\"1\"}",
        "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
      ),
      (
        "x{job=\"a\"} * on (job) group_left (i) y{i=\"1\"}",
        "multiple matches for labels: grouping labels must ensure unique matches"
      ),
      (#"label_replace(x, "i", "", "i", ".*")"#, "vector cannot contain metrics with the same labelset"),
      ("-{i=\"1\", job=\"a\"}", "vector cannot contain metrics with the same labelset"),
      (#"label_replace(x, "a", "$1", "i", "(")"#, "invalid regular expression in label_replace(): ("),
      (#"label_replace(x, "", "$1", "i", ".*")"#, "invalid destination label name in label_replace(): "),
      ("topk(NaN, x)", "Parameter value is NaN"),
      ("topk(1e20, x)", "Scalar value 1e+20 overflows int64"),
      ("limit_ratio(NaN, nothing)", "Ratio value is NaN"),
      (
        "sum_over_time(x[1m] anchored)",
        "anchored modifier can only be used with: changes, delta, increase, rate, resets - not with sum_over_time"
      ),
      (
        "double_exponential_smoothing(x[1m], 2, 0.5)",
        "invalid smoothing factor. Expected: 0 < sf < 1, got: 2.000000"
      ),
      ("sum_over_time(x[5m - 5m])", "16:23: duration must be greater than 0"),
    ] as [(String, String)])
  func `ends with these words`(_ query: String, _ words: String) throws {
    #expect(try store().failure(query, at: 60) == words)
  }

  @Test(
    arguments: [
      (
        "rate(x[1m])",
        [#"PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "x" (1:6)"#]
      ),
      ("rate(h_bucket[1m])", []),
      ("rate(nothing[1m])", []),
      ("quantile(2, x)", ["PromQL warning: quantile value should be between 0 and 1, got 2 (1:10)"]),
      (
        "quantile_over_time(-0.5, x[1m])",
        ["PromQL warning: quantile value should be between 0 and 1, got -0.5 (1:20)"]
      ),
      (
        "limit_ratio(-1.1, x)",
        ["PromQL warning: ratio value should be between -1 and 1, got -1.1, capping to -1 (1:13)"]
      ),
      (
        "x </ 3",
        [#"PromQL info: incompatible sample types encountered for binary operator "</": float </ float (1:1)"#]
      ),
      (
        "histogram_quantile(0.9, h_bucket)",
        [
          #"PromQL warning: bucket label "le" is missing or has a malformed value of "much" for metric name "h_bucket" (1:25)"#,
          "PromQL info: input to histogram_quantile needed to be fixed for monotonicity "
            + "(see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile) "
            + #"for metric name "h_bucket", from buckets 2 to 2, with a max diff of 2, over 1 samples "#
            + "from 1970-01-01T00:01:00Z to 1970-01-01T00:01:00Z (1:25)",
        ]
      ),
    ] as [(String, [String])])
  func `remarks`(_ query: String, _ remarks: [String]) throws {
    let result = try store().result(query, .at(60))
    #expect(result.annotations.map { $0.description(in: query) } == remarks)
  }

  @Test func `queries hold no more samples than allowed`() throws {
    var settings = EngineSettings()
    settings.sampleLimit = 12
    let store = try store()
    let few = QueryTimes(from: .at(0), through: .at(60), step: .seconds(30))
    #expect(throws: EvaluationError.tooManySamples(limit: 12)) { try store.result("x + y", few, settings) }
    #expect(try FixedSeries.lines(store.result("x{i=\"2\"}", few, settings).value).count == 1)
    let many = QueryTimes(from: .epoch, through: Timestamp(millisecondsSinceEpoch: 1 << 59), step: .milliseconds(1))
    #expect(throws: EvaluationError.tooManySamples(limit: 12)) { try store.result("1", many, settings) }
    #expect(throws: EvaluationError.tooManySamples(limit: 12)) {
      try store.result("max_over_time(x[100y:1ms])", .at(0), settings)
    }
  }

  @Test func `a query that nobody waits for stops`() throws {
    let expr = try #require(Expr.parse("sum(x)").expr)
    let query = try PreparedQuery(expr, times: .at(0))
    let store = try store()
    #expect(throws: EvaluationError.cancelled) { try query.evaluate(store, isCancelled: { true }) }
  }

  @Test func `a range vector has no values over steps`() throws {
    let times = QueryTimes(from: .at(0), through: .at(60), step: .seconds(30))
    let words =
      #"invalid expression type "range vector" for range query, must be Scalar or instant Vector"#
    #expect(throws: EvaluationError.failed(words)) { try store().result("x[1m]", times) }
  }

  @Test(
    arguments: [
      ("x", [(0, 600)]),
      ("x + x", [(0, 600)]),
      ("x offset 1m", [(-60, 540)]),
      ("rate(x[10m] offset -1m)", [(60, 660)]),
      ("x @ 1000", [(700, 1000)]),
      ("max_over_time(x[1m:30s])", [(270, 600)]),
      ("rate(x[1m] smoothed)", [(240, 900)]),
      ("x + y", [(300, 600), (300, 600)]),
    ] as [(String, [(Int, Int)])])
  func `says beforehand what it reads`(_ query: String, _ windows: [(Int, Int)]) throws {
    let expr = try #require(Expr.parse(query).expr)
    let selections = try PreparedQuery(expr, times: .at(600)).selections
    #expect(selections.count == windows.count)
    for (selection, window) in zip(selections, windows) {
      let lookback = query.hasPrefix("x") && windows.count == 1 && !query.contains("@") ? 300 : 0
      #expect(selection.after == .at(window.0 + lookback))
      #expect(selection.through == .at(window.1))
    }
  }
}

@Suite struct `Numbers as Go prints them` {
  @Test(
    arguments: [
      (0, "0"), (-0.0, "-0"), (1, "1"), (0.5, "0.5"), (123_456, "123456"), (1_234_567, "1.234567e+06"),
      (1e21, "1e+21"), (1e-4, "0.0001"), (1e-5, "1e-05"), (.nan, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
      (1.5e300, "1.5e+300"), (100, "100"), (0.1, "0.1"),
    ] as [(Double, String)])
  func `are short`(_ number: Double, _ text: String) { #expect(number.printedAsGo == text) }

  @Test func `are written out in labels`() {
    #expect(1_234_567.5.plainAsGo == "1234567.5")
    #expect(1e21.plainAsGo == "1000000000000000000000")
    #expect(1e-7.plainAsGo == "0.0000001")
    #expect((-2.0).plainAsGo == "-2")
    #expect(1.0.openMetricsText == "1.0")
    #expect(0.99.openMetricsText == "0.99")
    #expect(1e-7.openMetricsText == "1e-07")
    #expect(0.0126.formattedAsGo(.g, precision: 2) == "0.013")
    #expect(99.6.formattedAsGo(.g, precision: 2) == "1e+02")
    #expect(10.0.formattedAsGo(.g, precision: 2) == "10")
  }
}
