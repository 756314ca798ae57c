import Model
import PromQL
import Testing

@Suite struct `One look over an expression` {
  private func facts(_ text: String) throws -> ExpressionFacts {
    ExpressionFacts(try #require(Expr.parse(text).expr))
  }

  @Test(arguments: [
    "count(x) < 0", "count(x) == 0", "absent(x) > 1", "1 > bool 2", "rate(x_total[5m]) < 0", "x > 1 < 0",
    "sum(rate(x_total[5m])) < 0", "hour() > 23", "clamp_max(x, 5) > 5", "abs(x) < 0", "vector(0) > 0", "0 > count(x)",
    "avg(rate(x_total[5m])) / avg(rate(y_total[5m])) < 0", "(count(x) + 1) < 2", "x > 1 and x < 0", "x > 1 and x < 1",
    "x >= 5 and y > 0 and x < 5", "(x == 1) and (x == 2)", "count_over_time(x[5m]) * 2 < 1",
    "quantile(0.9, rate(x_total[5m])) < 0", "max_over_time(rate(x_total[5m])[1h:]) < 0", "sgn(x) > 1",
  ])
  func `finds comparisons that never hold`(text: String) throws {
    #expect(try facts(text).comparisons.map(\.outcome) == [.never])
  }

  @Test(arguments: [
    "count(x) > 0", "count(x) >= 1", "1 < bool 2", "changes(x[5m]) >= 0", "count by (a) (x) != 0", "group(x) == 1",
    "x > 1 or x <= 1", "x < 5 or x > 3", "minute() < 60",
  ])
  func `finds comparisons that always hold`(text: String) throws {
    #expect(try facts(text).comparisons.map(\.outcome) == [.always])
  }

  @Test(arguments: [
    // What depends on samples.
    "x > 0", "rate(x[5m]) < 0", "rate(x_sum[5m]) < 0", "x > 1 and x < 2", "x > 1 or x < 0", "x >= 1 and x <= 1",
    "sum(x) < 0", "x / y < 0", "-rate(x_total[5m]) < 0", "x_total - y_total < 0", "delta(x[5m]) < 0", "stddev(x) >= 0",
    "abs(x) >= 0", "rate(x_total[5m]) == 0", "avg(up) < 1", "clamp_min(x, 5) > 5", "x != x", "x == x", "x % 5 > 5",
    "scalar(count(x)) >= bool 1", "quantile(2, rate(x_total[5m])) < 0", "time() - x > 0", "rate(x_total[5m]) * -1 < 0",
    // Other series may meet.
    "x > 1 and on (a) x < 0", "x > 1 and ignoring (a) x < 0", "x{a=\"1\"} > 1 and x{a=\"2\"} < 0",
    "x > 1 and x offset 5m < 0", "x > 1 unless x < 0",
    // Restated: the alert is right as it is.
    "absent(x) == 1", "count(x > 5) > 0", "count(ALERTS{alertstate=\"firing\"}) > 0", "vector(1) == 1",
  ])
  func `takes no comparison for certain that isn't`(text: String) throws {
    #expect(try facts(text).comparisons == [])
  }

  @Test(arguments: [
    ("x > 1", true), ("x", false), ("sum(rate(x[5m]))", false), ("x > bool 1", false), ("absent(x)", true),
    ("count(x > 1)", true), ("a and b", false), ("a > 1 and b", true), ("a unless b", true), ("a > 1 or b", false),
    ("a > 1 or b > 1", true), ("a > 1 or vector(0)", true), ("vector(1)", true), ("1", true),
    ("vector(scalar(x))", false),
    ("1 < bool 2", false), ("ALERTS{alertstate=\"firing\"}", true), ("job:x:rate5m", true),
    ("x_info{state=\"bad\"}", true),
    ("x_info", false), ("x - (y > 0)", true), ("scalar(x > 1)", false), ("absent_over_time(x[5m])", true),
    ("max_over_time((x > 1)[5m:1m])", true), ("label_replace(x > 1, \"a\", \"b\", \"\", \"\")", true), ("-x", false),
    ("topk(5, x)", false), ("hour()", false), ("changes(x[5m])", false),
  ])
  func `tells whether a condition decides`(text: String, decides: Bool) throws {
    #expect(try facts(text).hasCondition == decides)
  }

  @Test func `lists the metrics with their places`() throws {
    let metrics = try facts("a + rate(b[5m]) / {__name__=\"c\"} offset 1h > {job=\"d\"}").metrics
    #expect(metrics.map(\.name) == ["a", "b", "c"])
    #expect(metrics.map(\.isCurrent) == [true, false, false])
    #expect(metrics.map(\.range) == [0..<1, 9..<14, 18..<42])
  }

  @Test func `lists the patterns that are plain`() throws {
    let patterns = try facts(#"x{a=~"b", c=~"d|e", f!~"g-h/i", j=~"k.l", m="n", o=~""}"#).plainPatterns
    #expect(patterns.map(\.matcher.name) == ["a", "f"])
    #expect(patterns.map(\.range) == [2..<8, 20..<30])
  }

  @Test func `lists the calls that are made for counters`() throws {
    let rates = try facts("rate(a[1m]) + increase(b{c=\"d\"}[90]) + irate(sum(e)[5m:1m])").rates
    #expect(rates.map(\.function) == [.rate, .increase, .irate])
    #expect(rates.map(\.metric) == ["a", "b", nil])
    #expect(rates.map(\.window) == [.seconds(60), .seconds(90), nil])
    #expect(rates.first?.windowRange == 7..<9)
  }

  @Test(arguments: [
    ("absent(sum(x))", 1), ("absent((sum by (a) (x)))", 1), ("absent_over_time(sum(x)[5m:])", 1), ("absent(x)", 0),
    ("sum(absent(x))", 0), ("absent(rate(x[5m]))", 0),
  ])
  func `finds aggregations within absent`(text: String, count: Int) throws {
    #expect(try facts(text).aggregatedAbsences.count == count)
  }

  @Test(arguments: [
    ("go_goroutines", true), ("node_memory_MemFree_bytes", true), ("process_resident_memory_bytes", true),
    ("job:x:rate5m", true), ("job:x:ratio", true), ("job:x_total:sum", false), ("x:rated", false), ("up", true),
    ("x_total", false), ("x", false), ("junos_interface_transmit_bytes", false), ("node_vmstat_pgpgin", false),
    ("node_filesystem_errors_total", false), ("x_seconds_sum", false), ("kube_deployment_spec_replicas", true),
  ])
  func `knows gauges by their names`(name: String, isGauge: Bool) {
    #expect(MetricNames.isGauge(name) == isGauge)
  }

  @Test func `compares expressions by what they say`() throws {
    func expression(_ text: String) throws -> Expression {
      Expression(text, meaning: try #require(Expr.parse(text).expr).meaning)
    }
    #expect(try expression("sum(x) by (a)") == expression("sum by (a) ( x )"))
    #expect(try expression("sum(x) by (a)") != expression("sum by (b) (x)"))
  }
}
