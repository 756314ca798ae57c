import Diagnostics
import Foundation
import Model
import Specs
import TestKit
import Testing
import YAML

@testable import Importer

extension RuleText {
  static func firstRoot(of text: String) -> YAMLNode? {
    let stream = YAMLStream(parsing: Array(text.utf8), file: "")
    return stream.diagnostics.hasErrors ? nil : stream.documents.first?.root
  }
}

@Suite struct `Importing rules` {
  @Test(arguments: ["label:team", "path:rules/([^/]+)/"])
  func `one of everything`(placement: String) throws {
    let imported = PrometheusImport(
      [
        ImportedFile(path: "p/prometheus.yml", bytes: try seed("prometheus.yaml")),
        ImportedFile(path: "p/rules/shop/web.yml", bytes: try seed("rules.yaml")),
      ], placement: try TenantPlacement(parsing: placement)
    ).result()
    let page = imported.files.sorted { $0.path < $1.path }
      .map { "=== \($0.path)\n" + String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: "\n")
    #expect(goldenDifference(page, "rules-by-\(placement.prefix { $0 != ":" }).txt") == nil)
    #expect(imported.problems == [])
  }

  @Test func `a file of one tenant moves byte by byte`() throws {
    let text = "# ours\ngroups:\n- name: a\n  rules:\n  - {alert: A, expr: up == 0, labels: {team: shop}}   # short\n"
    let imported = try rules([("rules/a.yml", text)], "label:team")
    #expect(imported.text("tenants/shop/a.yaml") == text)
    #expect(imported.text("tenants/shop/tenant.yaml") != nil)
  }

  @Test func `a group that uses what it records stays whole`() throws {
    let text = """
      groups:
      - name: a
        rules:
        - {record: 'x:y', expr: sum(x)}
        - {alert: A, expr: 'x:y > 1', labels: {team: shop}}
        - {alert: B, expr: up == 0, labels: {team: data}}
      """
    let imported = try rules([("a.yml", text)], "label:team")
    #expect(imported.text("platform/a.yaml") == text)
    #expect(imported.text("IMPORT.md")?.contains("its rules use 'x:y'") ?? false)
  }

  @Test func `values that can't name a tenant stay with the platform`() throws {
    let values = ["../../etc", "a/b", "..", "platform", "", "\\u0007", "'{{ $labels.team }}'", "''", "\u{202e}x"]
    let text =
      "groups:\n- name: a\n  rules:\n"
      + values.enumerated().map { index, value in
        "  - {alert: A\(index), expr: up == \(index), labels: {team: \"\(value)\"}}\n"
      }.joined()
    let imported = try rules([("a.yml", text)], "label:team")
    #expect(
      imported.files.allSatisfy { $0.path == "IMPORT.md" || $0.path.hasPrefix("platform/") },
      "\(imported.files.map(\.path))")
  }

  @Test(arguments: ["../../x/web.yml", "/etc/../x.yml", "a/platform/x.yml", "a/../b.yml", "weird\u{7}/x.yml"])
  func `no path leads out`(path: String) throws {
    let text = "groups: [{name: a, rules: [{alert: A, expr: up == 0}]}]\n"
    let imported = try rules([(path, text)], "path:(.*)/(.*)")
    #expect(imported.files.count >= 2)
    for file in imported.files {
      #expect(!file.path.split(separator: "/", omittingEmptySubsequences: false).contains { $0 == ".." || $0 == "" })
    }
  }

  @Test func `what Belfry can't read is set aside, group by group`() throws {
    let text = """
      groups:
      - name: good
        rules: [{alert: A, expr: up == 0}]
      - name: vm
        concurrency: 2
        rules: [{alert: B, expr: up == 1}]
      """
    let imported = try rules([("a.yml", text)])
    #expect(imported.errors.map(\.code) == ["other-dialect"])
    #expect(imported.text("platform/a.yaml")?.contains("good") ?? false)
    #expect(imported.text("not-imported/a.yaml")?.contains("concurrency") ?? false)
    #expect(imported.problems == [])
  }

  @Test func `anything else is told`() throws {
    let imported = try rules([
      ("a.yml", "groups: []"), ("b.yml", "tests: []"), ("c.yml", "route: {}"), ("d.yml", "x: ["),
      ("e.yml", "kind: Pod"),
    ])
    #expect(imported.diagnostics.all.map(\.span.file).sorted() == ["b.yml", "c.yml", "d.yml", "e.yml"])
    #expect(imported.files.filter { $0.path.hasPrefix("not-imported/") }.count == 4)
  }

  @Test func `ten megabytes`() throws {
    let group = { (index: Int) in
      "- name: g\(index)\n  rules:\n"
        + (0..<10).map {
          "  - alert: A\($0)\n    expr: up{job=\"j\($0)\"} == 0\n    for: 5m\n    labels: {team: t\(index % 7), severity: page}\n    annotations: {summary: \"\(String(repeating: "long ", count: 200))\"}\n"
        }.joined()
    }
    let text = "groups:\n" + (0..<1000).map(group).joined()
    #expect(text.utf8.count > 10_000_000)
    let imported = try rules([("big.yml", text)], "label:team")
    #expect(imported.files.filter { $0.path.hasSuffix("/big.yaml") }.count == 7)
    #expect(imported.errors.isEmpty)
  }
}

@Suite struct `A first repository` {
  @Test(arguments: ["", "Shop", "../x", "platform", "-a", "a/b", String(repeating: "a", count: 64)])
  func `has a tenant with a name`(name: String) {
    #expect(FirstRepository(tenant: name, now: .epoch) == nil)
  }

  @Test func `has nothing that belfry check finds`() throws {
    let files = try #require(FirstRepository(tenant: "shop", now: .epoch)).files
    var tree = SpecTree()
    tree.update(
      files.filter { SpecFile.scope(ofPath: $0.path) != nil }
        .map { ($0.path, SpecFile.parse(path: $0.path, bytes: $0.bytes)) })
    #expect(tree.problems.map(\.message) == [])
  }
}
