import Diagnostics
import Model
import Specs
import TestKit
import Testing

@Suite struct `Comments that switch off checks` {
  @Test(arguments: [
    "# belfry/disable missing-severity: a heartbeat\n- alert: A\n  expr: vector(1)",
    "#   belfry/disable   missing-severity :  a heartbeat  \n# and more\n- alert: A\n  expr: vector(1)",
    "- alert: A # belfry/disable missing-severity: a heartbeat\n  expr: vector(1)",
    "- alert: A\n  # belfry/disable missing-severity: a heartbeat\n  expr: vector(1)",
    "- alert: A\n  expr: vector(1) # belfry/disable missing-severity: a heartbeat",
    "- alert: A\n  expr: vector(1)\n  # belfry/disable missing-severity: a heartbeat\n- record: b\n  expr: up",
    "- alert: A\n  expr: |\n    vector(1)\n  # belfry/disable missing-severity: a heartbeat",
    "- {alert: A, expr: vector(1)} # belfry/disable missing-severity: a heartbeat",
    "- record: b\n  expr: up\n# belfry/disable missing-severity: a heartbeat\n- alert: A\n  expr: vector(1)",
    "- record: b\n  expr: up\n- alert: A\n  expr: vector(1)\n# belfry/disable-file missing-severity: a heartbeat",
  ])
  func `count for their rule`(rules: String) {
    #expect(findings(group(rules)).map(\.message) == [])
  }

  @Test func `leave other rules alone`() {
    let marked = MarkedText(
      group(
        "# belfry/disable missing-severity: a heartbeat\n- alert: A\n  expr: vector(1)\n- alert: 1️⃣B\n  expr: vector(1)\n  for: 5m"
      ))
    let found = findings(marked.text)
    #expect(found.map(\.code) == ["missing-severity"])
    #expect(found.first?.span.range.start == marked.position(1))
  }

  @Test(arguments: [
    ("1️⃣# belfry/disable missing-severity", "control-comment", "'missing-severity' is switched off without a reason"),
    (
      "1️⃣# belfry/disable missing-severty: x", "control-comment",
      "no check is named 'missing-severty'; did you mean 'missing-severity'?"
    ),
    ("1️⃣# belfry/disable unknown-field: x", "control-comment", "'unknown-field' can't be switched off"),
    ("1️⃣# belfry/disable: x", "control-comment", "the comment names no check"),
    ("1️⃣# belfry/silence all: x", "control-comment", "no comment is 'belfry/silence'"),
    ("1️⃣# belfry/disable missing-severity: x", "unused-control", "there is no 'missing-severity' to switch off here"),
    ("1️⃣# belfry/disable duplicate-rule: x", "unused-control", "there is no 'duplicate-rule' to switch off here"),
    ("1️⃣# belfry/disable-file rule-order: x", "unused-control", "there is no 'rule-order' to switch off here"),
  ])
  func `are told of where they say nothing`(comment: String, code: String, message: String) {
    let marked = MarkedText(group(comment + "\n- alert: A\n  expr: up == 0\n  labels: {severity: page}"))
    let found = findings(marked.text)
    #expect(found.map(\.code) == [code])
    #expect(found.first?.message == message)
    #expect(found.first?.span.range.start == marked.position(1))
    #expect(found.allSatisfy { $0.severity == .warning })
  }

  @Test func `need a rule`() {
    let text =
      "# belfry/disable missing-severity: x\n" + group("- alert: A\n  expr: up == 0\n  labels: {severity: page}")
    #expect(findings(text).map(\.message) == ["the comment stands at no rule"])
  }

  @Test func `allow what a Prometheus has behind a flag`() {
    let rule = "- record: a\n  expr: mad_over_time(x[5m])"
    #expect(findings(group(rule)).map(\.severity) == [.error])
    #expect(findings(group("# belfry/disable experimental-expression: our servers have it\n" + rule)).isEmpty)
  }

  @Test func `count in documents of Belfry too`() {
    let text = document(
      .ruleGroup, "rules:\n# belfry/disable missing-severity: a heartbeat\n- {alert: A, expr: vector(1)}")
    #expect(findings(text).map(\.message) == [])
  }

  @Test func `are no comments within a text`() {
    let text = group(
      "- alert: A\n  expr: up == 0\n  labels: {severity: page}\n  annotations:\n    a: |\n      # belfry/disable x\n    b: 'c # belfry/disable y'"
    )
    #expect(findings(text).map(\.message) == [])
  }
}
