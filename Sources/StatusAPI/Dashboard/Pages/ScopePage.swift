import Model

/// One tenant, project, or the platform.
struct ScopePage: PageContent {
  var view: ScopeView
  var sources: SourceTexts
  /// What fires within, the gravest first.
  var alerts: [AlertView]
  var resources: Page<ResourceSummary>

  static let shownFindings = 100
  static let shownAlerts = 20

  func title(_ language: Language) -> String { view.summary.displayName ?? view.summary.scope.description }

  func write(to writer: inout HTMLWriter) {
    let summary = view.summary
    Crumbs(section: .tenants).write(to: &writer)
    writer.heading(summary.displayName ?? summary.scope.description) {
      $0.badge(summary.sync.status)
      $0.badge(summary.health.status)
    }
    writer.card("scope", .standing) {
      $0.facts { writeFacts(summary, to: &$0) }
    }
    if !view.diagnostics.isEmpty {
      writer.card("findings", .findings, count: view.diagnostics.count, class: "attention") {
        DiagnosticList(findings: view.diagnostics, sources: sources, limit: Self.shownFindings).write(to: &$0)
      }
    }
    if !summary.projects.isEmpty {
      writer.card("projects", .projects, count: summary.projects.count) { writeProjects(to: &$0) }
    }
    writer.card(
      "firing", .firingNow, count: summary.alerts.firing, more: "alerts?q=" + summary.scope.description.percentEncoded
    ) { writer in
      if alerts.isEmpty {
        writer.empty(.nothingFires, .good)
      } else {
        writer.element("ol", class: "alerts compact") { writer in
          for view in alerts.prefix(Self.shownAlerts) { AlertRow(view: view).write(to: &writer) }
        }
      }
    }
    writer.card("resources", .resources) { ResourceTable(resources: resources.elements).write(to: &$0) }
  }

  private func writeFacts(_ summary: ScopeSummary, to writer: inout HTMLWriter) {
    writer.fact(.sync) {
      $0.badge(summary.sync.status)
      if let reason = summary.sync.reason { $0.quiet($0.phrase(Phrase(reason))) }
      $0.outside(summary.sync.message)
      if let since = summary.sync.since { $0.age(since: since) }
    }
    writer.fact(.health) {
      $0.badge(summary.health.status)
      $0.outside(summary.health.message)
    }
    writer.fact(.appliedRevision) {
      $0.revision(summary.applied)
      if let at = summary.appliedAt { $0.time(at) }
    }
    if summary.desired != summary.applied { writer.fact(.desiredRevision) { $0.revision(summary.desired) } }
    writer.fact(.folder) { $0.element("code", summary.scope.path) }
    if let owner = summary.owner { writer.fact(.owner, owner) }
    writer.fact(.contents) {
      $0.text(
        [
          $0.phrase(.ruleCount, $0.number(summary.counts.rules)),
          $0.phrase(.channelCount, $0.number(summary.counts.channels)),
          $0.phrase(.sourceCount, $0.number(summary.counts.dataSources)),
        ].joined(separator: " · "))
    }
    for condition in view.conditions {
      writer.element("div") {
        $0.element("dt", condition.type)
        $0.element("dd") {
          $0.badge(condition.reason, condition.status == .yes ? .good : condition.status == .no ? .bad : .neutral)
          $0.outside(condition.message)
        }
      }
    }
  }

  private func writeProjects(to writer: inout HTMLWriter) {
    writer.table("project-rows", [.scope, .sync, .health, .firing]) { writer in
      for project in view.summary.projects {
        writer.row(project.scope.description) {
          $0.cell(.scope, class: "main") {
            $0.link(project.scope.page, class: "row-link") { $0.outside(project.displayName ?? project.name) }
          }
          $0.cell(.sync) { $0.badge(project.sync.status) }
          $0.cell(.health) { $0.badge(project.health.status) }
          $0.cell(.firing, class: "number", $0.number(project.alerts.firing))
        }
      }
    }
  }
}

/// The way back to the list that a page belongs to.
struct Crumbs {
  let section: DashboardSection

  func write(to writer: inout HTMLWriter) {
    writer.element("nav", class: "crumbs", ["aria-label": writer.phrase(.wayBack)]) {
      $0.link(section.path) {
        $0.markup("‹ ")
        $0.say(section.phrase)
      }
    }
  }
}
