import Model
import Specs
import Testing

@testable import Controller

@Suite struct `What the audit keeps of fields` {
  private static let file = "tenants/shop/specs.yaml"

  private func resources(_ text: String) -> [Resource] {
    SpecFile.parse(path: Self.file, bytes: Array(text.utf8)).resources
  }

  private func audited(_ before: String, _ after: String) throws -> (before: String, after: String) {
    let (before, after) = (try #require(resources(before).last), try #require(resources(after).last))
    return AuditFields.json(AuditFields.differences(before, after))
  }

  @Test func `rules are told apart by their names`() throws {
    let before = ProvenanceCase.rules(["Down": "up == 0", "Slow": "latency > 1", "Twice": "a", "Twice": "b"])
    let after = ProvenanceCase.rules(
      ["First": "c > 0", "Down": "up == 0", "Slow": "latency > 2", "Twice": "a", "Twice": "d"])
    let found = try audited(before, after)
    #expect(found.before == #"{"rules[Slow].expr":"latency > 1","rules[Twice#2].expr":"b"}"#)
    #expect(
      found.after
        == #"{"rules[First].alert":"First","rules[First].expr":"c > 0","rules[Slow].expr":"latency > 2","rules[Twice#2].expr":"d"}"#
    )
  }

  @Test(arguments: [
    ("webhook: {url: 'http://127.0.0.1:9/a?token=hunter2#hunter2'}", "hunter2"),
    ("webhook: {url: 'http://127.0.0.1:9/a', headers: {Authorization: Bearer hunter2}}", "hunter2"),
    ("webhook: {url: 'http://127.0.0.1:9/a', headers: {X-Api-Key: hunter2}}", "hunter2"),
    ("console: {}\n  template: {text: 'see https://x:hunter2@wiki.example.com/page'}", "hunter2"),
    ("console: {}\n  template: {text: 'ghp_0123456789012345678901234567890123456789'}", "ghp_"),
    ("console: {}\n  template: {text: 'https://hooks.slack.com/services/T0000/B0000/hunter2'}", "hunter2"),
  ])
  func `secrets are left out`(spec: String, secret: String) throws {
    let text = World.channel("oncall", "console: {}").replacing("console: {}", with: spec)
    let resource = try #require(resources(text).first, "\(text)")
    #expect(text.contains(secret))
    for (before, after) in [(nil, resource), (resource, nil)] as [(Resource?, Resource?)] {
      let kept = AuditFields.json(AuditFields.differences(before, after))
      #expect(!kept.before.contains(secret) && !kept.after.contains(secret))
      #expect(kept.before.isEmpty == (before == nil) && kept.after.isEmpty == (after == nil))
    }
  }

  @Test func `that a secret changed is told, and no more`() throws {
    let found = try audited(
      World.channel("oncall", "webhook: {url: 'http://127.0.0.1:9/a?token=hunter2'}"),
      World.channel("oncall", "webhook: {url: 'http://127.0.0.1:9/a?token=hunter3'}"))
    #expect(found.before == #"{"webhook.url":"http://127.0.0.1:9/a"}"#)
    #expect(found.after == #"{"webhook.url":"http://127.0.0.1:9/a ‹changed›"}"#)
  }

  @Test func `the name of a secret is no secret`() throws {
    let found = try audited(
      World.channel("oncall", "webhook: {url: {secret: first}}"),
      World.channel("oncall", "webhook: {url: {secret: second}}"))
    #expect(found.after == #"{"webhook.url":"{secret: second}"}"#)
  }

  @Test func `more fields than anybody reads are counted`() throws {
    let rules = (0..<300).map { "  - alert: A\($0)\n    expr: up\n" }.joined()
    let group = try #require(resources("groups:\n- name: g\n  rules:\n" + rules).first)
    let kept = AuditFields.json(AuditFields.differences(nil, group))
    #expect(kept.after.hasSuffix(#""…":"400 more fields"}"#))
    #expect(kept.after.utf8.count < 20_000)
  }
}
