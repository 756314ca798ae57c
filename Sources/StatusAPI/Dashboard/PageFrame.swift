import Model

/// What one page shows between the menu and the foot.
protocol PageContent {
  /// What the browser's tab says.
  func title(_ language: Language) -> String
  func write(to writer: inout HTMLWriter)
}

/// A page as a whole: head, menu, content, foot.
struct PageFrame {
  let route: DashboardRoute
  let language: Language
  /// What is told in the head of every page; `nil` for one that asks who is there.
  let status: StatusDocument?
  let version: String
  let now: Timestamp
  /// Whether the reader came with a session, which can be ended.
  let isSignedIn: Bool

  func html(_ content: some PageContent) -> String {
    let root = route.depth == 0 ? "./" : String(repeating: "../", count: route.depth)
    var writer = HTMLWriter(language: language, root: root, now: now)
    writer.markup("<!doctype html>\n")
    writer.element("html", attributes(root)) {
      $0.markup("\n")
      $0.element("head") { writeHead(content.title(language), to: &$0) }
      $0.markup("\n")
      $0.element("body") { writeBody(content, to: &$0) }
    }
    writer.markup("\n")
    return writer.html
  }

  private func attributes(_ root: String) -> HTMLWriter.Attributes {
    [
      "lang": language.tag, "data-root": root, "data-page": route.section?.rawValue ?? "login",
      "data-firing": String(status?.alerts.firing ?? 0), "data-now": now.description,
    ]
  }

  private func writeHead(_ title: String, to writer: inout HTMLWriter) {
    writer.markup(
      """
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">

      """)
    writer.void("meta", ["name": "belfry-texts", "content": Phrase.scriptTexts(language)])
    let firing = status.map { $0.alerts.firing == 0 ? "" : "(\($0.alerts.firing)) " } ?? ""
    writer.element("title", firing + title + " · Belfry")
    writer.void(
      "link", ["rel": "icon", "type": "image/svg+xml", "href": writer.root + DashboardAsset.path("icon.svg")])
    writer.void("link", ["rel": "stylesheet", "href": writer.root + DashboardAsset.path("style.css")])
    writer.element("script", ["src": writer.root + DashboardAsset.path("theme.js")], "")
    for module in status == nil ? ["login.js"] : ["app.js"] {
      writer.element("script", ["type": "module", "src": writer.root + DashboardAsset.path(module)], "")
    }
  }

  private func writeBody(_ content: some PageContent, to writer: inout HTMLWriter) {
    writer.element("a", class: "skip", ["href": "#main"], .skip)
    writeBar(to: &writer)
    writer.element("div", class: "frame") {
      if status != nil { writeMenu(to: &$0) }
      $0.element("main", ["id": "main", "tabindex": "-1"]) { content.write(to: &$0) }
    }
    if let status { writeFoot(status, to: &writer) }
  }

  private func writeBar(to writer: inout HTMLWriter) {
    writer.element("header", class: "bar") {
      $0.link("", class: "brand", ["aria-label": "Belfry"]) {
        $0.markup(
          #"""
          <svg class="mark" viewBox="0 0 20 20" width="22" height="22" aria-hidden="true"><path d="M10 1 16 6v13H4V6z"/>\#
          <path class="cut" d="M7 13.5c1-1 .8-2.5.8-3.3a2.2 2.2 0 0 1 4.4 0c0 .8-.2 2.3.8 3.3zM9.3 15.3h1.4"/></svg>
          """#)
        $0.element("span", "Belfry")
      }
      if let status {
        $0.element("div", class: "standing", ["id": "standing"]) {
          $0.link("syncs", ["title": $0.phrase(.sync)]) { $0.badge(status.sync.status) }
          $0.link("tenants", ["title": $0.phrase(.health)]) { $0.badge(status.health.status) }
        }
      }
      $0.markup(#"<span class="grow"></span>"#)
      if status != nil {
        $0.element("span", class: "live", ["id": "live", "role": "status", "data-keep": "", "hidden": ""], "")
      }
      let other: Language = language == .english ? .chinese : .english
      $0.element(
        "a", class: "tool",
        ["href": "?lang=" + other.rawValue, "hreflang": other.tag, "lang": other.tag, "data-lang": ""],
        other == .chinese ? "中文" : "English")
      $0.element(
        "button", class: "tool",
        ["type": "button", "id": "theme", "hidden": "", "data-keep": "", "title": $0.phrase(.theme)]
      ) {
        $0.icon(.theme)
        $0.element("span", class: "hidden-words", .theme)
      }
    }
    writer.markup("\n")
  }

  private func writeMenu(to writer: inout HTMLWriter) {
    writer.element("nav", class: "menu", ["aria-label": writer.phrase(.menu), "id": "menu"]) { writer in
      for section in DashboardSection.allCases {
        let attributes: HTMLWriter.Attributes = section == route.section ? ["aria-current": "page"] : [:]
        writer.link(section.path, attributes) {
          $0.icon(section.icon)
          $0.element("span", section.phrase)
          if let count = count(of: section), count > 0 { $0.element("span", class: "count", $0.number(count)) }
        }
      }
    }
    writer.markup("\n")
  }

  /// What needs somebody's eyes, beside its entry.
  private func count(of section: DashboardSection) -> Int? {
    switch section {
    case .alerts: status?.alerts.firing
    case .tenants: status?.held.count
    case .overview, .rules, .syncs, .silences, .channels, .history, .audit: nil
    }
  }

  private func writeFoot(_ status: StatusDocument, to writer: inout HTMLWriter) {
    writer.element("footer", class: "foot") {
      $0.text("Belfry \(version) · ")
      $0.outside(status.controller.instance)
      $0.text(" · ")
      $0.outside(redactedURL(status.source.url))
      $0.text(" · ")
      $0.outside(status.source.ref)
      $0.element("span", class: "grow", "")
      $0.element("button", class: "plain", ["type": "button", "id": "keys", "hidden": "", "data-keep": ""]) {
        $0.markup("<kbd>?</kbd> ")
        $0.say(.keys)
      }
      if isSignedIn {
        $0.element("button", class: "plain", ["type": "button", "id": "sign-out", "hidden": ""], .signOut)
      }
    }
    writeKeys(to: &writer)
  }

  private func writeKeys(to writer: inout HTMLWriter) {
    let keys: [(String, Phrase)] = [
      ("/", .keyFilter), ("j k", .keyMove), ("Enter", .keyOpen), ("Esc", .keyLeave), ("g o", .overview),
      ("g a", .alerts), ("g r", .rules), ("g t", .tenants), ("g s", .syncs), ("g h", .history), ("t", .theme),
    ]
    writer.element("dialog", ["id": "keys-help", "data-keep": "", "aria-labelledby": "keys-title"]) {
      $0.element("h2", ["id": "keys-title"], .keys)
      $0.element("dl") { writer in
        for (key, phrase) in keys {
          writer.element("div") {
            $0.element("dt") { writer in
              for part in key.split(separator: " ") { writer.element("kbd", String(part)) }
            }
            $0.element("dd", phrase)
          }
        }
      }
      $0.markup(#"<form method="dialog">"#)
      $0.element("button", class: "button", ["type": "submit"], .close)
      $0.markup("</form>")
    }
  }
}
