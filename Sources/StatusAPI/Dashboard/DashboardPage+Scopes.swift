import Diagnostics
import Model

extension DashboardPage {
  func writeOverview(to writer: inout HTMLWriter) {
    writer.element("section", class: "cards") {
      card("Sync", to: &$0) {
        $0.badge(status.sync.status.rawValue, Tone(status.sync.status))
        since(status.sync.since, to: &$0)
        line(status.sync.message, to: &$0)
      }
      card("Revision", to: &$0) {
        writeRevision(to: &$0)
      }
      card("Health", to: &$0) {
        $0.badge(status.health.status.rawValue, Tone(status.health.status))
        since(status.health.since, to: &$0)
        line(status.health.message, to: &$0)
      }
      card("Alerts", to: &$0) {
        $0.badge("\(status.alerts.firing) firing", status.alerts.firing == 0 ? .good : .bad)
        $0.text(" ")
        $0.badge("\(status.alerts.pending) pending", status.alerts.pending == 0 ? .neutral : .warning)
        if status.alerts.unrouted > 0 {
          line("\(status.alerts.unrouted) firing without a route", to: &$0)
        }
      }
    }
    writer.markup("\n")
  }

  private func card(_ heading: String, to writer: inout HTMLWriter, _ content: (inout HTMLWriter) -> Void) {
    writer.element("div", class: "card") {
      $0.element("h2", heading)
      content(&$0)
    }
  }

  private func since(_ instant: Timestamp?, to writer: inout HTMLWriter) {
    guard let instant else { return }
    writer.text(" for ")
    writer.age(since: instant, until: now)
  }

  private func line(_ words: String, to writer: inout HTMLWriter) {
    guard !words.isEmpty else { return }
    writer.element("p") { $0.element("bdi", words) }
  }

  private func writeRevision(to writer: inout HTMLWriter) {
    let source = status.source
    if let desired = source.revision.desired {
      writer.element("code", desired.commit.short)
      if let commit = source.commit { line("\(commit.subject) (\(commit.authorName))", to: &writer) }
      if let everywhere = source.revision.appliedEverywhere, everywhere.commit != desired.commit {
        line("everywhere: \(everywhere.commit.short)", to: &writer)
      }
    } else {
      writer.element("span", class: "quiet", "none seen yet")
    }
    writer.element("p", class: "quiet") {
      $0.text("looked ")
      $0.time(source.poll.lastCheckAt, until: now)
    }
    if let error = source.lastError {
      writer.element("p", class: "bad") {
        $0.text("the repository can't be read, first \(elapsed(from: error.since, to: now)): ")
        $0.element("bdi", error.message)
      }
    }
  }

  // MARK: - Held scopes

  func writeHeld(to writer: inout HTMLWriter) {
    guard !status.held.isEmpty else { return }
    writer.section("Held", count: status.held.count) {
      for scope in held { write(held: scope, to: &$0) }
      if status.held.count > held.count { $0.empty("and \(status.held.count - held.count) more") }
    }
  }

  /// How many findings of one scope are shown.
  private static let shownFindings = 20

  private func write(held scope: ScopeView, to writer: inout HTMLWriter) {
    let sync = scope.summary.sync
    writer.element("div", class: "held") {
      $0.element("h3") {
        $0.element("bdi", scope.summary.scope.description)
        $0.text(" ")
        $0.badge(sync.reason?.rawValue ?? sync.status.rawValue, Tone(sync.status))
      }
      line(sync.message, to: &$0)
      if scope.diagnostics.isEmpty { $0.empty("no finding is at a place of a file") }
      $0.element("ul", class: "findings") {
        for finding in scope.diagnostics.prefix(Self.shownFindings) { write(finding, to: &$0) }
      }
      let hidden = scope.diagnostics.count - Self.shownFindings
      if hidden > 0 { $0.empty("and \(hidden) more") }
    }
  }

  private func write(_ finding: DiagnosticView, to writer: inout HTMLWriter) {
    let diagnostic = finding.diagnostic
    let start = diagnostic.span.range.start
    writer.element("li") {
      $0.element("code", "\(diagnostic.span.file):\(start.line):\(start.column)")
      $0.text(" ")
      $0.badge(diagnostic.severity.rawValue, diagnostic.severity == .error ? .bad : .warning)
      $0.text(" ")
      $0.element("bdi", diagnostic.message)
      $0.element("span", class: "quiet", " [\(diagnostic.code)]")
      if let fix = diagnostic.fix { $0.element("p", "fix: " + fix) }
      if let commit = finding.introducedBy {
        $0.element("p", class: "quiet", "since \(commit.short)" + (finding.author.map { " by " + $0 } ?? ""))
      }
    }
  }

  // MARK: - Tenants

  func writeTenants(to writer: inout HTMLWriter) {
    writer.section("Tenants", count: tenants.count) {
      if tenants.isEmpty && status.platform == nil {
        $0.empty("No tenant is live yet. One is a folder under tenants/ in the repository.")
      } else {
        $0.table(["Scope", "Sync", "Health", "Revision", "Rules", "Firing", "Pending"]) { rows in
          if let platform = status.platform { write(row: platform, to: &rows) }
          for tenant in tenants {
            write(row: tenant, to: &rows)
            for project in tenant.projects { write(row: project, to: &rows) }
          }
        }
      }
    }
  }

  private func write(row scope: ScopeSummary, to writer: inout HTMLWriter) {
    writer.row(class: scope.scope.project == nil ? "" : "child") {
      $0.cell("Scope") {
        $0.element("bdi", scope.displayName ?? scope.name)
        if scope.notify != "send" { $0.element("span", class: "quiet", " notify: " + scope.notify) }
      }
      $0.cell("Sync") {
        $0.badge(scope.sync.status.rawValue, Tone(scope.sync.status))
        if let reason = scope.sync.reason { $0.element("span", class: "quiet", " " + reason.rawValue) }
      }
      $0.cell("Health") {
        $0.badge(scope.health.status.rawValue, Tone(scope.health.status))
        if !scope.health.message.isEmpty { $0.element("bdi", class: "quiet", " " + scope.health.message) }
      }
      $0.cell("Revision") { $0.element("code", scope.applied?.commit.short ?? "–") }
      $0.cell("Rules", String(scope.counts.rules))
      $0.cell("Firing", String(scope.alerts.firing))
      $0.cell("Pending", String(scope.alerts.pending))
    }
  }
}
