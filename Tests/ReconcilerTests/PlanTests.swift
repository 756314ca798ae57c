import Diagnostics
import Model
import Reconciler
import Specs
import TestKit
import Testing

@Suite struct `Planning a revision` {
  private let base = [
    file("platform/sources.yaml", .platform, source(), channel(.platform, "fallback")),
    file("tenants/shop/tenant.yaml", shop, channel(shop, "oncall"), route(shop, to: "oncall")),
    file("tenants/shop/checkout/rules.yaml", checkout, group(checkout, "a")),
    file("tenants/shop/search/rules.yaml", search, group(search, "b")),
  ]

  @Test func `creates from the platform downwards and by stage`() {
    var reconciler = Reconciler()
    let plan = reconciler.sync(1, base)
    #expect(
      plan.lines == [
        "+ platform DataSource main", "+ platform Channel fallback", "+ shop Channel oncall", "+ shop Route default",
        "+ shop/checkout RuleGroup rules.yaml:a", "+ shop/search RuleGroup rules.yaml:b",
      ])
  }

  @Test func `is empty when nothing changed, and when only the layout did`() {
    var reconciler = Reconciler()
    reconciler.sync(1, base)
    #expect(reconciler.sync(2, []).isEmpty)
    #expect(reconciler.sync(3, base).steps.isEmpty)
  }

  @Test func `names the fields that differ`() throws {
    var reconciler = Reconciler()
    reconciler.sync(1, base)
    let plan = reconciler.sync(2, [file("tenants/shop/checkout/rules.yaml", checkout, group(checkout, "a", hold: 60))])
    guard case .update(let before, let after) = try #require(plan.steps.first) else {
      Issue.record("expected an update")
      return
    }
    let changes = FieldChange.between(before, after)
    #expect(changes.map(\.path) == ["rules[0] Alert0.for"])
    #expect(changes.map(\.after) == ["1m"])
  }

  @Test func `holds the broken project alone, and applies its silence`() {
    var reconciler = Reconciler()
    reconciler.sync(1, base)
    let plan = reconciler.sync(
      2,
      [
        file("tenants/shop/checkout/rules.yaml", checkout, error: "broken"),
        file("tenants/shop/checkout/silences.yaml", checkout, silence(checkout, "work")),
        file("tenants/shop/search/rules.yaml", search, group(search, "b", hold: 60)),
      ])
    #expect(
      plan.lines == [
        "shop/checkout: held ValidationFailed", "+ shop/checkout Silence work", "~ shop/search RuleGroup rules.yaml:b",
      ])
    #expect(reconciler.live[ResourceID(checkout, .ruleGroup, "rules.yaml:a")] != nil)
    #expect(reconciler.live.scopes[checkout]?.applied == revision(1))
    #expect(reconciler.live.scopes[search]?.applied == revision(2))
  }

  @Test func `keeps a silence whose file no longer parses`() {
    var reconciler = Reconciler()
    reconciler.sync(1, base + [file("tenants/shop/checkout/silences.yaml", checkout, silence(checkout, "work"))])
    let plan = reconciler.sync(2, [file("tenants/shop/checkout/silences.yaml", checkout, error: "broken")])
    #expect(plan.lines == ["shop/checkout: held ValidationFailed"])
    #expect(reconciler.live[ResourceID(checkout, .silence, "work")] != nil)
  }

  @Test func `holds a scope that names what only a held scope has`() {
    var reconciler = Reconciler()
    reconciler.sync(1, base)
    let plan = reconciler.sync(
      2,
      [
        file("platform/new.yaml", .platform, channel(.platform, "pager"), error: "broken"),
        file("tenants/shop/search/route.yaml", search, route(search, to: "pager")),
      ])
    #expect(plan.lines == ["platform: held ValidationFailed", "shop/search: held DependencyHeld"])
    let released = reconciler.sync(3, [file("platform/new.yaml", .platform, channel(.platform, "pager"))])
    #expect(released.lines == ["+ platform Channel pager", "+ shop/search Route default"])
  }

  @Test func `keeps what a held scope still uses, and lets it go later`() {
    var reconciler = Reconciler()
    reconciler.sync(
      1, base + [file("tenants/shop/search/route.yaml", search, route(search, to: "fallback"))])
    let plan = reconciler.sync(
      2,
      [
        file("platform/sources.yaml", .platform, source()),
        file("tenants/shop/search/route.yaml", search, error: "broken"),
      ])
    #expect(
      plan.lines == [
        "= platform Channel fallback used by shop/search Route default", "shop/search: held ValidationFailed",
      ])
    #expect(reconciler.live[ResourceID(.platform, .channel, "fallback")] != nil)
    let later = reconciler.sync(3, [("tenants/shop/search/route.yaml", nil)])
    #expect(later.lines == ["- platform Channel fallback", "- shop/search Route default"])
  }

  @Test func `a platform change that removes what a tenant names holds that tenant`() {
    var reconciler = Reconciler()
    reconciler.sync(1, base + [file("tenants/shop/search/route.yaml", search, route(search, to: "fallback"))])
    let plan = reconciler.sync(2, [file("platform/sources.yaml", .platform, source())])
    #expect(
      plan.lines == [
        "= platform Channel fallback used by shop/search Route default", "shop/search: held ValidationFailed",
      ])
    #expect(plan.scopes.last?.diagnostics.map(\.code) == ["unknown-reference"])
  }

  @Test func `follows a group whose file moved, and a name given up`() {
    var reconciler = Reconciler()
    reconciler.sync(1, base)
    let moved = reconciler.sync(
      2,
      [
        ("tenants/shop/checkout/rules.yaml", nil),
        file("tenants/shop/checkout/deep/disk.yaml", checkout, group(checkout, "a", in: "deep/disk.yaml")),
      ])
    #expect(moved.lines == ["> rules.yaml:a to shop/checkout RuleGroup deep/disk.yaml:a"])
    var renamed = channel(shop, "pager")
    renamed.previousNames = ["oncall"]
    let plan = reconciler.sync(3, [file("tenants/shop/tenant.yaml", shop, renamed, route(shop, to: "pager"))])
    #expect(plan.lines == ["> oncall to shop Channel pager", "~ shop Route default"])
  }

  @Test func `refuses to delete too much without an approval`() {
    var reconciler = Reconciler()
    reconciler.sync(1, base + [file("tenants/shop/search/many.yaml", search, group(search, "many", rules: 20))])
    let plan = reconciler.sync(2, [("tenants/shop/search/many.yaml", nil)])
    #expect(plan.lines == ["shop/search: held GuardTripped"])
    #expect(
      plan.scopes.first?.explanation
        == "20 of 21 rules, routes and channels of shop/search would be deleted, more than 50 %; "
        + "if that is meant, add an Approval with 'deletions: 20' and an 'until' in tenants/shop/ or platform/")
    let until = Timestamp(millisecondsSinceEpoch: 1000)
    let approval = resource(shop, .approval, "cleanup", .approval(ApprovalSpec(deletions: 20, until: until)))
    let approved = reconciler.sync(3, [file("tenants/shop/approval.yaml", shop, approval)])
    #expect(approved.lines == ["+ shop Approval cleanup", "- shop/search RuleGroup rules.yaml:many"])
  }

  @Test func `an empty tree deletes nothing`() {
    var reconciler = Reconciler()
    reconciler.sync(1, base)
    let plan = reconciler.sync(2, base.map { ($0.path, nil) })
    #expect(plan.steps.isEmpty)
    #expect(plan.scopes.allSatisfy { $0.decision == .hold(.guardTripped) })
  }

  @Test func `a paused tenant keeps its projects as they are until the pause ends`() {
    var reconciler = Reconciler()
    reconciler.sync(1, base)
    var settings = ScopeSettings()
    settings.sync = .paused
    settings.syncUntil = Timestamp(millisecondsSinceEpoch: 5000)
    let paused = resource(shop, .tenant, "shop", .tenant(settings))
    let change = [
      file("tenants/shop/pause.yaml", shop, paused),
      file("tenants/shop/search/rules.yaml", search, group(search, "b", hold: 60)),
    ]
    #expect(reconciler.sync(2, change).lines == ["shop: suspended", "shop/search: suspended"])
    let later = reconciler.sync(3, [], at: Timestamp(millisecondsSinceEpoch: 5000))
    #expect(later.lines == ["+ shop Tenant shop", "~ shop/search RuleGroup rules.yaml:b"])
  }

  @Test func `a restart knows what was live and plans only the difference`() {
    var first = Reconciler()
    first.sync(1, base)
    var second = Reconciler()
    for scope in [Scope.platform, shop, checkout, search] {
      second.restore(Array(first.live.resources(in: scope).values), of: scope, at: revision(1))
    }
    second.see(base.dropLast() + [file("tenants/shop/search/rules.yaml", search, group(search, "b", hold: 60))])
    let plan = second.plan(for: revision(2), at: .epoch)
    #expect(plan.lines == ["~ shop/search RuleGroup rules.yaml:b"])
  }
}
