import Model

extension HTMLWriter {
  /// A word with its shape and colour.
  mutating func badge(_ word: String, _ tone: Tone) {
    element("span", class: "badge " + tone.rawValue) {
      $0.icon(tone.icon)
      $0.text(word)
    }
  }

  mutating func badge(_ phrase: Phrase, _ tone: Tone) { badge(self.phrase(phrase), tone) }
  mutating func badge(_ status: SyncStatus) { badge(Phrase(status), Tone(status)) }
  mutating func badge(_ status: HealthStatus) { badge(Phrase(status), Tone(status)) }
  mutating func badge(_ state: AlertState) { badge(Phrase(state), Tone(state)) }

  /// How grave an alert is, in shape and word.
  mutating func gravity(_ gravity: Gravity) {
    element("span", class: "gravity " + gravity.rawValue) {
      $0.icon(gravity.icon)
      $0.element("span", class: "word", gravity.phrase)
    }
  }

  /// Text from outside, its direction kept to itself.
  mutating func outside(_ text: String, class style: String = "") {
    element("bdi", class: style, text)
  }

  mutating func quiet(_ text: String) { element("span", class: "quiet", text) }

  mutating func quiet(_ phrase: Phrase, _ values: String...) {
    element("span", class: "quiet", phrase.filled(language, values))
  }

  /// What stands where nothing else does: that it is so, and what would be here.
  mutating func empty(_ phrase: Phrase, _ tone: Tone = .neutral) {
    element("div", class: "empty") {
      $0.icon(tone.icon)
      $0.element("p", phrase)
    }
  }

  /// Why the ledger's part is missing.
  mutating func unavailable(_ error: SourceUnavailable) {
    element("div", class: "note bad") {
      $0.icon(.bad)
      $0.outside(error.message)
    }
  }

  /// The heading of a page, with what stands at its end.
  mutating func heading(_ title: String, count: Int? = nil, _ aside: (inout HTMLWriter) -> Void = { _ in }) {
    element("header", class: "page-head") {
      $0.element("h1") {
        $0.outside(title)
        if let count { $0.element("span", class: "count", $0.number(count)) }
      }
      aside(&$0)
    }
  }

  /// A part of a page with its own heading; `id` names it where the page is brought up to date.
  mutating func card(
    _ id: String, _ title: Phrase, count: Int? = nil, class style: String = "", more: String? = nil,
    _ content: (inout HTMLWriter) -> Void
  ) {
    element("section", class: "card " + style, ["id": id, "aria-labelledby": id + "-title"]) {
      $0.element("header", class: "card-head") {
        $0.element("h2", ["id": id + "-title"]) {
          $0.say(title)
          if let count { $0.element("span", class: "count", $0.number(count)) }
        }
        if let more { $0.link(more, class: "more") { $0.say(.showAll) } }
      }
      content(&$0)
    }
    markup("\n")
  }

  /// A number with its thousands apart.
  func number(_ value: Int) -> String {
    var digits = String(value.magnitude)
    var parts: [String] = []
    while digits.utf8.count > 3 {
      parts.insert(String(digits.suffix(3)), at: 0)
      digits = String(digits.dropLast(3))
    }
    return (value < 0 ? "−" : "") + ([digits] + parts).joined(separator: ",")
  }

  /// Pairs of a name and what belongs to it.
  mutating func facts(_ content: (inout HTMLWriter) -> Void) {
    element("dl", class: "facts") { content(&$0) }
  }

  mutating func fact(_ name: Phrase, _ content: (inout HTMLWriter) -> Void) {
    element("div") { writer in
      writer.element("dt", name)
      writer.element("dd") { content(&$0) }
    }
  }

  mutating func fact(_ name: Phrase, _ text: String) {
    fact(name) { $0.outside(text) }
  }

  mutating func chip(_ label: Label) {
    element("span", class: "chip") { writer in
      writer.element("span", class: "chip-name", label.name)
      writer.markup("=")
      writer.outside(label.value)
    }
  }

  mutating func chips(_ labels: some Sequence<Label>) {
    element("span", class: "chips") { writer in
      for label in labels { writer.chip(label) }
    }
  }

  mutating func chips(_ matchers: [Matcher]) {
    element("span", class: "chips") { writer in
      for matcher in matchers { writer.element("bdi", class: "chip", matcher.description) }
    }
  }

  mutating func link(to scope: Scope) {
    link(scope.page, class: "scope") { $0.outside(scope.description) }
  }

  mutating func link(to id: ResourceID) {
    link("resources/" + id.opaque) { $0.outside(id.name) }
  }

  mutating func revision(_ revision: Revision?) {
    if let revision {
      element("code", ["title": revision.description], revision.commit.short)
    } else {
      quiet("–")
    }
  }

  /// Where something is written, who last changed it and by which pull request.
  mutating func origin(_ provenance: Provenance) {
    element("code", class: "place", provenance.file + ":" + String(provenance.line))
    guard let change = provenance.change else { return }
    element("span", class: "quiet change") {
      $0.element("code", change.commit.short)
      $0.text(" ")
      $0.outside(change.author)
      $0.text(" · ")
      $0.time(change.committedAt)
      if let request = change.pullRequest {
        $0.text(" · ")
        if let page = change.pullRequestURL {
          $0.linked(page, request.description)
        } else {
          $0.text(request.description)
        }
      }
    }
  }

  /// Goes on in a list without a script.
  mutating func pager(_ path: String, next: String?) {
    guard let next else { return }
    element("nav", class: "pager", ["aria-label": phrase(.morePages)]) {
      $0.link(path + "?cursor=" + next, class: "button", ["rel": "next"]) { $0.say(.older) }
    }
  }

  /// A field that filters the rows of a list while somebody types; a script shows it.
  mutating func filter(_ list: String) {
    element("label", class: "filter", ["hidden": ""]) {
      $0.icon(.search)
      $0.element("span", class: "hidden-words", .filter)
      $0.void(
        "input",
        [
          "type": "search", "data-filter": list, "placeholder": $0.phrase(.filterHint), "autocomplete": "off",
          "spellcheck": "false",
        ])
      $0.markup("<kbd>/</kbd>")
    }
  }
}
