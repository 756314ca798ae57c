import Model
import StatusAPI

extension ScriptedSource {
  func now() async -> Timestamp { World.now }
  func runningSince() async -> Timestamp { World.instant("2026-11-19T22:10:00Z") }
  func hasTenant(_ name: String) async -> Bool { World.tenants.contains { $0.name == name } }

  func ruleGroups(_ query: RuleQuery, of tenant: String?, for reader: Visibility) async -> RuleGroupPage? {
    let groups = World.ruleGroups.filter { seen(reader).allows($0.scope) && (tenant ?? $0.scope.tenant) == $0.scope.tenant }
    return query.page(of: groups, name: { ($0.file, $0.name) }) { group in
      var group = group
      group.rules.removeAll { !query.takes(rule: $0.name, $0.purpose, labels: $0.labels) }
      return group.rules.isEmpty ? nil : group
    }
  }

  func routing(of tenant: String?, for reader: Visibility) async -> RoutingOutline {
    World.routing { seen(reader).allows($0) && (tenant == nil || $0.tenant == tenant) }
  }
}
