import Model

/// Every tenant with its projects, and how each stands.
struct TenantsPage: PageContent {
  var platform: ScopeSummary?
  var tenants: [ScopeSummary]

  func title(_ language: Language) -> String { Phrase.tenants.filled(language) }

  func write(to writer: inout HTMLWriter) {
    writer.heading(writer.phrase(.tenants), count: tenants.count) { $0.filter("tenant-rows") }
    writer.element("section", class: "card") {
      if tenants.isEmpty && platform == nil {
        $0.empty(.noTenants)
      } else {
        $0.table("tenant-rows", [.scope, .sync, .health, .revision, .rules, .firing, .pending]) { writer in
          if let platform { row(platform, to: &writer) }
          for tenant in tenants {
            row(tenant, to: &writer)
            for project in tenant.projects { row(project, to: &writer) }
          }
        }
      }
    }
  }

  private func row(_ scope: ScopeSummary, to writer: inout HTMLWriter) {
    writer.row(scope.scope.description, class: scope.scope.project == nil ? "" : "child") {
      $0.cell(.scope, class: "main") {
        $0.link(scope.scope.page, class: "row-link") { $0.outside(scope.displayName ?? scope.name) }
        if let owner = scope.owner { $0.outside(owner, class: "quiet") }
        if scope.notify != "send" { $0.element("span", class: "quiet", "notify: " + scope.notify) }
      }
      $0.cell(.sync) {
        $0.badge(scope.sync.status)
        if let reason = scope.sync.reason { $0.quiet($0.phrase(Phrase(reason))) }
      }
      $0.cell(.health) {
        $0.badge(scope.health.status)
        $0.outside(scope.health.message, class: "quiet clip")
      }
      $0.cell(.revision) { $0.revision(scope.applied) }
      $0.cell(.rules, class: "number", $0.number(scope.counts.rules))
      $0.cell(.firing, class: "number" + (scope.alerts.firing > 0 ? " hot" : ""), $0.number(scope.alerts.firing))
      $0.cell(.pending, class: "number", $0.number(scope.alerts.pending))
    }
  }
}
