import Diagnostics

/// `IMPORT.md` of an imported Alertmanager.
struct AlertmanagerReport {
  let text: String

  init(_ imported: Imported, from file: String) {
    var page = ReportPage()
    page.line("# Imported from \(file.inMarkdown)")
    page.line()
    page.line(
      "The routes are the platform's: every alert goes where it went before. "
        + "`belfry check` finds no error in this tree.")
    page.findings(imported.diagnostics)
    Self.receivers(imported, &page)
    page.secrets(imported.secrets)
    page.line()
    page.line(Self.ownership)
    text = page.text
  }

  private static func receivers(_ imported: Imported, _ page: inout ReportPage) {
    page.heading("Receivers and channels")
    page.line("| receiver | line | channels |")
    page.line("|---|---|---|")
    for receiver in imported.receivers {
      let names = receiver.channels.map { "`\($0)`" }.joined(separator: ", ")
      let note = receiver.hasPlaceholder ? " (a stand-in, see above)" : ""
      page.line("| \(receiver.name.inMarkdown) | \(receiver.line) | \(names)\(note) |")
    }
  }

  private static let ownership = """
    ## Who owns what

    - `platform/routes.yaml` is the whole route tree. It is walked for the alerts of every tenant and project that has
      no tree of its own, so on day one routing is as it was. It belongs to the platform team.
    - Channels, time intervals, inhibition and templates are the platform's too; every tenant can name them.
    - Rules go to tenants: `belfry import prometheus`.

    ## How a tenant takes over its branch

    1. Copy the branch of `platform/routes.yaml` that takes the tenant's alerts into `tenants/<tenant>/routes.yaml`, as
       a `Route` of its own. Its root has no `matchers`, since it sees only the tenant's alerts; write at its root what
       the branch inherits (`group_by`, `group_wait`, `group_interval`, `repeat_interval`, the channel).
    2. Look at what changes: `belfry diff` lists it. From then on the tenant's tree is the only one that its alerts are
       walked through. A branch with `continue: true` before it took a copy of each alert: repeat such a route in the
       tenant's tree, or make it a `Route` with `always: true` in `platform/`.
    3. Move the channels that only this tenant names to `tenants/<tenant>/channels.yaml`, and their secrets from
       `platform` to the tenant.
    4. When no alert takes the branch in `platform/routes.yaml` any more, remove it there.

    ## What is added to alerts

    Belfry gives every alert the labels `tenant` and `project` where it doesn't have them. A matcher on a label of that
    name, which nothing had before, takes alerts from now on.
    """
}

/// A Markdown page while it grows, with what every report has.
struct ReportPage {
  private(set) var text = ""

  mutating func line(_ line: String = "") { text += line + "\n" }

  mutating func heading(_ title: String) { text += "\n## " + title + "\n\n" }

  /// Errors as what is missing, warnings as what differs.
  mutating func findings(_ diagnostics: Diagnostics) {
    let all = diagnostics.all.sorted()
    let errors = all.filter { $0.severity == .error }
    let warnings = all.filter { $0.severity == .warning }
    if !errors.isEmpty { list("What is missing", errors) }
    if !warnings.isEmpty { list("What differs", warnings) }
    if all.isEmpty {
      line()
      line("Everything was carried over.")
    }
  }

  private mutating func list(_ title: String, _ findings: [Diagnostic]) {
    heading(title)
    for finding in findings {
      line("- `\(finding.span.file.inMarkdown):\(finding.span.range.start.line)` \(finding.message.inMarkdown)")
      if let fix = finding.fix { line("  - \(fix.inMarkdown)") }
    }
  }

  mutating func secrets(_ secrets: [NeededSecret]) {
    guard !secrets.isEmpty else { return }
    heading("Secrets")
    line("Each is a file `<secrets-dir>/platform/<name>`, read by the controller alone; none of them is in this tree.")
    line()
    line("| name | what it must hold | from |")
    line("|---|---|---|")
    for secret in secrets {
      let file = secret.file.map { " \($0.inMarkdown)" } ?? ""
      line("| `\(secret.name)` | \(secret.what.inMarkdown)\(file) | \(secret.place.inMarkdown) |")
    }
  }
}
