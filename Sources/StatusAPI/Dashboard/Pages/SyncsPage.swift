import Model

/// What was synced, newest first.
struct SyncsPage: PageContent {
  var status: StatusDocument
  var syncs: Result<Page<SyncView>, SourceUnavailable>

  static let shown = 50

  func title(_ language: Language) -> String { Phrase.syncs.filled(language) }

  func write(to writer: inout HTMLWriter) {
    writer.heading(writer.phrase(.syncs)) {
      $0.badge(status.sync.status)
      $0.filter("sync-rows")
    }
    writer.element("section", class: "card") {
      switch syncs {
      case .failure(let error): $0.unavailable(error)
      case .success(let page) where page.elements.isEmpty: $0.empty(.noSyncs)
      case .success(let page):
        $0.table("sync-rows", [.outcome, .revision, .changes, .trigger, .took, .when]) { writer in
          for view in page.elements { row(view, to: &writer) }
        }
      }
    }
    if case .success(let page) = syncs, page.hasMore {
      writer.pager("syncs", next: page.elements.last?.record.id.opaqueText)
    }
  }

  private func row(_ view: SyncView, to writer: inout HTMLWriter) {
    let sync = view.record
    writer.row(String(sync.id)) {
      $0.cell(.outcome) { $0.badge(sync.status) }
      $0.cell(.revision, class: "main") {
        $0.link("syncs/\(sync.id)", class: "row-link") { $0.element("code", sync.revision.commit.short) }
        if let commit = view.commit {
          $0.outside(commit.subject)
          $0.outside(commit.authorName, class: "quiet")
        }
      }
      $0.cell(.changes) { SyncItem.changes(sync, to: &$0) }
      $0.cell(.trigger, $0.phrase(Phrase(sync.trigger)))
      $0.cell(.took, class: "number", "\((sync.finishedAt - sync.startedAt).wholeMilliseconds) ms")
      $0.cell(.when) { $0.time(sync.startedAt) }
    }
  }
}
