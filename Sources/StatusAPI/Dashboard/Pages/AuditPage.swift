import Model

/// Who changed what, and what was held or refused, newest first.
struct AuditPage: PageContent {
  var rows: Result<Page<AuditRecord>, SourceUnavailable>
  static let shown = 100

  func title(_ language: Language) -> String { Phrase.audit.filled(language) }

  func write(to writer: inout HTMLWriter) {
    writer.heading(writer.phrase(.audit)) { $0.filter("audit-rows") }
    writer.element("section", class: "card") {
      switch rows {
      case .failure(let error): $0.unavailable(error)
      case .success(let page) where page.elements.isEmpty: $0.empty(.noAudit)
      case .success(let page):
        $0.table("audit-rows", [.action, .subject, .scope, .actor, .when]) { writer in
          for record in page.elements { row(record, to: &writer) }
        }
      }
    }
    if case .success(let page) = rows, page.hasMore {
      writer.pager("audit", next: page.elements.last?.id.opaqueText)
    }
  }

  private func row(_ record: AuditRecord, to writer: inout HTMLWriter) {
    writer.row(String(record.id)) {
      $0.cell(.action) { $0.element("code", record.action) }
      $0.cell(.subject, class: "main") {
        $0.outside(record.subject, class: "row-title")
        if !record.path.isEmpty {
          $0.element("code", class: "quiet place", record.path + (record.line.map { ":\($0)" } ?? ""))
        }
        if !record.before.isEmpty || !record.after.isEmpty {
          $0.element("details", class: "difference") {
            $0.element("summary", .difference)
            $0.element("pre", class: "code removed") { $0.outside(record.before) }
            $0.element("pre", class: "code added") { $0.outside(record.after) }
          }
        }
      }
      $0.cell(.scope) { $0.link(to: record.scope) }
      $0.cell(.actor) {
        $0.outside(record.actor, class: "clip")
        if let commit = record.commit { $0.element("code", class: "quiet", commit.short) }
        if let request = record.pullRequest { $0.quiet(request.description) }
      }
      $0.cell(.when) { $0.time(record.at) }
    }
  }
}
