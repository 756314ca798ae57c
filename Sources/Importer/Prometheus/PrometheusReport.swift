import Diagnostics

/// `IMPORT.md` of imported rules.
struct PrometheusReport {
  let text: String

  init(_ imported: Imported, _ work: RuleWork) {
    var page = ReportPage()
    page.line("# Imported rules")
    page.line()
    page.line("\(work.moves.count) files from \(work.inputs.count), \(work.tenants.count) tenants.")
    page.findings(imported.diagnostics)
    page.heading("What stands where")
    page.line("| from | to | groups |")
    page.line("|---|---|---|")
    for move in work.moves { page.line("| \(move.from.inMarkdown) | `\(move.to.inMarkdown)` | \(move.groups) |") }
    Self.remnants(work, &page)
    page.line()
    page.line(Self.next)
    text = page.text
  }

  private static func remnants(_ work: RuleWork, _ page: inout ReportPage) {
    guard !work.remnants.isEmpty else { return }
    page.heading("What remained with the platform")
    page.line("| rule or group | where | why |")
    page.line("|---|---|---|")
    for remnant in work.remnants {
      page.line("| \(remnant.what.inMarkdown) | \(remnant.place.inMarkdown) | \(remnant.why.inMarkdown) |")
    }
  }

  private static let next = """
    ## Who owns what

    - Rules under `tenants/<tenant>/` belong to that tenant: its members change them by pull request.
    - What remained with the platform is evaluated as before, for everybody. Move it to a tenant's folder when it has
      found its owner; state is kept, since a group is followed by its content.
    - Files in `not-imported/` are read by nobody. Each finding above says what is in the way.
    - Alerts go where the platform's route tree sends them: `belfry import alertmanager`.

    ## What changes

    - Each alert gets the labels `tenant` and `project` of its folder, where it doesn't have them.
    - Recording rules are left to the Prometheus that has them, until `recording: evaluate` is set on the data source.
    - A group that was divided keeps its order and interval in each part; its parts are evaluated at instants of their own.
    """
}
