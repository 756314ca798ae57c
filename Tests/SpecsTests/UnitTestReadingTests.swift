import Diagnostics
import Model
import Specs
import TestKit
import Testing

@Suite struct `Unit-test files` {
  private func read(_ text: String, in scope: Scope? = .tenant("shop")) -> UnitTestFile {
    UnitTestFile(path: "x_test.yaml", scope: scope, bytes: Array(text.utf8))
  }

  @Test func `every field of promtool is read`() throws {
    let file = read(
      """
      rule_files: [a.yaml, 'rules/*.yaml']
      evaluation_interval: 30s
      group_eval_order: [b, a]
      fuzzy_compare: true
      tests:
        - name: first
          interval: 15s
          start_timestamp: 1700000000
          external_labels: {region: eu}
          external_url: http://example.com
          input_series:
            - series: up{job="a"}
              values: 1+1x2 _ stale
          alert_rule_test:
            - eval_time: 1h30m
              alertname: Down
              exp_alerts: [{exp_labels: {severity: page}, exp_annotations: {summary: ''}}, {}]
          promql_expr_test:
            - {expr: up, eval_time: 0, exp_samples: [{labels: 'up{job="a"}', value: -.inf}, {histogram: '{{count:1}}'}]}
        - start_timestamp: 2024-01-01T00:00:00Z

      """)
    #expect(file.diagnostics.all == [])
    let spec = try #require(file.spec)
    #expect(spec.ruleFiles?.map(\.text) == ["a.yaml", "rules/*.yaml"])
    #expect(spec.evaluationInterval == .seconds(30) && spec.groupOrder == ["b", "a"] && spec.fuzzyCompare)
    let test = try #require(spec.tests.first)
    #expect(test.interval == .seconds(15) && test.start == Timestamp(millisecondsSinceEpoch: 1_700_000_000_000))
    #expect(test.inputSeries.first?.values.count == 5)
    #expect(test.length == .seconds(5400))
    #expect(test.alerts[0].alerts[0].labels == [Label("alertname", "Down"), Label("severity", "page")])
    #expect(test.alerts[0].alerts[0].annotations == [Label("summary", "")])
    #expect(test.alerts[0].alerts[1].annotations == [])
    #expect(test.samples[0].samples.map(\.value) == [-.infinity, 0])
    #expect(test.samples[0].samples[1].isHistogram)
    #expect(spec.tests[1].interval == .seconds(30))
    #expect(spec.tests[1].start == Timestamp(rfc3339: "2024-01-01T00:00:00Z"))
  }

  @Test(
    arguments: [
      ("tests: [{1️⃣nam: x}]", "unknown-field", "a test has no field 'nam'; did you mean 'name'?"),
      ("tests: [{alert_rule_test: [1️⃣{eval_time: 1m}]}]", "missing-field", "an alert test needs 'alertname'"),
      (
        "tests: [{alert_rule_test: [{alertname: A, 1️⃣groupname: g}]}]", "other-dialect",
        "'groupname' is a field of vmalert-tool, not of Prometheus"
      ),
      (
        "tests: [{promql_expr_test: [{expr: up, exp_samples: [{value: 1️⃣NaN}]}]}]", "wrong-type",
        "'NaN' stands where a number is expected"
      ),
      (
        "tests: [{notification_test: [{eval_time: 1m, channel: c, 1️⃣since: 2m}]}]", "end-before-start",
        "'since' isn't before 'eval_time'"
      ),
      (
        "tests: [{notification_test: [{eval_time: 1m, channel: c, 1️⃣exp_count: 2, exp_messages: []}]}]",
        "conflicting-fields", "'exp_count' says 2, and 'exp_messages' has 0"
      ),
    ])
  func `mistakes are told with their place`(_ text: String, _ code: String, _ message: String) throws {
    let marked = MarkedText(text)
    let found = read(marked.text).diagnostics.all
    #expect(found.map(\.code) == [code])
    #expect(found.first?.message == message)
    #expect(found.first?.span.range.start == marked.position(1))
  }

  @Test func `a series that can't be read is told at the byte, and all mistakes at once`() {
    let file = read(
      """
      tests:
        - input_series:
            - series: up{job="a}
              values: 1
            - series: up
              values: 1 x 2
          evaltime: 1m

      """)
    #expect(file.diagnostics.all.count == 3)
    #expect(
      file.diagnostics.all.filter { $0.code == "malformed-series" }.map(\.span.range.start.line).sorted() == [3, 6])
  }

  @Test func `what repeats for ever is kept as far as the test sees it`() throws {
    let file = read(
      "tests: [{input_series: [{series: a, values: '0x10000000 7'}], promql_expr_test: [{expr: a, eval_time: 5m}]}]")
    #expect(file.diagnostics.all == [])
    #expect(try #require(file.spec).tests[0].inputSeries[0].values.count <= 10)
  }

  @Test func `test files are told from others at a glance`() {
    #expect(UnitTestFile.mayHoldTests(Array("# x\ntests:\n".utf8)))
    #expect(UnitTestFile.mayHoldTests(Array("rule_files: [a]\n".utf8)))
    #expect(!UnitTestFile.mayHoldTests(Array("groups:\n  - tests: 1\n".utf8)))
    #expect(!UnitTestFile.mayHoldTests([]))
  }
}
