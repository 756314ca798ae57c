import Diagnostics
import Model
import Specs
import Testing

let exampleKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ana@example.com"

/// A key of 1024 bits, from ssh-keygen.
private let shortRSAKey =
  "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDt2ZWoawx9HZdvyyvAgLVsaV3n9UOP9fw7I+Lz8EO/LdJxd2ghgt5jEAACTANFtBAGVFO0D6SqJ/tIZPvl+/DvuxoOOd0tEeXSdM6f1D7UqYtzbTk9DunaAhvRzhulvsRgM/9IihIl3qIEonIqngkfnKCJRMgk1weY6w2WbyH0Gw=="

/// A key whose type names one curve, and whose fields name another.
private let keyOnAnotherCurve =
  "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAzODQAAABBBAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

/// A binding whose only user has these keys.
private func keys(_ list: String) -> String {
  "role: owner\nsubjects: [{user: a@example.com, signing_keys: [\(list)]}]"
}

@Suite struct `Reading a RoleBinding` {
  @Test func `takes people with their keys`() throws {
    let spec = try readSpec(
      .roleBinding, "role: member\nsubjects:\n- user: ana@example.com\n  signing_keys: ['\(exampleKey)']")
    guard case .roleBinding(let binding) = spec else { return }
    #expect(binding.role == .member)
    let key = try #require(SigningKey(line: exampleKey))
    #expect(binding.subjects == [.user(email: "ana@example.com", signingKeys: [SigningKeyEntry(key)])])
  }

  @Test func `takes keys with their limits`() throws {
    let spec = try readSpec(
      .roleBinding,
      """
      role: member
      subjects:
      - user: ana@example.com
        signing_keys:
        - {key: '\(exampleKey)', valid_from: 2026-01-01T00:00:00Z, valid_until: 2027-01-01T00:00:00Z, revoked: true}
      """)
    guard case .roleBinding(let binding) = spec, case .user(_, let keys)? = binding.subjects.first else {
      Issue.record("no user was read")
      return
    }
    #expect(keys.map(\.isRevoked) == [true])
    #expect(keys.map(\.validFrom) == [Timestamp(rfc3339: "2026-01-01T00:00:00Z")])
    #expect(
      keys.first?.description
        == "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
        + " (valid_from 2026-01-01T00:00:00Z, valid_until 2027-01-01T00:00:00Z, revoked)")
  }

  @Test(arguments: [
    (nil, nil, false, "2026-11-20T00:00:00Z", true),
    ("2026-11-20T00:00:00Z", nil, false, "2026-11-20T00:00:00Z", true),
    ("2026-11-20T00:00:01Z", nil, false, "2026-11-20T00:00:00Z", false),
    (nil, "2026-11-20T00:00:01Z", false, "2026-11-20T00:00:00Z", true),
    (nil, "2026-11-20T00:00:00Z", false, "2026-11-20T00:00:00Z", false),
    (nil, nil, true, "2026-11-20T00:00:00Z", false),
  ])
  func `knows when a key signs`(from: String?, until: String?, isRevoked: Bool, at: String, signs: Bool) throws {
    let entry = SigningKeyEntry(
      try #require(SigningKey(line: exampleKey)), validFrom: from.flatMap { Timestamp(rfc3339: $0) },
      validUntil: until.flatMap { Timestamp(rfc3339: $0) }, isRevoked: isRevoked)
    #expect(entry.isInForce(at: try #require(Timestamp(rfc3339: at))) == signs)
  }

  @Test func `sees a key's limits as its meaning, and its comment as none`() {
    func fields(_ keys: String) -> [Label] {
      let text = "role: member\nsubjects: [{user: ana@example.com, signing_keys: [\(keys)]}]"
      return read(document(.roleBinding, text), at: usualPath(.roleBinding)).resources.flatMap(\.fields)
    }
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
    #expect(fields("'\(key)'") == fields("{key: '\(key) laptop'}"))
    #expect(fields("'\(key)'") != fields("{key: '\(key)', revoked: true}"))
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
    Mistake(keys("1️⃣'-----BEGIN OPENSSH PRIVATE KEY-----'"), "malformed-key", "this is a private key"),
    Mistake(
      keys("1️⃣'\(keyOnAnotherCurve)'"), "malformed-key",
      "the text behind 'ecdsa-sha2-nistp256' is not a key of that type"),
    Mistake(
      keys("1️⃣ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAHwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="), "malformed-key",
      "the text behind 'ssh-ed25519' is not a key of that type"),
    Mistake(
      keys("1️⃣ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAeA=="), "malformed-key",
      "the text behind 'ssh-ed25519' is not a key of that type"),
    Mistake(keys("1️⃣'ssh-ed25519 AAAA*'"), "malformed-key", "the text behind 'ssh-ed25519' is not a key of that type"),
    Mistake(keys("1️⃣'\(shortRSAKey)'"), "unverifiable-key", "this RSA key has 1024 bits; 2048 to 16384 are accepted"),
    Mistake(
      keys(
        "1️⃣sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fAAAABHNzaDo="
      ), "unverifiable-key",
      "signatures by keys in a security token ('sk-ssh-ed25519@openssh.com') are not checked"),
    Mistake(
      keys("{key: \(exampleKey), valid_from: 2026-11-20T00:00:00Z, 1️⃣valid_until: 2026-11-20T00:00:00Z}"),
      "end-before-start", "the key's time ends before it starts"),
    Mistake(keys("1️⃣{revoked: true}"), "missing-field", "a signing key needs 'key'"),
    Mistake(
      keys("{key: \(exampleKey), valid_until: 1️⃣tomorrow}"), "malformed-timestamp",
      "'tomorrow' is not a time of RFC 3339"),
    Mistake(
      keys("{key: \(exampleKey), 1️⃣valid-before: 2026-11-20T00:00:00Z}"), "unknown-field",
      "a signing key has no field 'valid-before'"),
    Mistake(
      keys("\(exampleKey), 1️⃣{key: '\(exampleKey) again'}"), "duplicate-item",
      "'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8Q…' is in the list twice"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/tenant.yaml") { document(.roleBinding, $0) }
  }
}

@Suite struct `A key of two people` {
  private func warnings(_ files: [(path: String, text: String)]) -> [String] {
    var tree = SpecTree()
    tree.update(files.map { ($0.path, SpecFile.parse(path: $0.path, bytes: Array($0.text.utf8))) })
    return tree.problems.filter { $0.code == "shared-key" }.map { "\($0.span.file): \($0.message)" }
  }

  private func binding(_ name: String, _ user: String) -> String {
    document(.roleBinding, "role: member\nsubjects: [{user: \(user), signing_keys: ['\(exampleKey)']}]")
      .replacing("name: example", with: "name: \(name)")
  }

  @Test func `is told in the scope, and below it`() {
    let one = ("platform/a.yaml", binding("a", "ana@example.com"))
    #expect(warnings([one]) == [])
    #expect(warnings([one, ("platform/b.yaml", binding("b", "Ana@example.com"))]) == [])
    for path in ["platform/b.yaml", "tenants/shop/b.yaml", "tenants/shop/checkout/b.yaml"] {
      #expect(
        warnings([one, (path, binding("b", "ben@example.com"))]) == [
          "\(path): one key (ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8Q…) signs for"
            + " 'ana@example.com' and 'ben@example.com'"
        ])
    }
  }

  @Test func `is nobody's business in another tenant`() {
    #expect(
      warnings([
        ("tenants/shop/a.yaml", binding("a", "ana@example.com")),
        ("tenants/pay/b.yaml", binding("b", "ben@example.com")),
      ]) == [])
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
