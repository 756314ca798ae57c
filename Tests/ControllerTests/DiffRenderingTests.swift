import Evaluator
import JSON
import Model
import Reconciler
import Specs
import TestKit
import Testing

@testable import Controller

@Suite struct `The report of a diff` {
  private static let rules = "tenants/shop/api/rules.yaml"

  /// A change of every sort.
  private static func scene() -> DiffScene {
    var scene = DiffScene()
    scene.before[rules] = DiffScene.rules(
      ("Down", "up == 0", "for: 5m, labels: {severity: critical}"), ("Old", "old == 1", ""), ("Lag", "lag > 1", ""))
    scene.before["tenants/shop/web/rules.yaml"] = DiffScene.rules(("WebDown", "web == 0", ""))
    scene.change[rules] = DiffScene.rules(
      ("Down", "up == 0", "for: 5m, labels: {severity: warning}"), ("Lag", "lag > 2", ""), ("New", "new == 1", ""))
    scene.change["tenants/shop/web/rules.yaml"] = "groups: 5\n"
    scene.change["tenants/shop/api/silence.yaml"] = """
      apiVersion: belfry/v1
      kind: Silence
      metadata: {name: quiet}
      spec: {matchers: ['instance="c"'], duration: 1h, comment: work}
      """
    scene.alert("Down", ["instance": "a", "severity": "critical"])
    scene.alert("Old", ["instance": "b"])
    scene.alert("Lag", ["instance": "c"])
    scene.alert("Lag", ["instance": "d"])
    scene.source.set("up == 0", ["instance": "a"])
    scene.source.set("lag > 2", ["instance": "c"])
    scene.source.set("new == 1", ["instance": "e"])
    scene.source.set(range: "lag > 1", ["instance": "c"]) { $0 < 1200 }
    scene.source.set(range: "lag > 2", ["instance": "c"]) { $0 < 600 }
    return scene
  }

  @Test func `text, Markdown and JSON are as recorded`() async {
    let report = await Self.scene().report(window: BacktestWindow(length: .seconds(3600), step: nil))
    let difference = [
      goldenDifference(DiffText(report: report, isSummary: false).text, "diff.txt"),
      goldenDifference(DiffText(report: report, isSummary: true).text, "diff-summary.txt"),
      goldenDifference(DiffMarkdown(report: report, marker: "belfry:diff", isSummary: false).text, "diff.md"),
      goldenDifference(
        String(decoding: DiffDocument.json(report).bytes(pretty: true), as: UTF8.self) + "\n", "diff.json"),
    ].compactMap(\.self)
    #expect(difference.isEmpty, "\(difference.joined(separator: "\n"))")
  }

  @Test func `a tenant sees its own part`() async {
    var scene = Self.scene()
    scene.change["tenants/other/tenant.yaml"] =
      "apiVersion: belfry/v1\nkind: Tenant\nmetadata: {name: other}\nspec: {}\n"
    let report = await scene.report(tenant: "other")
    #expect(report.sections.map(\.scope) == [.tenant("other")])
    #expect(scene.source.asked.isEmpty)
  }

  @Test func `a comment keeps to its limit: context goes first, then bodies, never the totals`() async {
    var scene = DiffScene()
    for tenant in 0..<40 {
      scene.change["tenants/t\(tenant)/tenant.yaml"] =
        "apiVersion: belfry/v1\nkind: Tenant\nmetadata: {name: t\(tenant)}\nspec: {}\n---\n"
        + DiffScene.console("c") + "---\n" + DiffScene.route("channel: c")
      let many = (0..<60).map { "  - {alert: Rule\($0)OfTenant\(tenant), expr: 'metric_of_some_length_\($0) > 1'}\n" }
      scene.change["tenants/t\(tenant)/rules.yaml"] = "groups:\n- name: g\n  rules:\n" + many.joined()
    }
    let text = DiffMarkdown(report: await scene.report(), marker: "m", isSummary: false).text
    #expect(text.utf8.count < 65_000)
    #expect(text.utf8.count > 50_000)
    #expect(text.contains("Left out, for length") && text.contains("`belfry diff --format json` has all"))
    for tenant in 0..<40 { #expect(text.contains("| <code>t\(tenant)</code> |")) }
    #expect(text.contains("Belfry-Plan: "))
  }

  /// Texts that try to end what they stand in.
  private static let nasty = [
    "```", "````\n# title", "</details>", "</code><script>alert(1)</script>", "<!-- -->", "-->", "@everyone", "#123",
    "| a | b |", "\\|", "\\\\|", "`|`", "![x](http://e.test/x.png)", "[x](javascript:1)", "https://e.test/?q=1",
    "\u{202E}abc", "\u{0}\u{1B}[31m", "a\r\n| b |", "&lt;b&gt;", "<b>", "~~x~~", "$x$", "GH-1", "::warning::x", "]]>",
    "' onclick='x", "\u{2028}x", "*b* _i_",
  ]

  @Test func `hostile texts can't break out of fences, tables or HTML`() async {
    var random = SplitMix64(seed: 5)
    for round in 0..<120 {
      var text = ""
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        text += Self.nasty.randomElement(using: &random) ?? ""
        if Bool.random(using: &random) { text += " " }
      }
      var scene = DiffScene()
      let quoted = text.jsonQuoted
      scene.before[Self.rules] = DiffScene.rules(("Down", "up == 0", "for: 1m"))
      scene.change[Self.rules] =
        "groups:\n- name: g\n  rules:\n  - alert: Down\n    expr: up == 0\n"
        + "    labels: {evil: \(quoted)}\n    annotations: {summary: \(quoted)}\n"
      scene.alert("Down", ["instance": text, "other": "x"])
      scene.source.set("up == 0", ["instance": text, "other": "x"])
      scene.source.fail(round % 3 == 0 ? .unreachable(text) : .timedOut(requestWasSent: true))
      let report = await scene.report()
      let markdown = DiffMarkdown(report: report, marker: "m", isSummary: false).text
      #expect(MarkdownCheck(markdown).faults.isEmpty, "\(text.debugDescription): \(MarkdownCheck(markdown).faults)")
      let plain = DiffText(report: report, isSummary: false).text
      #expect(!plain.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202E}" })
      #expect((try? JSONValue(parsing: DiffDocument.json(report).text)) != nil)
    }
  }
}

/// Whether a comment has only the structure that we gave it.
private struct MarkdownCheck {
  private(set) var faults: [String] = []
  private var columns: Int?

  init(_ text: String) {
    var fence: Int?
    var depth = 0
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let ticks = line.prefix { $0 == "`" }.count
      if let open = fence {
        if ticks >= open, line.dropFirst(ticks).allSatisfy({ $0 == " " }) { fence = nil }
        continue
      }
      if ticks >= 3 {
        fence = ticks
        columns = nil
        continue
      }
      if number > 0 { outside(String(line)) }
      depth += line.hasPrefix("<details") ? 1 : 0
      depth -= line == "</details>" ? 1 : 0
      if !(0...1).contains(depth) { faults.append("folds don't match at line \(number)") }
    }
    if fence != nil { faults.append("a fence is open at the end") }
    if depth != 0 { faults.append("a fold is open at the end") }
  }

  private mutating func outside(_ line: String) {
    var rest = line
    for tag in [
      "<details open>", "<details>", "</details>", "<summary>", "</summary>", "<b>", "</b>", "<code>", "</code>",
    ] { rest = rest.replacing(tag, with: "") }
    if rest.contains("<") || rest.contains(">") { faults.append("a tag: \(line)") }
    if rest.contains("@") || rest.contains("![") || rest.contains("](") || rest.contains("://") {
      faults.append("a mention, link or image: \(line)")
    }
    let isReference = rest.contains { $0 == "#" } && rest.replacing("&#", with: "").contains("#")
    if isReference, !rest.hasPrefix("## Belfry: ") { faults.append("a reference: \(line)") }
    guard line.hasPrefix("|") else {
      columns = nil
      return
    }
    let count = line.count { $0 == "|" }
    if let columns, columns != count { faults.append("a row of other width: \(line)") }
    columns = count
  }
}

extension String {
  /// As a YAML flow scalar in double quotes.
  fileprivate var jsonQuoted: String {
    let escaped = unicodeScalars.map { scalar -> String in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\n": "\\n"
      case "\r": "\\r"
      default: scalar.value < 0x20 || scalar == "\u{2028}" ? "\\u" + hex(scalar) : String(scalar)
      }
    }
    return "\"" + escaped.joined() + "\""
  }

  private func hex(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16)
    return String(repeating: "0", count: 4 - digits.utf8.count) + digits
  }
}

/// A group with nothing but an interval.
enum GroupDefinitionFixture {
  static func group(interval: Duration) -> GroupDefinition {
    var spec = RuleGroupSpec(name: "g", rules: [])
    spec.interval = interval
    return GroupDefinition(
      id: ResourceID(.tenant("shop"), .ruleGroup, "g"), spec: spec, context: RuleContext(scope: .tenant("shop")),
      file: "f", provenance: [])
  }
}
