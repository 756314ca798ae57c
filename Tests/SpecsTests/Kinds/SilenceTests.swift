import Diagnostics
import Model
import Specs
import Testing

@Suite struct `Reading a Silence` {
  @Test func `takes a window`() throws {
    let spec = try readSpec(
      .silence,
      """
      matchers: ['instance="web-1"']
      starts_at: 2026-11-20T08:00:00Z
      ends_at: 2026-11-20T12:00:00+02:00
      comment: database migration
      """)
    guard case .silence(let silence) = spec else { return }
    #expect(silence.matchers == [Matcher("instance", equals: "web-1")])
    #expect(silence.startsAt == Timestamp(rfc3339: "2026-11-20T08:00:00Z"))
    #expect(silence.endsAt == Timestamp(rfc3339: "2026-11-20T10:00:00Z"))
    #expect(silence.comment == "database migration")
  }

  @Test func `takes recurring work with an end`() throws {
    let spec = try readSpec(
      .silence, "matchers: {job: batch}\nduration: 4w\ntime_interval: nights\ncomment: nightly load")
    guard case .silence(let silence) = spec else { return }
    #expect(silence.timeInterval == "nights")
    #expect(silence.duration == .seconds(28 * 86_400))
  }

  @Test func `takes an acknowledgement`() throws {
    let spec = try readSpec(
      .silence,
      "matchers: {job: batch}\nstarts_at: 2026-11-20T08:00:00Z\nduration: 1d\nuntil_resolved: true\ncomment: seen")
    guard case .silence(let silence) = spec else { return }
    #expect(silence.acknowledges)
  }

  @Test(arguments: [
    Mistake(
      "matchers: {a: b}\ncomment: c\nduration: 1h\n1️⃣until_resolved: true", "missing-field",
      "a Silence with 'until_resolved' needs 'starts_at'"),
    Mistake(
      "matchers: {a: b}\ncomment: c\nduration: 1h\ntime_interval: t\nstarts_at: 2026-11-20T08:00:00Z\n"
        + "1️⃣until_resolved: true", "conflicting-fields", "'until_resolved' and 'time_interval' exclude each other"),
    Mistake("1️⃣duration: 1h\ncomment: c", "missing-field", "a Silence needs 'matchers'"),
    Mistake("1️⃣duration: 1h\nmatchers: {a: b}", "missing-field", "a Silence needs 'comment'"),
    Mistake("1️⃣matchers: {a: b}\ncomment: c", "without-end", "a Silence needs an end"),
    Mistake(
      "1️⃣matchers: {a: b}\ncomment: c\ntime_interval: t", "without-end",
      "a Silence needs an end; a time interval says when, not until when"),
    Mistake(
      "matchers: {a: b}\ncomment: c\n1️⃣duration: 1h\nends_at: 2026-11-20T08:00:00Z", "conflicting-fields",
      "'ends_at' and 'duration' exclude each other"),
    Mistake(
      "matchers: {a: b}\ncomment: c\nstarts_at: 2026-11-20T08:00:00Z\n1️⃣ends_at: 2026-11-20T08:00:00Z",
      "end-before-start", "the silence ends before it starts"),
    Mistake(
      "matchers: 1️⃣['a=~\".*\"']\ncomment: c\nduration: 1h", "matches-everything",
      "every matcher accepts a missing label, so all alerts would be silenced"),
    Mistake(
      "matchers: 1️⃣[]\ncomment: c\nduration: 1h", "missing-field",
      "a Silence needs at least one matcher that can be read"),
    Mistake(
      "matchers: {a: b}\ncomment: c\nends_at: 1️⃣2026-11-20", "malformed-timestamp",
      "'2026-11-20' is not a time of RFC 3339"),
    Mistake(
      "matchers: {a: b}\ncomment: c\nends_at: 1️⃣2026-11-20T08:00:00", "malformed-timestamp",
      "'2026-11-20T08:00:00' has no time zone"),
    Mistake(
      "matchers: {a: b}\ncomment: 1️⃣''\nduration: 1h", "missing-field",
      "an empty text stands where a comment is expected"),
    Mistake(
      "matchers: {a: b}\ncomment: c\nduration: 1h\n1️⃣createdBy: ana", "unknown-field",
      "a Silence has no field 'createdBy'"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/tenant.yaml") { document(.silence, $0) }
  }

  @Test func `is not there when anything about it is wrong, since it may apply alone`() {
    let file = read(document(.silence, "matchers: {a: b}\ncomment: c\nduration: 1h\nstarts_at: soon"))
    #expect(file.resources.isEmpty)
    #expect(file.unreadable == [ResourceID(.project(tenant: "shop", project: "checkout"), .silence, "example")])
  }
}

@Suite struct `Reading an InhibitRule` {
  @Test func `takes Alertmanager's words, old and new`() throws {
    let spec = try readSpec(
      .inhibitRule,
      "source_matchers: ['severity=\"critical\"']\ntarget_matchers: ['severity=~\"warning|info\"']\nequal: [instance]")
    guard case .inhibitRule(let rule) = spec else { return }
    #expect(rule.sourceMatchers == [Matcher("severity", equals: "critical")])
    #expect(rule.equal == ["instance"])
    let old = read(document(.inhibitRule, "source_match: {a: b}\ntarget_match_re: {c: d}"))
    #expect(old.diagnostics.all.map(\.code) == ["deprecated-field", "deprecated-field"])
    #expect(old.resources.count == 1)
  }

  @Test(arguments: [
    Mistake("1️⃣source_matchers: {a: b}", "missing-field", "an InhibitRule needs 'target_matchers'"),
    Mistake(
      "1️⃣source_matchers: []\ntarget_matchers: {a: b}", "matches-everything",
      "'source_matchers' is empty and would match every alert"),
    Mistake(
      "source_matchers: {a: b}\ntarget_matchers: {a: c}\n1️⃣equals: [x]", "unknown-field",
      "an InhibitRule has no field 'equals'; did you mean 'equal'?"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/tenant.yaml") { document(.inhibitRule, $0) }
  }
}

@Suite struct `Reading a Template` {
  @Test func `takes its text`() throws {
    let spec = try readSpec(.template, "text: |\n  {{ define \"title\" }}{{ .Status }}{{ end }}")
    guard case .template(let template) = spec else { return }
    #expect(template.text == "{{ define \"title\" }}{{ .Status }}{{ end }}\n")
  }

  @Test(arguments: [
    Mistake("1️⃣{}", "missing-field", "a Template needs 'text'"),
    Mistake("text: 1️⃣[a]", "wrong-type", "a list stands where a template is expected"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/tenant.yaml") { document(.template, $0) }
  }
}
