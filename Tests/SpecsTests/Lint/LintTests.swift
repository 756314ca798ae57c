import Diagnostics
import PromQL
import Specs
import TestKit
import Testing

/// Warnings and errors of a tree of these files, but for the lack of a data source.
func findings(_ files: [(path: String, text: String)]) -> [Diagnostic] {
  var tree = SpecTree()
  tree.update(files.map { ($0.path, SpecFile.parse(path: $0.path, bytes: Array($0.text.utf8))) })
  return tree.problems.filter { $0.code != "no-data-source" }
}

/// The findings of one rule file.
func findings(_ text: String) -> [Diagnostic] {
  findings([("tenants/shop/checkout/rules.yaml", text)])
}

/// A rule file of one group, whose rules are written without indentation.
func group(_ rules: String, head: String = "") -> String {
  let body = rules.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 + "\n" }.joined()
  return "groups:\n- name: checkout\n" + head + "  rules:\n" + body
}

@Suite struct `Checks of a rule` {
  /// One row: a rule with the place of its finding from `1️⃣` to `2️⃣`, the code, and the words.
  struct Row: Sendable, CustomTestStringConvertible {
    let rule: String
    let code: String
    let message: String
    var head = ""

    init(_ rule: String, _ code: String, _ message: String, head: String = "") {
      self.rule = rule
      self.code = code
      self.message = message
      self.head = head
    }

    var testDescription: String { code + ": " + message }
  }

  static let severity = "\n  labels: {severity: page}"

  @Test(arguments: [
    Row(
      "- alert: A\n  expr: 1️⃣rate(x_total[5m])2️⃣" + severity, "no-condition",
      "the alert has no comparison: it fires as long as 'rate(x_total[5m])' has a value"),
    Row(
      "- alert: A\n  expr: up == 0 or 1️⃣count(x) < 02️⃣" + severity, "never-true",
      "'count(x) < 0' is never true: no value can pass it"),
    Row(
      "- alert: A\n  expr: 1️⃣x > 1 and x < 02️⃣" + severity, "never-true",
      "no value passes both sides of 'x > 1 and x < 0'"),
    Row(
      "- alert: A\n  expr: 1️⃣count(x) > 02️⃣" + severity, "always-true",
      "'count(x) > 0' is always true: every value passes it"),
    Row(
      "- alert: A\n  expr: 1️⃣rate(go_goroutines[5m])2️⃣ > 0" + severity, "rate-of-gauge",
      "'rate' is made for counters, which 'go_goroutines' by its name isn't"),
    Row(
      "- alert: A\n  expr: rate(x_total[1️⃣1m2️⃣]) > 0" + severity, "short-range",
      "'rate' over 1m is shorter than twice the group's interval of 1m", head: "  interval: 1m\n"),
    Row(
      "- alert: A\n  expr: rate(x_total[1️⃣30s2️⃣]) > 0" + severity, "short-range",
      "'rate' over 30s is shorter than the default interval of 1m"),
    Row(
      "- alert: A\n  expr: up == 0\n  for: 1️⃣30s2️⃣" + severity, "short-for",
      "'for' of 30s is shorter than the group's interval of 1m, so it lasts until the next evaluation",
      head: "  interval: 1m\n"),
    Row(
      "- alert: A\n  expr: 1️⃣absent(sum(x))2️⃣" + severity, "aggregated-absent",
      "'absent(sum(x))' has no labels, since an aggregation stands in 'absent'"),
    Row(
      "- alert: A\n  expr: up{1️⃣job=~\"web\"2️⃣} == 0" + severity, "plain-pattern",
      "'job=~\"web\"' is a pattern for one plain text"),
    Row("- alert: 1️⃣A2️⃣\n  expr: up == 0", "missing-severity", "the alert has no label 'severity'"),
    Row(
      "- alert: A\n  expr: 1️⃣x[5m]2️⃣" + severity, "result-type",
      "the result is a range vector, which no rule can use"),
    Row(
      "- alert: A\n  expr: sum(up) == 0\n  annotations: {a: '{{ $labels.1️⃣job2️⃣ }}'}" + severity, "impossible-label",
      "'a' uses the label 'job', which the expression's result can't have"),
    Row(
      "- alert: A\n  expr: up == 0\n  annotations: {a: '{{ printf 1️⃣\"%d\"2️⃣ $value }} now'}" + severity,
      "template-mistake",
      "the template of 'a' can't work: '%d' can't print $value, a float64: it prints '%!d(float64=…)'"),
    Row(
      "- alert: A\n  expr: up == 0\n  annotations: {a: '{{ query 1️⃣\"sum(up\"2️⃣ | first | value }} now'}" + severity,
      "template-mistake",
      "the template of 'a' can't work: its query can't be read: this '(' is never closed"),
    Row(
      "- alert: A\n  expr: up == 0\n  annotations: {a: '{{ $labels1️⃣[2️⃣\"job\"] }}'}" + severity, "template-syntax",
      "the template of 'a' can't be read: '[' (U+005B) can't stand in an action"),
    Row(
      "- alert: A\n  expr: >-\n    up\n    == 0 and\n    1️⃣count(x)\n    < 02️⃣" + severity, "never-true",
      "'count(x) < 0' is never true: no value can pass it"),
    Row(
      "- alert: A\n  expr: \"up{a=\\\"b\\\"} == 0 or 1️⃣count(x) < 02️⃣\"" + severity, "never-true",
      "'count(x) < 0' is never true: no value can pass it"),
    Row(
      "- alert: A\n  expr: 1️⃣mad_over_time2️⃣(x[5m]) > 0" + severity, "experimental-expression",
      "'mad_over_time' is experimental in Prometheus"),
    Row(
      "- alert: A\n  expr: 1️⃣a:b2️⃣ > 0" + severity, "unrecorded-metric",
      "no rule of this repository records 'a:b'"),
  ])
  func `find the mistake and its place`(row: Row) {
    let marked = MarkedText(group(row.rule, head: row.head))
    let found = findings(marked.text)
    #expect(found.map(\.code) == [row.code])
    #expect(found.first?.message == row.message)
    #expect(found.first?.span.range == marked.range(1, 2))
    #expect(found.first?.fix != nil)
  }

  @Test(arguments: [
    "- alert: A\n  expr: vector(1)", "- alert: A\n  expr: absent(x{job=\"a\"})",
    "- alert: A\n  expr: rate(x_total[5m]) > 0",
    "- alert: A\n  expr: up == 0\n  for: 1m", "- alert: A\n  expr: x_info{state=\"down\"}",
    "- alert: A\n  expr: sum by (job) (up) == 0\n  annotations: {a: '{{ $labels.job }} {{ $externalLabels.x }}'}",
  ])
  func `leave good rules alone`(rule: String) {
    #expect(findings(group(rule + Self.severity)).map(\.message) == [])
  }

  @Test func `tell every problem of an expression, in its place`() {
    let marked = MarkedText(
      group("- alert: A\n  expr: |\n    1️⃣raet2️⃣(x[5m]) > 0\n    and 3️⃣rate4️⃣(y) > 0" + Self.severity))
    let found = findings(marked.text)
    #expect(found.map(\.code).allSatisfy { $0 == "malformed-expression" })
    #expect(found.count == 2)
    #expect(found.first?.span.range == marked.range(1, 2))
    #expect((found.last?.span.range.start ?? .init(line: 0, column: 0)) >= marked.position(3))
    #expect(found.allSatisfy { $0.severity == .error })
  }

  @Test func `take severity from the group, or from a result that is sure to have it`() {
    let rule = "- alert: A\n  expr: up == 0"
    #expect(findings(group(rule, head: "  labels: {severity: page}\n")).isEmpty)
    #expect(findings(group("- alert: A\n  expr: up{severity=\"page\"} == 0")).isEmpty)
    #expect(findings(group("- alert: A\n  expr: sum by (severity) (up) == 0")).isEmpty)
  }

  @Test func `point at the part that takes a label away`() {
    let marked = MarkedText(
      group(
        "- alert: A\n  expr: up > on () 1️⃣sum by (job) (x)2️⃣ * 0\n  annotations: {a: '{{ $labels.job }}'}" + Self.severity
      ))
    let found = findings(marked.text).filter { $0.code == "impossible-label" }
    #expect(found.count == 1)
    #expect(found.first?.notes.first?.message.contains("'on'") == true)
  }

  @Test func `refuse templates as promtool does`() {
    let found = findings(
      group("- alert: A\n  expr: up == 0\n  annotations: {a: '{{ nothing }} {{ $x }}'}" + Self.severity))
    #expect(found.map(\.code) == ["template-syntax", "template-syntax"])
    #expect(found.allSatisfy { $0.severity == .error })
    let ofGroup = findings(
      group("- alert: A\n  expr: up == 0", head: "  labels: {severity: '{{ nothing }}'}\n"))
    #expect(ofGroup.map(\.severity) == [.warning])
  }

  @Test func `keep the expression's meaning, not its layout`() throws {
    func digest(_ expr: String) throws -> UInt64 {
      let file = read(group("- record: a\n  expr: " + expr))
      guard case .ruleGroup(let group)? = file.resources.first?.spec else { return 0 }
      return try #require(group.rules.first).expression.digest
    }
    #expect(try digest("sum(x) by (a)") == digest("sum by (a) (x) # all"))
    #expect(try digest("sum(x) by (a)") != digest("sum by (b) (x)"))
  }

  @Test(arguments: [
    "x{" + (0..<20_000).map { "a\($0)=~\"b\"" }.joined(separator: ",") + "} > 0",
    String(repeating: "(", count: 400) + "count(x)" + String(repeating: " < 0)", count: 400),
    String(repeating: "a:b + ", count: 5000) + "1 > 0", "x{" + String(repeating: "a=\"\",", count: 3000) + "} > 0",
  ])
  func `tell a bounded number of mistakes of an expression without end`(expr: String) {
    let text = group("- alert: A\n  expr: '" + expr + "'\n  annotations: {a: '{{ $labels.b }}'}" + Self.severity)
    #expect(findings(text).count <= 60)
  }
}
