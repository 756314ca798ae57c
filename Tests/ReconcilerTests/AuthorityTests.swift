import Diagnostics
import Model
import Reconciler
import Specs
import Testing

private let roles = file(
  "tenants/shop/roles.yaml", shop, binding(shop, .owner, "ana@example.com"), binding(shop, .member, "bo@example.com"))
private let channels = file("tenants/shop/channels.yaml", shop, channel(shop, "oncall"))
private let rules = file("tenants/shop/rules.yaml", shop, group(shop, "a"))
private let root = [roles, channels, rules]

@Suite struct `Rights on commits` {
  @Test func `a commit may change what its author's role allows`() {
    var judged = Judged(root)
    judged.commit(by: "bo@example.com", [file(rules.path, shop, group(shop, "a", hold: 60))])
    #expect(judged.isFollowed)
    judged.commit(by: "BO@Example.COM", [file(rules.path, shop, group(shop, "a", hold: 70))])
    #expect(judged.isFollowed)
    judged.commit(by: "bo@example.com", [file(channels.path, shop, channel(shop, "oncall", timeout: .seconds(1)))])
    #expect(judged.refused == [channels.path])
  }

  @Test func `a refusal says which commit, who, which role, and how it is released`() throws {
    var judged = Judged(root)
    let verdict = judged.commit(
      by: "bo@example.com", [file(channels.path, shop, channel(shop, "oncall", timeout: .seconds(1)))])
    let refusal = try #require(verdict.refused.first)
    #expect(
      refusal.message.hasPrefix(
        "commit 00000000 by bo <bo@example.com> updates Channel oncall, which needs admin of shop"))
    #expect(refusal.message.hasSuffix("there they are member (RoleBinding member, tenants/shop/roles.yaml:1)"))
    #expect(refusal.remedy.contains("let an admin of shop commit a change of this file"))
    #expect(refusal.remedy.contains("git checkout 00000000 -- tenants/shop/channels.yaml"))
    let stranger = judged.commit(by: "eve@example.com", [("tenants/shop/rules.yaml", nil)])
    #expect(stranger.refused.first?.message.hasSuffix("which needs member of shop; there they have no role") == true)
    let new = judged.commit(by: "eve@example.com", [file("tenants/shop/new.yaml", shop, silence(shop, "x"))])
    #expect(new.refused.first?.remedy.hasSuffix("git rm tenants/shop/new.yaml") == true)
  }

  @Test func `a file is refused whole when a part of its change is`() {
    let both = file(channels.path, shop, channel(shop, "oncall"), group(shop, "b"))
    var judged = Judged([roles, both])
    judged.commit(
      by: "bo@example.com",
      [
        file(channels.path, shop, channel(shop, "oncall", timeout: .seconds(1)), group(shop, "b", hold: 5)),
        file(rules.path, shop, group(shop, "c")),
      ])
    #expect(judged.refused == [channels.path])
  }

  @Test func `a change without meaning needs a member`() {
    for (author, isFollowed) in [("bo@example.com", true), ("eve@example.com", false)] {
      var judged = Judged(root)
      let moved = channel(shop, "oncall").placed(channels.path, line: 7)
      judged.commit(
        by: author, [(channels.path, SpecFile(path: channels.path, scope: shop, content: .specs, resources: [moved]))])
      #expect(judged.isFollowed == isFollowed)
    }
  }

  @Test func `previous names are a change`() {
    var judged = Judged(root)
    judged.commit(
      by: "bo@example.com",
      [file(channels.path, shop, resource(shop, .channel, "oncall", channel(shop, "oncall").spec, previously: ["old"]))]
    )
    #expect(judged.refused == [channels.path])
  }

  @Test func `paths outside the scopes ask for no right`() {
    var judged = Judged(root)
    judged.commit(by: "eve@example.com", [("README.md", nil), ("docs/x.yaml", nil)])
    #expect(judged.isFollowed)
  }
}

@Suite struct `Releasing what was refused` {
  private let changed = file(channels.path, shop, channel(shop, "oncall", timeout: .seconds(1)))

  @Test func `content that is as it was again is released, whoever restores it`() {
    var judged = Judged(root)
    judged.commit(by: "eve@example.com", [changed])
    let verdict = judged.commit(by: "eve@example.com", [channels])
    #expect(judged.isFollowed && verdict.released == [channels.path])
    judged.commit(by: "eve@example.com", [file("tenants/shop/new.yaml", shop, silence(shop, "x"))])
    judged.commit(by: "eve@example.com", [("tenants/shop/new.yaml", nil)])
    #expect(judged.isFollowed)
  }

  @Test func `a commit with the right to all that differs releases it`() {
    var judged = Judged(root)
    judged.commit(by: "eve@example.com", [changed])
    // A member's change doesn't, since the channel differs still.
    let both = file(channels.path, shop, channel(shop, "oncall", timeout: .seconds(1)), group(shop, "z"))
    judged.commit(by: "bo@example.com", [both])
    #expect(judged.refused == [channels.path])
    #expect(judged.authority.refusals[channels.path]?.commit.authorEmail == "bo@example.com")
    #expect(judged.authority.refusals[channels.path]?.authorisedIn == commitID(0))
    judged.commit(by: "ana@example.com", [file(channels.path, shop, channel(shop, "oncall", timeout: .seconds(2)))])
    #expect(judged.isFollowed)
  }

  @Test func `other files of the scope are judged by themselves`() {
    var judged = Judged(root)
    judged.commit(by: "eve@example.com", [changed])
    judged.commit(by: "bo@example.com", [file(rules.path, shop, group(shop, "a", hold: 9))])
    #expect(judged.refused == [channels.path])
    #expect(!judged.authority.isClean)
  }
}

@Suite struct `Grants` {
  private func granting(_ role: Role, _ person: String) -> (path: String, file: SpecFile?) {
    file(
      roles.path, shop, binding(shop, .owner, "ana@example.com"), binding(shop, .member, "bo@example.com"),
      binding(shop, role, person, name: "granted"))
  }

  @Test func `hold from the commit after the one that grants them`() {
    var judged = Judged(root)
    let new = file("tenants/shop/checkout/rules.yaml", checkout, group(checkout, "x"))
    judged.commit(by: "eve@example.com", [new])
    #expect(judged.refused == [new.path])
    judged.commit(by: "ana@example.com", [granting(.member, "eve@example.com")])
    judged.commit(by: "eve@example.com", [file(new.path, checkout, group(checkout, "x", hold: 1))])
    #expect(judged.isFollowed)
  }

  @Test func `nobody grants themselves a right, in the same commit or before`() {
    var judged = Judged(root)
    let more = file(channels.path, shop, channel(shop, "oncall", timeout: .seconds(1)))
    judged.commit(by: "bo@example.com", [granting(.owner, "bo@example.com"), more])
    #expect(judged.refused == [channels.path, roles.path])
    judged.commit(by: "bo@example.com", [file(channels.path, shop, channel(shop, "oncall", timeout: .seconds(3)))])
    #expect(judged.refused == [channels.path, roles.path])
    #expect(judged.authority.bindings.standing(ofAuthor: "bo@example.com", in: shop) != .stranger)
  }

  @Test func `an admin can't make owners, nor a tenant's owner those of the platform or of another tenant`() {
    let platform = file("platform/roles.yaml", .platform, binding(.platform, .owner, "root@example.com"))
    var judged = Judged(root + [platform])
    judged.commit(by: "ana@example.com", [granting(.admin, "ada@example.com")])
    judged.commit(by: "ada@example.com", [granting(.owner, "ada@example.com")])
    #expect(judged.refused == [roles.path])
    judged.commit(
      by: "ana@example.com", [file(platform.path, .platform, binding(.platform, .owner, "ana@example.com"))])
    #expect(judged.refused == [platform.path, roles.path])
    judged.commit(
      by: "ana@example.com",
      [file("tenants/bank/r.yaml", .tenant("bank"), binding(.tenant("bank"), .owner, "ana@example.com"))])
    #expect(judged.refused.count == 3)
  }

  @Test func `that are taken away no longer hold in the next commit`() {
    var judged = Judged(root)
    judged.commit(by: "ana@example.com", [file(roles.path, shop, binding(shop, .owner, "ana@example.com"))])
    judged.commit(by: "bo@example.com", [file(rules.path, shop, group(shop, "a", hold: 60))])
    #expect(judged.refused == [rules.path])
  }

  @Test func `taking a folder over needs its owner, too`() {
    let bank = Scope.tenant("bank")
    var tenant = resource(shop, .tenant, "shop", .tenant(ScopeSettings()))
    tenant.previousNames = ["bank"]
    let claim = file("tenants/shop/tenant.yaml", shop, tenant)
    var judged = Judged(root + [file("tenants/bank/roles.yaml", bank, binding(bank, .owner, "bea@example.com"))])
    let verdict = judged.commit(by: "ana@example.com", [claim])
    #expect(verdict.refused.first?.reason == .claim(bank))
    #expect(verdict.refused.first?.message.hasSuffix("takes over bank, which needs owner there as well") == true)
    let both = file("tenants/bank/roles.yaml", bank, binding(bank, .owner, "bea@example.com", "ana@example.com"))
    judged.commit(by: "bea@example.com", [both])
    var settings = ScopeSettings()
    settings.displayName = "Shop"
    var named = resource(shop, .tenant, "shop", .tenant(settings))
    named.previousNames = ["bank"]
    judged.commit(by: "ana@example.com", [file("tenants/shop/tenant.yaml", shop, named)])
    #expect(judged.refused == [])
  }

  @Test func `the last owner stays`() {
    var judged = Judged(root)
    let verdict = judged.commit(by: "ana@example.com", [(roles.path, nil)])
    #expect(verdict.refused.first?.reason == .lastOwner)
    #expect(verdict.refused.first?.message.hasSuffix("which would leave shop without an owner") == true)
    judged.commit(by: "ana@example.com", [file(roles.path, shop, binding(shop, .owner, [.group("oncall")]))])
    #expect(judged.refused == [roles.path])
    judged.commit(by: "ana@example.com", [file(roles.path, shop, binding(shop, .owner, "bo@example.com"))])
    #expect(judged.isFollowed)
    judged.commit(by: "ana@example.com", [roles])
    #expect(judged.refused == [roles.path])
  }

  @Test func `an owner above lets a scope's own go, and another file may name the next one`() {
    let above = file("platform/roles.yaml", .platform, binding(.platform, .owner, "root@example.com"))
    var judged = Judged(root + [above])
    judged.commit(by: "ana@example.com", [(roles.path, nil)])
    #expect(judged.isFollowed)
    judged.commit(by: "root@example.com", [(above.path, nil)])
    #expect(judged.refused == [above.path])

    var moving = Judged(root)
    moving.commit(
      by: "ana@example.com",
      [(roles.path, nil), file("tenants/shop/owners.yaml", shop, binding(shop, .owner, "ana@example.com"))])
    #expect(moving.isFollowed)
  }
}

@Suite struct `Content that can't be read` {
  @Test func `is a member's to leave, and is measured by what it said before`() {
    var judged = Judged(root)
    judged.commit(by: "bo@example.com", [file(roles.path, shop, error: "broken")])
    #expect(judged.isFollowed && !judged.authority.isClean)
    // The bindings hold on, so the mended file is measured by them.
    judged.commit(by: "bo@example.com", [file(roles.path, shop, binding(shop, .owner, "bo@example.com"))])
    #expect(judged.refused == [roles.path])
    judged.commit(by: "bo@example.com", [roles])
    #expect(judged.isFollowed && judged.authority.isClean)
  }

  @Test func `asks for the role of the kinds that it does say`() {
    var judged = Judged(root)
    judged.commit(
      by: "bo@example.com", [file(channels.path, shop, channel(shop, "oncall", timeout: .seconds(1)), error: "broken")])
    #expect(judged.refused == [channels.path])
    judged.commit(by: "bo@example.com", [file(channels.path, shop, channel(shop, "oncall"), error: "broken")])
    #expect(judged.isFollowed)
    var unreadable = SpecFile(path: channels.path, scope: shop, content: .specs)
    unreadable.unreadable = [ResourceID(shop, .dataSource, "main")]
    unreadable.diagnostics = file("x", shop, error: "other").file?.diagnostics ?? unreadable.diagnostics
    judged.commit(by: "bo@example.com", [(channels.path, unreadable)])
    #expect(judged.refused == [channels.path])
    #expect(judged.authority.refusals[channels.path]?.change?.verb == .create)
  }

  @Test func `by a stranger is refused`() {
    var judged = Judged(root)
    judged.commit(by: "eve@example.com", [file(rules.path, shop, error: "broken")])
    #expect(judged.refused == [rules.path])
  }
}
