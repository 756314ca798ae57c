import Model
import Testing

@testable import Ledger

@Suite struct `Scopes that were renamed` {
  private static let shop = Scope.tenant("shop")
  private static let store = Scope.tenant("store")
  private static let depot = Scope.tenant("depot")

  private static func transition(_ number: Int, _ scope: Scope, at now: Timestamp) -> AlertTransition {
    AlertTransition(from: nil, alert: .example(number, scope: scope), reason: .conditionMet, at: now)
  }

  /// shop, then store, then depot; and a new shop.
  private func history(_ body: (Ledger, (Scope) async throws -> [String]) async throws -> Void) async throws {
    try await withLedger { ledger in
      var aliases = ScopeAliases()
      let first = aliases.rename(Self.shop, to: Self.store, at: .at(100), commit: nil)
      let second = aliases.rename(Self.store, to: Self.depot, at: .at(200), commit: nil)
      try await ledger.write {
        $0.scopeAliases = [.put(first), .put(second)]
        $0.transitions = [
          Self.transition(1, Self.shop, at: .at(50)), Self.transition(2, Self.store, at: .at(150)),
          Self.transition(3, Self.depot, at: .at(250)), Self.transition(4, Self.shop, at: .at(260)),
          Self.transition(5, .project(tenant: "shop", project: "checkout"), at: .at(60)),
        ]
      }
      let kept = try await ledger.scopeAliases()
      #expect(kept == aliases)
      try await body(ledger) { scope in
        let rows = try await ledger.transitions(TransitionFilter(scope: scope))
        return rows.map { $0.transition.alert.labels["instance"] }
      }
    }
  }

  @Test func `are found under their present name, with all that they were`() async throws {
    try await history { _, instances in
      let (depot, shop, store) = (
        try await instances(Self.depot), try await instances(Self.shop), try await instances(Self.store)
      )
      #expect(depot == ["web-5", "web-3", "web-2", "web-1"])
      #expect(shop == ["web-4"])
      #expect(store == [])
    }
  }

  @Test func `are shown to their readers alone`() async throws {
    try await history { ledger, _ in
      let depot = try await ledger.transitions(TransitionFilter(tenants: ["depot"]))
      #expect(depot.count == 4)
      let shop = try await ledger.transitions(TransitionFilter(tenants: ["shop"]))
      #expect(shop.map { $0.transition.alert.labels["instance"] } == ["web-4"])
      let figures = try await ledger.figures(
        TransitionFilter(scope: Self.depot), since: .epoch, until: .at(1_000_000), bucket: .seconds(86_400 * 365))
      #expect(figures.rules.count == 4)
    }
  }

  @Test func `give up a former name that somebody else has`() {
    var aliases = ScopeAliases()
    _ = aliases.rename(Self.shop, to: Self.store, at: .at(100), commit: nil)
    _ = aliases.rename(Self.store, to: Self.depot, at: .at(200), commit: nil)
    #expect(aliases.formerTenants(of: "depot", besides: []) == ["store", "shop"])
    #expect(aliases.formerTenants(of: "depot", besides: ["shop"]) == ["store"])
    #expect(aliases.formerTenants(of: "mall", besides: []) == [])
  }
}
