import Testing

@testable import PromQL

@Suite struct `The runner of scripts` {
  private static let loaded = """
    load 1m
      x{a="1"} 1+1x5
      x{a="2"} 5
      h_bucket{le="1"} 3
      h_bucket{le="+Inf"} 4
      n {{schema:0 buckets:[1]}} 5
    """

  private func report(_ lines: String) -> ConformanceReport {
    ConformanceRunner.report(on: ConformanceScript(Self.loaded + "\n\n" + lines))
  }

  @Test(arguments: [
    "eval instant at 1m x{a=\"1\"}\n  x{a=\"1\"} 2", "eval instant at 0 1 + 1\n  2", "eval instant at 0 vector(1) > 2",
    "eval instant at 0 \"a\"\n  expect string `a`", "eval instant at 0 x{a=\"1\"} + on() x\n  expect fail",
    "eval_fail instant at 0 x{a=\"1\"} + on() x\n  expected_fail_regexp found duplicate",
    "eval_ordered instant at 0 sort_desc(x)\n  x{a=\"2\"} 5\n  x{a=\"1\"} 1",
    "eval instant at 0 quantile(2, x)\n  expect warn\n  expect no_info\n  {} Inf",
    "eval instant at 0 vector(1)\n  {} 1.0000001",
    "# one\neval range from 0 to 2m step 1m x{a=\"1\"}\n  x{a=\"1\"} 1 2 3\n# two\nclear\neval instant at 0 x",
    "load 1m\n  y _x9 7\n\neval instant at 9m y\n  y 7",
  ])
  func `passes what is right`(_ lines: String) {
    let report = report(lines)
    #expect(report.failures.isEmpty && report.passed > 0 && report.setAside.isEmpty, "\(report)")
  }

  @Test(arguments: [
    // Values, labels, kinds and order
    "eval instant at 1m x{a=\"1\"}\n  x{a=\"1\"} 2.1", "eval instant at 1m x{a=\"1\"}\n  {a=\"1\"} 2",
    "eval instant at 1m x{a=\"1\"}", "eval instant at 0 x\n  x{a=\"1\"} 1", "eval instant at 0 vector(1)\n  1",
    "eval instant at 0 1\n  {} 1", "eval instant at 0 x{a=\"9\"}\n  x{a=\"9\"} 1",
    "eval instant at 0 \"a\"\n  expect string \"b\"",
    "eval instant at 0 1\n  expect string \"1\"",
    "eval instant at 0 sort(x)\n  expect ordered\n  x{a=\"2\"} 5\n  x{a=\"1\"} 1",
    "eval range from 0 to 2m step 1m x{a=\"1\"}\n  x{a=\"1\"} 1 2",
    "eval range from 0 to 2m step 1m x{a=\"1\"}\n  x{a=\"1\"} 1 _ 3",
    // Failures and annotations
    "eval instant at 0 x{a=\"1\"}\n  expect fail",
    "eval instant at 0 x{a=\"1\"} + on() x\n  expect fail msg: other words",
    "eval instant at 0 x{a=\"1\"} + on() x", "eval instant at 0 quantile(2, x)\n  expect no_warn\n  {} Inf",
    "eval instant at 0 quantile(1, x)\n  expect warn\n  {} 5",
    "eval instant at 0 quantile(2, x)\n  expect warn msg: else\n  {} Inf",
    "eval instant at 0 quantile(2, x)\n  expect warn\n  expect no_warn\n  {} Inf",
    // Mistakes in the script
    "evil instant at 0 x", "evaluate instant at 0 x", "eval instant x", "eval instant at 5 x", "eval instant at 0 x +",
    "eval range from 1m to 0 step 1m x", "eval instant at 0 1\n  expect nothing\n  1",
    "eval instant at 0 1\n  expect fail text: a",
    "eval instant at 0 x{a=\"1\"}\n  x{a=\"1\"} 1 2", "load 1m\n  y{ 1", "load one\n  y 1",
    "load 1m\n  y@st 1s\n  y 1 2",
    "load 1m\n  y@st 1s", "eval instant at 0 1\n  expect string a",
  ])
  func `fails what is wrong`(_ lines: String) {
    let report = report(lines)
    #expect(report.failures.count == 1 && report.setAside.isEmpty, "\(report)")
  }

  @Test(arguments: [
    "eval instant at 0 n\n  n {{schema:0 buckets:[1]}}", "eval instant at 0 count({__name__=~\"x|n\"})\n  {} 3",
    "eval instant at 1m rate(n[5m])", "eval instant at 0 x\n  x {{schema:0}}",
    "eval instant at 0 histogram_count(n)\n expect fail",
    "clear\nload_with_nhcb 1m\n  c_bucket{le=\"1\", a=\"1\"} 2\n\neval instant at 0 c{a=\"1\"}\n  c{a=\"1\"} 1",
  ])
  func `sets aside what reads native histograms`(_ lines: String) {
    let report = report(lines)
    #expect(report.setAside.count == 1 && report.failures.isEmpty && report.passed == 0, "\(report)")
  }

  @Test(arguments: [
    // The native sample is older than the window.
    "eval instant at 7m last_over_time(n[7m])\n  n 5",
    "eval instant at 0 histogram_quantile(0.5, h_bucket)\n  {} 0.6666666",
    "clear\nload_with_nhcb 1m\n  c_bucket{le=\"1\"} 2\n\neval instant at 0 c_bucket\n  c_bucket{le=\"1\"} 2",
  ])
  func `runs what only stands beside native histograms`(_ lines: String) {
    let report = report(lines)
    #expect(report.passed == 1 && report.failures.isEmpty && report.setAside.isEmpty, "\(report)")
  }
}
