import StatusAPI

extension ScriptedSource {
  /// Bindings of Ana in `shop`, of Ben in `billing`, of the group `sre` on the platform, and of `shop-team` in `shop`.
  func visibility(of principal: Principal) async -> Visibility? {
    var tenants: Set<String> = []
    switch principal.user.lowercased() {
    case "ana@example.com": tenants.insert("shop")
    case "ben@example.com": tenants.insert("billing")
    default: break
    }
    if principal.groups.contains("shop-team") { tenants.insert("shop") }
    if principal.groups.contains("sre") { return .all }
    return tenants.isEmpty ? nil : .tenants(tenants)
  }
}
