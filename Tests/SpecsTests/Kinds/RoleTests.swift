import Diagnostics
import Model
import Specs
import Testing

let exampleKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ana@example.com"

@Suite struct `Reading a RoleBinding` {
  @Test func `takes people with their keys`() throws {
    let spec = try readSpec(
      .roleBinding, "role: member\nsubjects:\n- user: ana@example.com\n  signing_keys: ['\(exampleKey)']")
    guard case .roleBinding(let binding) = spec else { return }
    #expect(binding.role == .member)
    #expect(binding.subjects == [.user(email: "ana@example.com", signingKeys: [exampleKey])])
  }

  @Test(arguments: [
    Mistake(
      "role: 1️⃣members\nsubjects: [{user: ana@example.com}]", "unknown-value",
      "'members' is not a role; did you mean 'member'?"),
    Mistake("role: owner\nsubjects: 1️⃣[]", "missing-field", "'subjects' names nobody"),
    Mistake("role: owner\nsubjects: [1️⃣{}]", "missing-field", "a subject needs 'user' or 'group'"),
    Mistake(
      "role: owner\nsubjects: [{user: a@example.com, 1️⃣group: b}]", "conflicting-fields",
      "a subject is either 'user' or 'group'"),
    Mistake(
      "role: viewer\nsubjects: [{group: 1️⃣oncall}]", "group-for-readers",
      "the group 'oncall' counts for readers only, since commits carry no groups"),
    Mistake("role: owner\nsubjects: [{user: 1️⃣ana}]", "malformed-address", "'ana' is not a mail address"),
    Mistake(
      "role: owner\nsubjects: [{user: a@example.com, signing_keys: [1️⃣'ssh-dss AAAA']}]", "malformed-key",
      "'ssh-dss' is not a type of key; ssh-ed25519, ecdsa-sha2-nistp256 and ssh-rsa are"),
    Mistake(
      "role: owner\nsubjects: [{user: a@example.com, signing_keys: [1️⃣'ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAA']}]",
      "malformed-key", "the text behind 'ssh-rsa' is not a key of that type"),
    Mistake(
      "role: owner\nsubjects: [{user: a@example.com, signing_keys: [1️⃣ssh-ed25519]}]", "malformed-key",
      "the key's own text is missing behind 'ssh-ed25519'"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/tenant.yaml") { document(.roleBinding, $0) }
  }
}

@Suite struct `Reading an Approval` {
  @Test func `takes a number and an end`() throws {
    let spec = try readSpec(.approval, "deletions: 40\nuntil: 2026-11-20T12:00:00Z\nreason: the old shop is gone")
    guard case .approval(let approval) = spec else { return }
    #expect(approval.deletions == 40)
    #expect(approval.reason == "the old shop is gone")
  }

  @Test(arguments: [
    Mistake("1️⃣until: 2026-11-20T12:00:00Z", "missing-field", "an Approval needs 'deletions'"),
    Mistake(
      "deletions: 1️⃣-1\nuntil: 2026-11-20T12:00:00Z", "out-of-range", "-1 is out of range; at least 1 is accepted"),
    Mistake(
      "deletions: 1️⃣1.5\nuntil: 2026-11-20T12:00:00Z", "wrong-type", "'1.5' stands where a whole number is expected"),
    Mistake("1️⃣deletions: 4", "missing-field", "an Approval needs 'until'"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "platform/approvals.yaml") { document(.approval, $0) }
  }
}

@Suite struct `Reading a Tenant or a Project` {
  @Test func `takes every field`() throws {
    let spec = try readSpec(
      .tenant,
      """
      display_name: Shop
      external_labels: {region: eu, cluster: 1}
      interval: 30s
      data_source: main
      locale: en
      timezone: Europe/Berlin
      limits: {rules: 1000, alerts_per_rule: 50, notifications_per_hour: 200}
      notify: observe
      notify_until: 2026-11-20T12:00:00Z
      sync: paused
      sync_until: 2026-11-20T12:00:00Z
      """)
    guard case .tenant(let settings) = spec else { return }
    #expect(settings.displayName == "Shop")
    #expect(settings.externalLabels == ["region": "eu", "cluster": "1"])
    #expect(settings.interval == .seconds(30))
    #expect(settings.dataSource == "main")
    #expect(settings.limits.rules == 1000)
    #expect(settings.notify == .observe)
    #expect(settings.sync == .paused)
    #expect(settings.syncUntil == Timestamp(rfc3339: "2026-11-20T12:00:00Z"))
  }

  @Test(arguments: [
    Mistake(
      "notify: 1️⃣nobody", "unknown-value", "'nobody' is not a mode of notification"),
    Mistake("1️⃣notify: none", "without-end", "nothing ends 'notify: none'"),
    Mistake(
      "1️⃣sync_until: 2026-11-20T12:00:00Z", "no-effect", "'sync_until' has no effect while 'sync' is 'auto'"),
    Mistake(
      "external_labels: {1️⃣__name__: a}", "label-name", "'__name__' is the metric's own name and can't be set as a label"
    ),
    Mistake("limits: {1️⃣rule: 4}", "unknown-field", "limits has no field 'rule'; did you mean 'rules'?"),
    Mistake(
      "external_labels: {a: 1️⃣no}", "ambiguous-text", "'no' is a text here, and false to readers of YAML 1.1"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    let fixed =
      mistake.text.hasPrefix("notify: 1") ? mistake.text + "\nnotify_until: 2026-11-20T12:00:00Z" : mistake.text
    let row = Mistake(fixed, mistake.code, mistake.message)
    row.check(path: "tenants/shop/checkout/project.yaml") { document(.project, $0) }
  }
}
