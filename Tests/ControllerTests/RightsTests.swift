import Foundation
import JSON
import Testing

@testable import Controller

extension World {
  static func roles(_ bindings: [(role: String, person: String, key: String?)]) -> String {
    bindings.enumerated().map { index, binding in
      let key = binding.key.map { ", signing_keys: ['\($0)']" } ?? ""
      return """
        apiVersion: belfry/v1
        kind: RoleBinding
        metadata:
          name: r\(index)
        spec:
          role: \(binding.role)
          subjects: [{user: \(binding.person)\(key)}]

        """
    }.joined(separator: "---\n")
  }

  /// Commits as somebody, signed where there is a key, and pushes.
  @discardableResult
  func commit(
    as person: String, _ files: [String: String?], key: String? = nil, push isPushed: Bool = true
  ) async throws -> String {
    for (name, text) in files {
      if let text {
        try write(text, to: "alerts/" + name)
      } else {
        try FileManager.default.removeItem(atPath: path("alerts/" + name))
      }
    }
    try await git(["add", "-A"])
    try await git(as: person, ["commit", "-q", "-m", "Change"], key: key)
    if isPushed { try await push() }
    return try await head()
  }

  func git(as person: String, _ arguments: [String], key: String? = nil) async throws {
    let name = person.prefix { $0 != "@" }
    let signing =
      key.map { ["-c", "gpg.format=ssh", "-c", "user.signingkey=\($0)", "-c", "commit.gpgsign=true"] } ?? []
    let finished = try await run(
      "/usr/bin/env", ["GIT_AUTHOR_NAME=\(name)", "GIT_AUTHOR_EMAIL=\(person)", "git"] + signing + arguments,
      in: "alerts")
    guard finished.code == 0 else { throw NotSeen(description: finished.errors) }
  }

  /// Makes a key; returns the path of the private one, and the public line.
  func makeKey(_ name: String, _ type: String = "ed25519") async throws -> (file: String, line: String) {
    let file = path("keys-" + name)
    _ = try await run("/usr/bin/env", ["ssh-keygen", "-q", "-t", type, "-N", "", "-C", name, "-f", file])
    let line = read("keys-" + name + ".pub").split(separator: " ").prefix(2).joined(separator: " ")
    return (file, line)
  }
}

private let rolesFile = "tenants/shop/roles.yaml"
private let rulesFile = "tenants/shop/api/rules.yaml"
private let people = World.roles([("owner", "ana@example.com", nil), ("member", "bo@example.com", nil)])

@Suite struct `Rights on commits, end to end` {
  @Test func `a refused change holds its scope alone, says why, and is released by a revert`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [
        rolesFile: people, "tenants/bank/x/rules.yaml": World.rules([("B", "up == 5")]),
      ])
      let controller = try await world.syncedController(["--commits", "author"])
      let refused = try await world.commit(
        as: "eve@example.com",
        [
          rulesFile: World.rules([("Evil", "up == 1")]),
          "tenants/shop/api/s.yaml": World.silence("all", "alertname=~\".+\""),
        ])
      try await controller.stands("shop/api", "Held (NotAuthorised)")
      #expect(try await controller.sync(of: "shop") == "Synced")
      #expect(try await controller.sync(of: "bank/x") == "Synced")
      let scope = try await controller.scope("shop/api")
      let message = scope.at("sync.message")?.string ?? ""
      for words in [String(refused.prefix(8)), "eve@example.com", "needs member of shop/api", "git checkout"] {
        #expect(message.contains(words), "\(message)")
      }
      #expect(scope.at("diagnostics.0.code")?.string == "not-authorised")
      #expect(scope.at("diagnostics.0.introducedBy")?.string == refused)
      #expect(try await controller.items("resources?kind=Silence").isEmpty)
      #expect(try await controller.items("resources?kind=RuleGroup&tenant=shop").count == 1)
      let rows = try await controller.items("audit").filter { $0["action"]?.string == "commit.refused" }
      #expect(rows.count == 1 && rows.first?["actor"]?.string == "eve <eve@example.com>")
      let verification = try await controller.get("status").at("source.verification")
      #expect(verification?["mode"]?.string == "author" && verification?["status"]?.string == "Refused")
      #expect(controller.events("commit.refused").count == 1)

      // What others may do in the scope waits, but for silences.
      try await world.commit(
        as: "bo@example.com", ["tenants/shop/api/t.yaml": World.silence("work", "alertname=\"X\"")])
      try await controller.eventually("the silence applies") {
        try await controller.items("resources?kind=Silence").count == 1
      }
      #expect(try await controller.sync(of: "shop/api") == "Held (NotAuthorised)")
      try await world.commit(
        as: "eve@example.com", [rulesFile: World.rules([("Down", "up == 0")]), "tenants/shop/api/s.yaml": nil])
      try await controller.stands("shop/api", "Synced")
      #expect(try await controller.get("status").at("source.verification.status")?.string == "Verified")
    }
  }

  @Test func `a refusal outlives a restart, and somebody with the right ends it`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [rolesFile: people])
      let first = try await world.syncedController(["--commits", "author"])
      try await world.commit(as: "eve@example.com", [rulesFile: World.rules([("Evil", "up == 1")])])
      try await first.stands("shop/api", "Held (NotAuthorised)")
      let other = try await world.commit(as: "bo@example.com", ["tenants/shop/b.yaml": World.rules([("B", "up == 2")])])
      try await first.applies(other)
      #expect(await first.stop() == 0)

      let second = try await world.controller(["--commits", "author"])
      try await second.applies(other)
      try await second.stands("shop/api", "Held (NotAuthorised)")
      try await second.eventually("its finding is there") {
        try await second.scope("shop/api").at("diagnostics.0.code")?.string == "not-authorised"
      }
      #expect(try await second.alertsOf("Evil").isEmpty)
      #expect(try await second.items("audit").count { $0["action"]?.string == "commit.refused" } == 1)
      try await world.commit(as: "ana@example.com", [rulesFile: World.rules([("Evil", "up == 3")])])
      try await second.stands("shop/api", "Synced")
    }
  }

  @Test func `grants hold from the next commit on, and nobody grants themselves one`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [rolesFile: people])
      let controller = try await world.syncedController(["--commits", "author"])
      let more = World.roles([
        ("owner", "ana@example.com", nil), ("member", "bo@example.com", nil), ("admin", "eve@example.com", nil),
      ])
      // One push of two commits: the grant comes first.
      try await world.commit(as: "ana@example.com", [rolesFile: more], push: false)
      let granted = try await world.commit(
        as: "eve@example.com", ["tenants/shop/c.yaml": World.channel("c", "console: {}")])
      try await controller.applies(granted)
      #expect(try await controller.sync(of: "shop") == "Synced")
      try await world.commit(
        as: "bo@example.com",
        [
          rolesFile: World.roles([("owner", "bo@example.com", nil)]),
          "tenants/shop/c.yaml": World.channel("c", "webhook: {url: 'http://127.0.0.1:1/x'}"),
        ])
      try await controller.stands("shop", "Held (NotAuthorised)")
    }
  }

  @Test func `a merge is judged by what it changes against its first parent, by whoever merged`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [rolesFile: people])
      let controller = try await world.syncedController(["--commits", "author"])
      try await world.git(["checkout", "-q", "-b", "topic"])
      try await world.commit(
        as: "eve@example.com", [rulesFile: World.rules([("Down", "up == 0"), ("New", "up == 7")])], push: false)
      try await world.git(["checkout", "-q", "main"])
      try await world.git(as: "bo@example.com", ["merge", "-q", "--no-ff", "-m", "Merge topic", "topic"])
      try await world.push()
      try await controller.applies(try await world.head())
      #expect(try await controller.sync(of: "shop/api") == "Synced")
    }
  }

  @Test func `signed commits count by their key, and by nothing else`() async throws {
    try await inWorld { world in
      let (ana, bo, eve) = (
        try await world.makeKey("ana"), try await world.makeKey("bo", "ecdsa"), try await world.makeKey("eve")
      )
      let roles = World.roles([("owner", "ana@example.com", ana.line), ("member", "bo@example.com", bo.line)])
      let root = try await world.makeRepository(with: [rolesFile: roles])
      let lost = try await world.run(World.belfry, world.runArguments(["--commits", "signed"]))
      #expect(lost.code == 64 && lost.errors.contains("give --trust-root"), "\(lost.errors)")

      let controller = try await world.syncedController(["--commits", "signed", "--trust-root", root])
      let signed = try await world.commit(
        as: "bo@example.com", [rulesFile: World.rules([("Down", "up == 0"), ("Two", "up == 2")])], key: bo.file)
      try await controller.applies(signed)
      #expect(try await controller.sync(of: "shop/api") == "Synced")
      let verification = try await controller.get("status").at("source.verification")
      #expect(verification?["signer"]?.string == "bo@example.com")
      #expect(verification?["fingerprint"]?.string?.hasPrefix("SHA256:") == true)
      #expect(verification?["trustRoot"]?.string == root)

      for (key, words) in [(nil, "it is unsigned"), (eve.file, "unknown key SHA256:")] {
        try await world.commit(
          as: "ana@example.com", [rulesFile: World.rules([("Evil", "up == \(words.count)")])], key: key)
        try await controller.eventually("it is refused: \(words)") {
          try await controller.scope("shop/api").at("sync.message")?.string?.contains(words) == true
        }
      }
      try await world.commit(as: "eve@example.com", [rulesFile: World.rules([("Down", "up == 0")])], key: ana.file)
      try await controller.stands("shop/api", "Synced")
    }
  }

  @Test func `a pinned root that the branch doesn't contain applies nothing`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [rolesFile: people])
      let controller = try await world.controller(
        ["--commits", "author", "--trust-root", String(repeating: "a", count: 40)])
      try await controller.eventually("it says so") {
        try await controller.get("status").at("source.lastError.message")?.string?.contains("--trust-root") == true
      }
      #expect(try await controller.items("tenants").isEmpty)
    }
  }

  @Test func `commits after a pinned root are judged at the first start, too`() async throws {
    try await inWorld { world in
      let root = try await world.makeRepository(with: [rolesFile: people])
      try await world.commit(as: "eve@example.com", [rulesFile: World.rules([("Evil", "up == 1")])])
      let controller = try await world.controller(["--commits", "author", "--trust-root", root])
      try await controller.stands("shop/api", "Held (NotAuthorised)")
    }
  }

  @Test func `files are left out only by somebody with the right to`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [
        rolesFile: people, "platform/roles.yaml": World.roles([("admin", "root@example.com", nil)]),
      ])
      let controller = try await world.syncedController(["--commits", "author"])
      try await world.commit(as: "ana@example.com", [".belfryignore": "tenants/shop/api/\n"])
      try await controller.stands("platform", "Held (NotAuthorised)")
      #expect(try await controller.sync(of: "shop/api") == "Synced")
      // An admin of the platform may leave rules out, but not a tenant's roles.
      try await world.commit(as: "root@example.com", [".belfryignore": "tenants/shop/api/\ntenants/shop/roles.yaml\n"])
      try await controller.stands("shop", "Held (NotAuthorised)")
      #expect(try await controller.sync(of: "platform") == "Synced")
      // The rules are left out now, and a folder that vanishes waits for an approval.
      try await controller.stands("shop/api", "Held (GuardTripped)")
    }
  }

  @Test func `silences of the second branch need the right as well`() async throws {
    try await inWorld { world in
      world.prometheus.set("up == 0", [["instance": "a"]])
      try await world.makeRepository(with: [rolesFile: people])
      let controller = try await world.syncedController(["--commits", "author", "--silences-ref", "silences"])
      try await world.git(["checkout", "-q", "-b", "silences"])
      for (person, name) in [("eve@example.com", "hers"), ("bo@example.com", "his")] {
        try await world.commit(
          as: person, ["tenants/shop/api/\(name).yaml": World.silence(name, "alertname=\"Other\"")], push: false)
      }
      try await world.git(["push", "-q", "origin", "silences"])
      try await controller.eventually("his applies") {
        try await controller.get("status").at("drift.runtimeOnly")?.array?.compactMap { $0["name"]?.string } == ["his"]
      }
      #expect(controller.events("silence.refused").count == 1)
      let rows = try await controller.items("audit").filter { $0["action"]?.string == "silence.refused" }
      #expect(rows.count == 1 && rows.first?["subject"]?.string?.contains("needs member of shop/api") == true)
    }
  }
}

extension RunningController {
  fileprivate func alertsOf(_ name: String) async throws -> [JSONValue] {
    try await alerts().filter { $0.at("labels.alertname")?.string == name }
  }
}

@Suite struct `Rights on the command line` {
  @Test func `can says yes or no, and by which binding`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [
        rolesFile: people + "---\n" + """
          apiVersion: belfry/v1
          kind: RoleBinding
          metadata:
            name: readers
          spec:
            role: viewer
            subjects: [{group: oncall}]

          """
      ])
      let cases: [(arguments: [String], code: Int32, words: String)] = [
        (
          ["bo@example.com", "update", rulesFile], 0,
          "yes: bo@example.com is member of shop/api by RoleBinding r1, tenants/shop/roles.yaml:"
        ),
        (["BO@example.com", "member", "tenants/shop"], 0, "yes"),
        (["bo@example.com", "owner", "tenants/shop"], 5, "no"),
        (["bo@example.com", "update", rolesFile], 5, "to update its RoleBinding needs owner"),
        (["ana@example.com", "delete", rolesFile], 0, "yes"),
        (
          ["bo@example.com", "create", "tenants/shop/api/new/x.yaml", "--kind", "Channel"], 0,
          "to create a Channel needs member"
        ),
        (["bo@example.com", "create", "tenants/shop", "--kind", "Channel"], 5, "needs admin"),
        (["eve@example.com", "read", "tenants/shop"], 5, "no: eve@example.com has no role in shop"),
        (["group:oncall", "read", "tenants/shop/api"], 0, "yes: group:oncall reads shop/api"),
        (["group:oncall", "update", rulesFile], 5, "no"),
        (["ana@example.com", "update", ".belfryignore"], 5, "no"),
        (["ana@example.com", "create", "tenants/shop"], 64, "add --kind"),
        (["ana@example.com", "create", "tenants/shop", "--kind", "Chanel"], 64, "did you mean 'Channel'?"),
        (["ana@example.com", "destroy", "tenants/shop"], 64, "are accepted"),
        (["ana@example.com", "read", "README.md"], 1, "lies in no scope"),
      ]
      for (arguments, code, words) in cases {
        let finished = try await world.run(World.belfry, ["rbac", "can"] + arguments, in: "alerts")
        #expect(finished.code == code, "\(arguments): \(finished.output)\(finished.errors)")
        #expect(
          (finished.output + finished.errors).contains(words), "\(arguments): \(finished.output)\(finished.errors)")
      }
    }
  }

  @Test func `check and diff judge a branch as the controller would`() async throws {
    try await inWorld { world in
      let base = try await world.makeRepository(with: [rolesFile: people])
      try await world.commit(as: "bo@example.com", [rulesFile: World.rules([("Down", "up == 0"), ("Two", "up == 2")])])
      let fine = try await world.run(World.belfry, ["rbac", "check", "--base", base], in: "alerts")
      #expect(fine.code == 0 && fine.output.contains("nothing is refused"), "\(fine.output)\(fine.errors)")
      try await world.commit(as: "bo@example.com", ["tenants/shop/c.yaml": World.channel("c", "console: {}")])
      let refused = try await world.run(World.belfry, ["rbac", "check", "--base", base], in: "alerts")
      #expect(refused.code == 5 && refused.output.contains("1 file refused; NotAuthorised: shop"))
      #expect(refused.errors.contains("tenants/shop/c.yaml:4:1: error: commit"), "\(refused.errors)")
      #expect(refused.errors.contains("creates Channel c, which needs admin of shop"))
      let json = try await world.run(World.belfry, ["rbac", "check", "--base", base, "--format", "json"], in: "alerts")
      #expect(json.code == 5)
      #expect(try JSONValue(parsing: Array(json.output.utf8)).at("refused.0.path")?.string == "tenants/shop/c.yaml")
      let signed = try await world.run(
        World.belfry, ["rbac", "check", "--base", base, "--commits", "signed"], in: "alerts")
      #expect(signed.code == 5 && signed.errors.contains("it is unsigned"))
      let diff = try await world.run(World.belfry, ["diff", "--base", base, "--commits", "author"], in: "alerts")
      #expect(diff.code == 5 && diff.output.contains("shop  Held: NotAuthorised"), "\(diff.output)\(diff.errors)")
      let plain = try await world.run(World.belfry, ["diff", "--base", base], in: "alerts")
      #expect(plain.code == 0 && plain.output.contains("+ Channel c"))
      let off = try await world.run(World.belfry, ["rbac", "check", "--commits", "off"], in: "alerts")
      #expect(off.code == 64)
    }
  }
}

@Suite struct `Files that may declare bindings` {
  @Test(arguments: [
    ("kind: RoleBinding", true), ("kind: \"Role\\x42inding\"", true), ("kind: \"Role\\\nBinding\"", true),
    ("kind: \"\\u0052oleBinding\"", true), ("kind: Channel", false), ("", false), ("RoleBindin", false),
    ("expr: up{a=~\"\\\\d+\"}", false), ("RoleRoleBinding", true), ("\\", false),
  ])
  func `are found without parsing`(text: String, isFound: Bool) {
    #expect(BindingSearch.mayDeclare(Array(text.utf8)) == isFound)
  }
}

@Suite struct `Losing what rights rest on` {
  @Test func `a lost mirror begins at what the ledger knows was applied`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [rolesFile: people])
      let first = try await world.syncedController(["--commits", "author"])
      #expect(await first.stop() == 0)
      try FileManager.default.removeItem(atPath: world.path("data/mirror.git"))
      try await world.commit(as: "eve@example.com", [rulesFile: World.rules([("Evil", "up == 1")])])
      let second = try await world.controller(["--commits", "author"])
      try await second.stands("shop/api", "Held (NotAuthorised)")
    }
  }

  @Test func `a policy that is turned on trusts what is applied, and one that is turned off forgets`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: [rolesFile: people])
      let off = try await world.syncedController()
      let trusted = try await world.commit(as: "eve@example.com", [rulesFile: World.rules([("Eve", "up == 1")])])
      try await off.applies(trusted)
      #expect(await off.stop() == 0)
      let author = try await world.controller(["--commits", "author"])
      try await world.commit(as: "eve@example.com", [rulesFile: World.rules([("Eve", "up == 2")])])
      try await author.stands("shop/api", "Held (NotAuthorised)")
      #expect(await author.stop() == 0)
      let again = try await world.controller()
      try await again.stands("shop/api", "Synced")
      try await again.eventually("the policy is shown") {
        try await again.get("status").at("source.verification.status")?.string == "Off"
      }
    }
  }
}
