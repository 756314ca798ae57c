import Model

/// One attempt to send, in a list of what was sent.
struct DeliveryItem {
  let record: DeliveryRecord

  func write(to writer: inout HTMLWriter) {
    writer.element("li", ["data-key": String(record.id)]) {
      $0.element("div", class: "feed-line") {
        $0.badge(Phrase(record.outcome), Tone(record.outcome))
        $0.link(to: record.channel)
        $0.element("span", class: "quiet grow") {
          $0.say(.deliveryAlerts, String(record.firing), String(record.resolved))
        }
        $0.time(record.finishedAt)
      }
      $0.element("p", class: "feed-more quiet") {
        $0.outside(record.reason)
        if record.attempt > 1 {
          $0.text(" · ")
          $0.say(.attempt, String(record.attempt))
        }
        if !record.detail.isEmpty {
          $0.text(" · ")
          $0.outside(record.detail)
        }
      }
    }
    writer.markup("\n")
  }
}

/// One sync, in a list of what was applied.
struct SyncItem {
  let view: SyncView

  func write(to writer: inout HTMLWriter) {
    writer.element("li", ["data-key": String(view.record.id)]) {
      $0.link("syncs/\(view.record.id)", class: "feed-line") {
        $0.badge(view.record.status)
        $0.element("code", view.record.revision.commit.short)
        $0.outside(view.commit?.subject ?? "", class: "grow clip")
        Self.changes(view.record, to: &$0)
        $0.time(view.record.finishedAt)
      }
    }
    writer.markup("\n")
  }

  /// `+3 ~1 −2`, each with its word for pointers and screen readers.
  static func changes(_ record: SyncRecord, to writer: inout HTMLWriter) {
    let all: [(Int, String, Phrase)] = [
      (record.created, "+", .created), (record.updated, "~", .updated), (record.moved, "→", .moved),
      (record.deleted, "−", .deleted),
    ]
    let told = all.filter { $0.0 > 0 }
    writer.element("span", class: "changes") { writer in
      if told.isEmpty { writer.quiet(.noChanges) }
      for (count, mark, word) in told {
        writer.element("span", ["title": writer.phrase(word, String(count))], mark + String(count))
      }
    }
  }
}

/// A scope that stays at an older revision, and what would let it go on.
struct HeldScope {
  let view: ScopeView
  let sources: SourceTexts
  let limit: Int

  func write(to writer: inout HTMLWriter) {
    let summary = view.summary
    writer.element("p", class: "headline") {
      $0.badge(summary.sync.reason.map { Phrase($0) } ?? Phrase(summary.sync.status), Tone(summary.sync.status))
      $0.link(to: summary.scope)
      if let since = summary.sync.since { $0.age(since: since) }
    }
    if !summary.sync.message.isEmpty { writer.element("p") { $0.outside(summary.sync.message) } }
    DiagnosticList(findings: view.diagnostics, sources: sources, limit: limit, more: summary.scope.page)
      .write(to: &writer)
  }
}

/// The texts of files by their paths, as far as they could be had.
typealias SourceTexts = [String: [UInt8]]
