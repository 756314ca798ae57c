import Diagnostics
import Foundation
import Model
import Specs
import TestKit
import Testing

@Suite struct `Checks beyond one rule` {
  private static let page = "\n  labels: {severity: page}"

  @Test func `find rules that say the same, in files of one scope`() {
    let one = group("- alert: A\n  expr: sum(x) by (a) > 0" + Self.page)
    let other = group("- alert: B\n  expr: |\n    sum by (a) (x)\n      > 0" + Self.page)
    let found = findings([("tenants/shop/checkout/a.yaml", one), ("tenants/shop/checkout/b.yaml", other)])
    #expect(found.map(\.code) == ["duplicate-rule"])
    #expect(found.first?.span.file == "tenants/shop/checkout/b.yaml")
    #expect(found.first?.notes.first?.span?.file == "tenants/shop/checkout/a.yaml")
    #expect(findings([("tenants/shop/a/a.yaml", one), ("tenants/shop/b/b.yaml", other)]).isEmpty)
    let off = "# belfry/disable-file duplicate-rule: both for now\n" + other
    #expect(findings([("tenants/shop/checkout/a.yaml", one), ("tenants/shop/checkout/b.yaml", off)]).isEmpty)
  }

  @Test(arguments: [
    "- alert: B\n  expr: x > 0\n  labels: {severity: warning}", "- alert: B\n  expr: x > 1" + page,
    "- alert: B\n  expr: x > 0\n  for: 5m" + page, "- record: A\n  expr: x > 0" + page,
  ])
  func `tell apart rules that differ`(rule: String) {
    #expect(findings(group("- alert: A\n  expr: x > 0" + Self.page + "\n" + rule)).map(\.message) == [])
  }

  @Test func `find recording rules behind those that use them`() {
    let late = MarkedText(
      group("- alert: A\n  expr: 1️⃣a:b2️⃣ > 0" + Self.page + "\n- record: a:b\n  expr: sum(x)"))
    let found = findings(late.text)
    #expect(found.map(\.code) == ["rule-order"])
    #expect(found.first?.span.range == late.range(1, 2))
    #expect(findings(group("- record: a:b\n  expr: sum(x)\n- alert: A\n  expr: a:b > 0" + Self.page)).isEmpty)
    #expect(findings(group("- record: a:b\n  expr: sum(x) or a:b")).isEmpty)
    #expect(
      findings(group("- alert: A\n  expr: a:b offset 1h > 0" + Self.page + "\n- record: a:b\n  expr: sum(x)")).isEmpty)
    let groups = """
      groups:
      - name: one
        rules: [{record: c, expr: sum(d)}]
      - name: two
        rules: [{record: d, expr: sum(e)}]
      """
    #expect(
      findings(groups).map(\.message) == [
        "'d' is recorded by the later group 'two', so this rule sees a value that is one evaluation old"
      ])
  }

  @Test func `find what nobody records, as rules come and go`() {
    let alert = group("- alert: A\n  expr: a:b > 0" + Self.page)
    let record = group("- record: a:b\n  expr: sum(x)")
    var tree = SpecTree()
    func set(_ path: String, _ text: String?) -> TreeChange {
      tree.update([(path, text.map { SpecFile.parse(path: path, bytes: Array($0.utf8)) })])
    }
    let codes = { tree.problems.map(\.code).filter { $0 != "no-data-source" } }
    let reader = Scope.project(tenant: "shop", project: "checkout")
    _ = set("tenants/shop/checkout/a.yaml", alert)
    #expect(codes() == ["unrecorded-metric"])
    #expect(set("platform/r.yaml", record).scopes == [.platform, reader])
    #expect(codes().isEmpty)
    #expect(set("platform/s.yaml", record).scopes == [.platform])
    #expect(set("platform/r.yaml", nil).scopes == [.platform])
    #expect(codes().isEmpty)
    #expect(set("platform/s.yaml", nil).scopes == [.platform, reader])
    #expect(codes() == ["unrecorded-metric"])
    _ = set("tenants/shop/checkout/a.yaml", nil)
    #expect(codes().isEmpty)
  }

  @Test func `compare with the interval of the scope`() {
    let rules = group("- alert: A\n  expr: rate(x_total[5m]) > 0\n  for: 2m" + Self.page)
    let slow = "apiVersion: belfry/v1\nkind: Tenant\nmetadata: {name: shop}\nspec: {interval: 5m}\n"
    let path = "tenants/shop/checkout/rules.yaml"
    #expect(findings([(path, rules)]).isEmpty)
    let found = findings([(path, rules), ("tenants/shop/tenant.yaml", slow)])
    #expect(
      found.map(\.message).sorted() == [
        "'for' of 2m is shorter than shop's interval of 5m, so it lasts until the next evaluation",
        "'rate' over 5m is shorter than twice shop's interval of 5m",
      ])
    let off = rules.replacingFirst("  - alert", "  # belfry/disable short-for: as it is\n  - alert")
    #expect(findings([(path, off), ("tenants/shop/tenant.yaml", slow)]).map(\.code) == ["short-range"])
    #expect(findings([(path, off)]).map(\.code) == ["unused-control"])
  }

  @Test(arguments: fuzzSeeds(40))
  func `give the same by steps as at once`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let texts = [
      group("- alert: A\n  expr: a:b > 0" + Self.page), group("- record: a:b\n  expr: sum(x)"),
      group("- alert: B\n  expr: a:b > (0)" + Self.page),
      group("- record: c:d\n  expr: a:b + 1\n- alert: C\n  expr: c:d > e:f"),
    ]
    let paths = ["platform/a.yaml", "tenants/s/p/b.yaml", "tenants/s/p/c.yaml", "tenants/t/d.yaml"]
    var tree = SpecTree()
    var now: [String: String] = [:]
    for _ in 0..<30 {
      let path = paths[Int.random(in: 0..<paths.count, using: &random)]
      now[path] = Bool.random(using: &random) ? texts[Int.random(in: 0..<texts.count, using: &random)] : nil
      tree.update([(path, now[path].map { SpecFile.parse(path: path, bytes: Array($0.utf8)) })])
    }
    var whole = SpecTree()
    whole.update(
      now.sorted { $0.key < $1.key }.map { ($0.key, SpecFile.parse(path: $0.key, bytes: Array($0.value.utf8))) })
    #expect(tree.problems == whole.problems)
  }
}

extension String {
  fileprivate func replacingFirst(_ part: String, _ other: String) -> String {
    guard let range = range(of: part) else { return self }
    return replacingCharacters(in: range, with: other)
  }
}
