import Diagnostics
import Model
import Specs
import TestKit
import Testing

@Suite struct `A shared data source's label` {
  private static let page = "\n  labels: {severity: page}"
  private static let rules = "tenants/shop/checkout/rules.yaml"

  private func source(_ more: String = "tenant_label: team", name: String = "main") -> String {
    "apiVersion: belfry/v1\nkind: DataSource\nmetadata: {name: \(name)}\n"
      + "spec: {prometheus: {url: 'http://a'}, \(more)}\n"
  }

  private func found(_ rules: String, source: String, at path: String = Self.rules) -> [Diagnostic] {
    var tree = SpecTree()
    tree.update(
      [("platform/source.yaml", source), (path, rules)].map { path, text in
        (path, SpecFile.parse(path: path, bytes: Array(text.utf8)))
      })
    let foreign = tree.problems.filter { $0.code == "foreign-tenant" }
    #expect(tree.isSound(.project(tenant: "shop", project: "checkout")) == foreign.isEmpty)
    return foreign
  }

  @Test(arguments: [
    "- alert: A\n  expr: up{1️⃣team=\"bank\"2️⃣} > 0", "- alert: A\n  expr: 'x > up{1️⃣team=~\"shop|bank\"2️⃣}'",
    "- alert: A\n  expr: |\n    x and\n    sum(rate(y{a=\"b\", 1️⃣team!=\"shop\"2️⃣}[5m])) > 0",
    "- alert: A\n  expr: 1️⃣info(x)2️⃣ > 0", "- record: a:b\n  expr: up{1️⃣team=\"\"2️⃣}",
  ])
  func `is not for rules to choose`(rule: String) {
    let marked = MarkedText(group(rule))
    let shared = source("tenant_label: team, default: true, recording: evaluate, remote_write: {url: 'http://a'}")
    let all = found(marked.text, source: shared)
    #expect(all.map(\.severity) == [.error])
    #expect(all.first?.span.range == marked.range(1, 2))
  }

  @Test func `is told with the source that it is of`() {
    let all = found(
      group("- alert: A\n  expr: up{team=\"bank\"} > 0\(Self.page)"),
      source: source("tenant_label: team, default: true"))
    #expect(
      all.map(\.message) == ["'team' is asked for here, and 'main' shows team=\"shop\" alone to this tenant"])
  }

  @Test func `is not for the queries of templates to choose either`() {
    func rule(_ query: String) -> String {
      group("- alert: A\n  expr: up > 0\(Self.page)\n  annotations: {a: '{{ query `\(query)` | first | value }}'}")
    }
    let shared = source("tenant_label: team, default: true")
    #expect(found(rule("up{team=\"bank\"}"), source: shared).map(\.span.range.start.line) == [7])
    #expect(found(rule("up{team=\"shop\"}"), source: shared).isEmpty)
  }

  @Test(arguments: [
    ("up{team=\"shop\"} > 0", "tenant_label: team, default: true"), ("up{team=\"bank\"} > 0", "default: true"),
    ("up{team=\"bank\"} > 0", "tenant_label: other, default: true"),
    ("sum by (team) (up) > 0", "tenant_label: team, default: true"),
  ])
  func `doesn't matter otherwise`(expression: String, settings: String) {
    #expect(found(group("- alert: A\n  expr: \(expression)\(Self.page)"), source: source(settings)).isEmpty)
  }

  @Test func `doesn't matter to the platform, or to rules that the server records`() {
    let foreign = "expr: up{team=\"bank\"} > 0"
    let shared = source("tenant_label: team, default: true")
    #expect(found(group("- alert: A\n  \(foreign)\(Self.page)"), source: shared, at: "platform/rules.yaml").isEmpty)
    #expect(found(group("- record: a:b\n  \(foreign)"), source: shared).isEmpty)
  }

  @Test func `is looked at again when a source comes to be shared`() {
    var tree = SpecTree()
    let rules = group("- alert: A\n  expr: up{team=\"bank\"} > 0\(Self.page)")
    func set(_ path: String, _ text: String) -> TreeChange {
      tree.update([(path, SpecFile.parse(path: path, bytes: Array(text.utf8)))])
    }
    let scope = Scope.project(tenant: "shop", project: "checkout")
    _ = set(Self.rules, rules)
    #expect(!set("platform/source.yaml", source("default: true")).scopes.contains(scope))
    #expect(tree.isSound(scope))
    #expect(set("platform/source.yaml", source("tenant_label: team, default: true")).scopes.contains(scope))
    #expect(!tree.isSound(scope))
    _ = set("platform/source.yaml", source("default: true"))
    #expect(tree.isSound(scope))
  }
}
