import Diagnostics
import Model
import Reconciler
import Specs
import TestKit
import Testing

@Suite struct `The guard of deletions` {
  private let base = [
    file("platform/sources.yaml", .platform, source()),
    file("tenants/shop/tenant.yaml", shop, channel(shop, "oncall"), route(shop, to: "oncall")),
    file("tenants/shop/checkout/rules.yaml", checkout, group(checkout, "a", rules: 3)),
    file("tenants/shop/checkout/more.yaml", checkout, group(checkout, "b", in: "more.yaml", rules: 9)),
    file("tenants/shop/search/rules.yaml", search, group(search, "c", in: "rules.yaml", rules: 2)),
  ]
  private let firing: FiringAlerts = [
    ResourceID(checkout, .ruleGroup, "more.yaml:b"): ["Alert4": 2, "Alert5": 1],
    ResourceID(search, .ruleGroup, "rules.yaml:c"): ["Alert1": 1],
  ]

  private func approval(
    _ scope: Scope, _ deletions: Int, until: Int64 = 1000, only: Scope? = nil
  ) -> (path: String, file: SpecFile?) {
    var spec = ApprovalSpec(deletions: deletions, until: Timestamp(millisecondsSinceEpoch: until))
    spec.scope = only
    return file(scope.path + "/approval.yaml", scope, resource(scope, .approval, "cleanup", .approval(spec)))
  }

  /// What a revision that changes these files says.
  private func told(
    _ changes: [(path: String, file: SpecFile?)], limits: DeletionLimits = .init(), at now: Timestamp = .epoch
  ) -> Plan {
    var reconciler = Reconciler(limits: limits)
    reconciler.sync(1, base)
    reconciler.see(changes)
    return reconciler.plan(for: revision(2), at: now, firing: firing)
  }

  @Test func `every trip says what would go`() {
    var texts: [String] = []
    let removed: (path: String, file: SpecFile?) = ("tenants/shop/checkout/more.yaml", nil)
    texts.append("# share\n" + told([removed]).text())
    texts.append("# count\n" + told([removed], limits: DeletionLimits(count: 5, share: 1)).text())
    texts.append("# folder gone\n" + told([("tenants/shop/search/rules.yaml", nil)]).text())
    texts.append("# tenant gone\n" + told(base.dropFirst().map { ($0.path, nil) }).text())
    texts.append("# empty tree\n" + told(base.map { ($0.path, nil) }).text())
    texts.append("# approved\n" + told([removed, approval(shop, 9)]).text())
    texts.append("# approval too small\n" + told([removed, approval(shop, 8)]).text())
    let later = Timestamp(millisecondsSinceEpoch: 1000)
    texts.append("# approval ended\n" + told([removed, approval(shop, 9)], at: later).text())
    texts.append("# approval of another project\n" + told([removed, approval(shop, 9, only: search)]).text())
    texts.append("# approval of this project\n" + told([removed, approval(shop, 9, only: checkout)]).text())
    texts.append("# unreadable\n" + told([file("tenants/shop/checkout/more.yaml", checkout, error: "broken")]).text())
    #expect(goldenDifference(texts.joined(separator: "\n"), "guards.txt") == nil)
  }

  @Test func `a rule that moves to another group or is renamed in place isn't lost`() {
    let moved = told([
      ("tenants/shop/checkout/more.yaml", nil),
      file("tenants/shop/checkout/rules.yaml", checkout, group(checkout, "a", rules: 12)),
    ])
    #expect(moved.scopes.allSatisfy { $0.decision == .apply })
    #expect(moved.losses.count == 3)
  }

  @Test func `an approval in a scope that is held counts as it is live`() {
    let plan = told([
      ("tenants/shop/checkout/more.yaml", nil), approval(shop, 9),
      file("tenants/shop/broken.yaml", shop, error: "broken"),
    ])
    #expect(plan.lines == ["shop: held ValidationFailed", "shop/checkout: held GuardTripped"])
  }

  @Test(arguments: [("50%", 0.5), ("0.25", 0.25), ("100%", 1), ("0", 0), ("150%", nil), ("a", nil), ("-1", nil)])
  func `reads a share`(text: String, share: Double?) {
    #expect(DeletionLimits.share(parsing: text) == share)
  }
}

@Suite struct `Folders under new names` {
  private static let store = Scope.tenant("store")
  private static let storeCheckout = Scope.project(tenant: "store", project: "checkout")

  private static func tenant(_ name: String, was former: String...) -> Resource {
    resource(.tenant(name), .tenant, name, .tenant(ScopeSettings()), previously: former)
  }

  private let base = [
    file("platform/sources.yaml", .platform, source()),
    file("tenants/shop/tenant.yaml", shop, tenant("shop"), channel(shop, "oncall"), route(shop, to: "oncall")),
    file("tenants/shop/checkout/rules.yaml", checkout, group(checkout, "a", rules: 30)),
  ]

  private func renamed(_ more: [(path: String, file: SpecFile?)] = []) -> [(path: String, file: SpecFile?)] {
    base.dropFirst().map { ($0.path, nil) } + [
      file(
        "tenants/store/tenant.yaml", Self.store, Self.tenant("store", was: "shop"), channel(Self.store, "oncall"),
        route(Self.store, to: "oncall")),
      file("tenants/store/checkout/rules.yaml", Self.storeCheckout, group(Self.storeCheckout, "a", rules: 30)),
    ] + more
  }

  @Test func `a renamed tenant is one move, whatever its size`() {
    var reconciler = Reconciler()
    reconciler.sync(1, base)
    reconciler.see(renamed())
    let plan = reconciler.plan(
      for: revision(2), at: .epoch, firing: [ResourceID(checkout, .ruleGroup, "rules.yaml:a"): ["Alert1": 3]])
    #expect(
      plan.text() == """
        store  moved from shop
          > 3 as they are

        store/checkout  moved from shop/checkout
          > 1 as they are, 3 firing kept

        0 to create, 0 to update, 4 to move, 0 to delete

        """)
    reconciler.applied(plan)
    #expect(reconciler.live.scopes.keys.sorted() == [.platform, Self.store, Self.storeCheckout])
    #expect(reconciler.plan(for: revision(3), at: .epoch).isEmpty)
  }

  @Test func `it goes whole or not at all`() {
    var reconciler = Reconciler()
    reconciler.sync(1, base)
    let broken = reconciler.sync(
      2, renamed([file("tenants/store/checkout/more.yaml", Self.storeCheckout, error: "broken")]))
    #expect(
      broken.lines == [
        "shop: held DependencyHeld", "shop/checkout: held DependencyHeld", "store: held DependencyHeld",
        "store/checkout: held ValidationFailed",
      ])
    let mended = reconciler.sync(3, [("tenants/store/checkout/more.yaml", nil)])
    #expect(mended.scopes.map(\.movedFrom) == [shop, checkout])
    #expect(mended.counts.move == 4)
  }

  @Test func `a project that is left out on the way is a deletion`() {
    var reconciler = Reconciler()
    reconciler.sync(1, base)
    let files = renamed().filter { !$0.path.hasPrefix("tenants/store/checkout") }
    let plan = reconciler.sync(2, files)
    #expect(plan.scopes.first { $0.scope == checkout }?.decision == .hold(.guardTripped))
    #expect(reconciler.live.scopes[shop] != nil)
  }

  @Test func `a project is renamed within its tenant`() {
    let pay = Scope.project(tenant: "shop", project: "pay")
    let document = resource(pay, .project, "pay", .project(ScopeSettings()), previously: ["checkout"])
    var reconciler = Reconciler()
    reconciler.sync(1, base)
    let plan = reconciler.sync(
      2,
      [
        ("tenants/shop/checkout/rules.yaml", nil),
        file("tenants/shop/pay/rules.yaml", pay, document, group(pay, "a", rules: 30)),
      ])
    #expect(plan.scopes.map(\.movedFrom) == [checkout])
    #expect(plan.lines == ["+ shop/pay Project pay", "> rules.yaml:a to shop/pay RuleGroup rules.yaml:a"])
  }

  @Test func `a claim on a folder that is there is an error, and takes nothing`() {
    var reconciler = Reconciler()
    reconciler.sync(1, base)
    let thief = file("tenants/store/tenant.yaml", Self.store, Self.tenant("store", was: "shop"))
    let plan = reconciler.sync(2, [thief])
    #expect(plan.lines == ["store: held ValidationFailed"])
    #expect(
      plan.scopes.first?.diagnostics.map(\.message) == [
        "store can't have been 'shop': the folder tenants/shop is still there"
      ])
    let other = file("tenants/mall/tenant.yaml", .tenant("mall"), Self.tenant("mall", was: "shop"))
    let two = reconciler.sync(3, base.dropFirst().map { ($0.path, nil) } + [other])
    #expect(
      two.lines == [
        "mall: held ValidationFailed", "shop: held GuardTripped", "shop/checkout: held GuardTripped",
        "store: held ValidationFailed",
      ])
    #expect(
      two.scopes.first?.diagnostics.map(\.message) == ["both mall and store say that they were 'shop'"])
  }

  @Test func `a cycle of claims is two errors`() {
    var reconciler = Reconciler()
    let plan = reconciler.sync(
      1,
      [
        file("tenants/shop/tenant.yaml", shop, Self.tenant("shop", was: "store")),
        file("tenants/store/tenant.yaml", Self.store, Self.tenant("store", was: "shop")),
      ])
    #expect(plan.lines == ["shop: held ValidationFailed", "store: held ValidationFailed"])
  }

  @Test func `a group that moves to another project of its tenant is a move, where both follow`() {
    let rules = group(search, "a", rules: 30)
    let change: [(path: String, file: SpecFile?)] = [
      ("tenants/shop/checkout/rules.yaml", nil), file("tenants/shop/checkout/empty.yaml", checkout),
      file("tenants/shop/search/rules.yaml", search, rules),
    ]
    var reconciler = Reconciler()
    reconciler.sync(1, base)
    #expect(reconciler.sync(2, change).lines == ["> rules.yaml:a to shop/search RuleGroup rules.yaml:a"])
    var other = Reconciler()
    other.sync(1, base)
    let held = other.sync(2, change + [file("tenants/shop/search/broken.yaml", search, error: "broken")])
    #expect(held.lines == ["shop/checkout: held GuardTripped", "shop/search: held ValidationFailed"])
  }
}
