import Model

/// The page at `/`: everything that somebody on call wants to see first, without a script.
struct DashboardPage {
  var status: StatusDocument
  var tenants: [ScopeSummary]
  /// The held scopes in full.
  var held: [ScopeView]
  var firing: Page<AlertView>
  var pending: Page<AlertView>
  var syncs: Result<[SyncView], SourceUnavailable>
  var deliveries: Result<[DeliveryRecord], SourceUnavailable>

  /// When what is shown was so; ages are told up to here.
  var now: Timestamp { status.observedAt }

  var html: String {
    var writer = HTMLWriter()
    writer.markup(
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="refresh" content="10">
      <link rel="stylesheet" href="assets/style.css">

      """
    )
    writer.element("title", title)
    writer.markup("\n</head>\n<body>\n")
    writeHeader(to: &writer)
    writer.markup("\n<main>\n")
    writeOverview(to: &writer)
    writeHeld(to: &writer)
    writeAlerts(to: &writer)
    writeTenants(to: &writer)
    writeSyncs(to: &writer)
    writeDeliveries(to: &writer)
    writer.markup("</main>\n")
    writeFooter(to: &writer)
    writer.markup("\n</body>\n</html>\n")
    return writer.html
  }

  /// What the browser's tab says: trouble first.
  private var title: String {
    let alerts = status.alerts.firing == 0 ? "" : "(\(status.alerts.firing)) "
    return alerts + "Belfry: " + status.sync.status.rawValue + ", " + status.health.status.rawValue
  }

  private func writeHeader(to writer: inout HTMLWriter) {
    writer.element("header") {
      $0.element("h1", "Belfry")
      $0.element("p", class: "quiet") {
        $0.element("bdi", redactedURL(status.source.url))
        $0.text(" · ")
        $0.element("bdi", status.source.ref)
      }
    }
  }

  private func writeFooter(to writer: inout HTMLWriter) {
    writer.element("footer", class: "quiet") {
      $0.text("Belfry \(status.controller.version) on ")
      $0.element("bdi", status.controller.instance)
      $0.text(", as of ")
      $0.element("span", now.description)
      $0.text(", read again every 10 s · ")
      $0.markup(#"<a href="api/v1/status">status</a> <a href="api/v1/alerts">alerts</a> "#)
      $0.markup(#"<a href="api/v1/resources">resources</a> <a href="api/v1/audit">audit</a>"#)
    }
  }
}

extension HTMLWriter {
  /// A section with its heading, and how many there are.
  mutating func section(_ heading: String, count: Int? = nil, _ content: (inout HTMLWriter) -> Void) {
    element("section") {
      $0.element("h2") {
        $0.text(heading)
        if let count { $0.element("span", class: "count", String(count)) }
      }
      content(&$0)
    }
    markup("\n")
  }

  mutating func empty(_ words: String) {
    element("p", class: "empty", words)
  }

  /// A word of the vocabulary in its colour.
  mutating func badge(_ word: String, _ tone: Tone) {
    element("span", class: "badge " + tone.rawValue, word)
  }

  /// A row of a table, on a line of its own.
  mutating func row(class style: String = "", _ cells: (inout HTMLWriter) -> Void) {
    element("tr", class: style, cells)
    markup("\n")
  }

  /// A cell, which names its column where a narrow screen shows no headings.
  mutating func cell(_ column: StaticString, _ content: (inout HTMLWriter) -> Void) {
    markup("<td data-column=\"")
    markup(column)
    markup("\">")
    content(&self)
    markup("</td>")
  }

  mutating func cell(_ column: StaticString, _ content: String) {
    cell(column) { $0.text(content) }
  }

  /// A table that scrolls by itself on a narrow screen.
  mutating func table(_ columns: [String], _ rows: (inout HTMLWriter) -> Void) {
    element("div", class: "scroll") {
      $0.element("table") {
        $0.element("thead") {
          $0.element("tr") { writer in
            for column in columns { writer.element("th", column) }
          }
        }
        $0.markup("\n")
        $0.element("tbody", rows)
      }
    }
  }
}

/// How urgent a word is, and so its colour.
enum Tone: String {
  case good, busy, warning, bad, neutral

  init(_ status: SyncStatus) {
    switch status {
    case .synced: self = .good
    case .progressing, .outOfSync: self = .busy
    case .partial: self = .warning
    case .held: self = .bad
    case .suspended, .unknown: self = .neutral
    }
  }

  init(_ status: HealthStatus) {
    switch status {
    case .healthy: self = .good
    case .progressing: self = .busy
    case .degraded: self = .bad
    case .suspended, .unknown: self = .neutral
    }
  }

  init(_ outcome: DeliveryRecord.Outcome) {
    switch outcome {
    case .delivered: self = .good
    case .observed, .held: self = .neutral
    case .throttled: self = .warning
    case .rejected, .unreachable: self = .bad
    }
  }
}
