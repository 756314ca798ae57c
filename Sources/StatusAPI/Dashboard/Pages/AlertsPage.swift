import Model

/// Live alerts: in the groups in which the notifier tells them, or one below the other.
///
/// The page has the first of them; its script reads the rest from the API and filters while somebody types.
struct AlertsPage: PageContent {
  /// A heading and the alerts below it.
  struct Group {
    /// `nil` for alerts that no group holds.
    var view: GroupView?
    var alerts: [AlertView]
  }

  var groups: [Group]
  /// How many there are in all, beyond this page too.
  var total: Int
  var query: AlertQuery
  var hasNext: Bool

  static let shown = 100

  func title(_ language: Language) -> String { Phrase.alerts.filled(language) }

  func write(to writer: inout HTMLWriter) {
    writer.heading(writer.phrase(.alerts), count: total)
    writer.element("form", class: "toolbar", ["method": "get", "action": "alerts", "id": "alert-form"]) {
      writeToolbar(to: &$0)
    }
    writer.element(
      "section", class: "card list",
      ["id": "alert-list", "data-total": String(total), "data-grouped": query.isGrouped ? "1" : "0"]
    ) {
      if total == 0 {
        if query.isNarrowed { $0.empty(.nothingFits) } else { $0.empty(.nothingFires, .good) }
      } else {
        $0.element("ol", class: "alerts", ["id": "alert-rows"]) { writer in
          for group in groups { write(group, to: &writer) }
        }
      }
    }
    writePager(to: &writer)
    // The script's rows copy these.
    writer.element("div", ["id": "row-icons", "hidden": ""]) { writer in
      for gravity in Gravity.allCases {
        writer.element("span", ["data-icon": gravity.rawValue]) { $0.icon(gravity.icon) }
      }
      writer.element("span", ["data-icon": "send"]) { $0.icon(.send) }
    }
  }

  private func writeToolbar(to writer: inout HTMLWriter) {
    writer.element("label", class: "filter") {
      $0.icon(.search)
      $0.element("span", class: "hidden-words", .filter)
      $0.void(
        "input",
        [
          "type": "search", "name": "q", "value": query.text, "id": "alert-filter", "autocomplete": "off",
          "placeholder": $0.phrase(.alertFilterHint), "spellcheck": "false",
        ])
      $0.markup("<kbd>/</kbd>")
    }
    choice(
      "state", [("", .allStates), ("firing", .firing), ("pending", .pending)], query.state?.rawValue ?? "", to: &writer)
    choice("group", [("", .byGroup), ("none", .byTime)], query.isGrouped ? "" : "none", to: &writer)
    writer.element("button", class: "button no-script", ["type": "submit"], .filter)
    writer.element("output", class: "quiet grow", ["id": "alert-count", "data-keep": ""], "")
  }

  private func choice(
    _ name: String, _ values: [(String, Phrase)], _ current: String, to writer: inout HTMLWriter
  ) {
    writer.element("span", class: "choice", ["role": "radiogroup"]) { writer in
      for (value, phrase) in values {
        writer.element("label") {
          $0.markup("<input type=\"radio\" name=\"")
          $0.text(name)
          $0.markup("\" value=\"")
          $0.text(value)
          $0.markup("\"")
          if value == current { $0.markup(" checked") }
          $0.markup(">")
          $0.element("span", phrase)
        }
      }
    }
  }

  private func write(_ group: Group, to writer: inout HTMLWriter) {
    if query.isGrouped { GroupHead(view: group.view, count: group.alerts.count).write(to: &writer) }
    for view in group.alerts { AlertRow(view: view).write(to: &writer) }
  }

  private func writePager(to writer: inout HTMLWriter) {
    guard hasNext || query.page > 0 else { return }
    writer.element("nav", class: "pager", ["id": "alert-pager", "aria-label": writer.phrase(.morePages)]) {
      if query.page > 0 { $0.link("alerts" + query.link(page: query.page - 1), class: "button") { $0.say(.back) } }
      $0.quiet("\(query.page * Self.shown + 1)–\(min(total, (query.page + 1) * Self.shown)) / \($0.number(total))")
      if hasNext { $0.link("alerts" + query.link(page: query.page + 1), class: "button") { $0.say(.next) } }
    }
  }
}

/// The head of a group: what its alerts have in common, where they are told, and when next.
struct GroupHead {
  let view: GroupView?
  let count: Int

  func write(to writer: inout HTMLWriter) {
    let key = view.map { $0.id.owner.description + " " + $0.id.key } ?? "none"
    writer.element("li", class: "group", ["data-key": "group " + key]) {
      if let view {
        $0.outside(view.id.owner.description, class: "group-owner")
        $0.chips(view.labels.pairs)
        $0.element("span", class: "quiet group-to") { writer in
          writer.icon(.send)
          writer.text(view.channels.map(\.name).joined(separator: ", "))
          writer.text(" · ")
          writer.time(view.nextFlushAt)
        }
      } else {
        $0.element("span", class: "group-owner", .noGroup)
      }
      $0.element("span", class: "count", $0.number(count))
    }
    writer.markup("\n")
  }
}

/// What the page of alerts is asked for.
struct AlertQuery {
  /// Words that must all stand in an alert's labels, annotations or scope.
  var text = ""
  var state: AlertState?
  var isGrouped = true
  /// From 0 on.
  var page = 0

  var isNarrowed: Bool { !text.isEmpty || state != nil }

  func link(page: Int) -> String {
    var parts = page > 0 ? ["page=\(page)"] : []
    if !text.isEmpty { parts.append("q=" + text.percentEncoded) }
    if let state { parts.append("state=" + state.rawValue) }
    if !isGrouped { parts.append("group=none") }
    return parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
  }

  /// Whether an alert has all the words, and the state.
  func accepts(_ view: AlertView, words: [String]) -> Bool {
    if let state, view.alert.state != state { return false }
    guard !words.isEmpty else { return true }
    var haystack = view.alert.scope.description
    for label in view.alert.labels.pairs { haystack += " " + label.name + "=" + label.value }
    for annotation in view.alert.annotations { haystack += " " + annotation.value }
    haystack = haystack.lowercased()
    return words.allSatisfy { haystack.contains($0) }
  }

  var words: [String] { text.lowercased().split(separator: " ").map(String.init) }
}
