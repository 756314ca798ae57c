import Foundation
import Model
import Specs
import StatusAPI
import TestKit
import Testing

@testable import Controller

@Suite struct `What role bindings show` {
  private static func binding(_ scope: Scope, _ name: String, _ subjects: String, role: String = "viewer") -> Resource?
  {
    let file = SpecFile.parse(
      path: scope.path + "/roles.yaml",
      bytes: Array(
        """
        apiVersion: belfry/v1
        kind: RoleBinding
        metadata:
          name: \(name)
        spec:
          role: \(role)
          subjects: [\(subjects)]

        """.utf8))
    return file.resources.first
  }

  static let index = ReaderIndex(
    [
      binding(.tenant("shop"), "ana", "{user: Ana@example.com}"),
      binding(.project(tenant: "billing", project: "api"), "project", "{group: api-team}", role: "member"),
      binding(.tenant("shop"), "team", "{group: shop-team}, {group: all-teams}", role: "owner"),
      binding(.tenant("billing"), "teams", "{group: all-teams}", role: "admin"),
      binding(.platform, "sre", "{group: sre}, {user: pia@example.com}"),
    ].compactMap { $0 })

  static let readers: [(user: String, groups: [String], sees: Visibility?)] = [
    ("ana@example.com", [], .tenants(["shop"])), ("ANA@EXAMPLE.COM", ["other"], .tenants(["shop"])),
    ("u-17", ["api-team"], .tenants(["billing"])), ("u-17", ["shop-team"], .tenants(["shop"])),
    ("u-17", ["all-teams"], .tenants(["billing", "shop"])),
    ("ana@example.com", ["api-team"], .tenants(["billing", "shop"])),
    ("u-17", ["sre"], .all), ("pia@example.com", ["shop-team"], .all), ("ana@example.com", ["sre"], .all),
    ("u-17", [], nil), ("shop-team", ["SRE", "Shop-Team", ""], nil), ("", ["ana@example.com"], nil),
  ]

  @Test(arguments: readers.indices)
  func `is the tenant of the binding, or everything for one of the platform`(index: Int) {
    let (user, groups, sees) = Self.readers[index]
    #expect(Self.index.visibility(of: Principal(user: user, groups: groups)) == sees)
  }
}

@Suite struct `The file of tokens` {
  private static let digest = String(repeating: "ab", count: 32)

  @Test func `has a token a line, with comments`() throws {
    let text = "# readers\n\n \(Self.digest) # everything\r\nshop=\(Self.digest)@shop+billing\n"
    let tokens = try TokenFile.tokens(in: Array(text.utf8))
    #expect(tokens.map(\.name) == ["", "shop"])
    #expect(tokens.map(\.visibility) == [.all, .tenants(["shop", "billing"])])
    #expect(try TokenFile.tokens(in: []).isEmpty)
  }

  @Test func `tells the line that is wrong, and not what stands there`() {
    #expect {
      try TokenFile.tokens(in: Array("\(Self.digest)\nmy-secret\n".utf8))
    } throws: { error in
      "\(error)".hasPrefix("line 2: ") && !"\(error)".contains("my-secret")
    }
  }

  @Test func `is read again when it changes, and stays as it was while it is wrong`() async throws {
    try await inWorld { world in
      let now = Timestamp(millisecondsSinceEpoch: 1_790_000_000_000)
      try world.write(Self.digest + "\n", to: "tokens")
      let file = try TokenFile(world.path("tokens"), at: now)
      var told: [String?] = []
      func count(_ seconds: Int) -> Int { file.tokens(at: now + .seconds(seconds)) { told.append($0) }.count }
      #expect(count(1) == 1)
      try world.write("\(Self.digest)\nb=\(Self.digest)\n", to: "tokens")
      #expect(count(1) == 1 && count(2) == 2)
      try world.write("oops\n", to: "tokens")
      #expect(count(3) == 2 && count(4) == 2)
      try world.write("", to: "tokens")
      #expect(count(5) == 0)
      #expect(told.count == 2 && told[0]?.hasPrefix("line 1: ") == true && told[1] == nil)
    }
  }
}

@Suite struct `Settings of readers` {
  private static func problems(_ flags: [String: String]) -> String {
    do {
      _ = try Settings(
        SettingValues(
          flags: flags.merging(["repo": "file:///nowhere"]) { $1 }.mapValues { .some($0) }, environment: { _ in nil },
          file: nil))
      return ""
    } catch {
      return "\(error)"
    }
  }

  static let wrong: [(flags: [String: String], says: String)] = [
    (["oidc-issuer": "https://id.example.com"], "--oidc-issuer needs --oidc-audience"),
    (["oidc-audience": "belfry"], "--oidc-audience is for --oidc-issuer, which is missing"),
    (["oidc-groups-claim": "groups"], "--oidc-groups-claim is for --oidc-issuer"),
    (["oidc-issuer": "http://id.example.com", "oidc-audience": "belfry"], "--oidc-issuer 'http://id.example.com'"),
    (["oidc-issuer": "http://localhost@id.example.com", "oidc-audience": "belfry"], "https:// is accepted"),
    (["oidc-issuer": "http://localhost.example.com", "oidc-audience": "belfry"], "https:// is accepted"),
    (
      ["oidc-issuer": "https://id.example.com", "oidc-audience": "b", "oidc-jwks-url": "http://10.0.0.1/keys"],
      "--oidc-jwks-url 'http://10.0.0.1/keys'"
    ),
    (
      ["oidc-issuer": "https://id.example.com", "oidc-audience": "b", "oidc-ca-file": "/nowhere/ca.pem"],
      "--oidc-ca-file '/nowhere/ca.pem'"
    ),
    (["listen": "0.0.0.0:8080"], "--token-sha256-file or --oidc-issuer"),
  ]

  @Test(arguments: wrong.indices)
  func `say which of them is wrong`(index: Int) {
    let (flags, says) = Self.wrong[index]
    let told = Self.problems(flags)
    #expect(told.contains(says), "\(told)")
  }

  @Test(arguments: ["http://localhost:8081/realms/acme", "http://127.0.0.1:8081", "http://[::1]:1", "https://x"])
  func `take an issuer by https, and on loopback by http`(issuer: String) {
    #expect(Self.problems(["oidc-issuer": issuer, "oidc-audience": "belfry", "listen": "0.0.0.0:8080"]) == "")
  }
}
