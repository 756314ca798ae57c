import Model

/// How a destination marks up a text. Arguments called `text` are raw and are escaped here.
package protocol Markup {
  /// Text that is shown as it is, whatever it holds.
  static func escaped(_ text: String) -> String
  static func bold(_ text: String) -> String
  /// In a fixed font.
  static func code(_ text: String) -> String
  static func link(_ title: String, _ url: String) -> String
  /// Between two lines of a paragraph.
  static var lineBreak: String { get }
  /// Between two paragraphs.
  static var paragraphBreak: String { get }
}

extension Markup {
  package static var lineBreak: String { "\n" }
  package static var paragraphBreak: String { "\n\n" }
}

/// No markup at all.
package enum PlainText: Markup {
  package static func escaped(_ text: String) -> String { text }
  package static func bold(_ text: String) -> String { text }
  package static func code(_ text: String) -> String { text }
  package static func link(_ title: String, _ url: String) -> String { title.before(url) }
}

extension String {
  /// `View alerts: https://…`; behind a Chinese word the wide colon.
  func before(_ url: String) -> String {
    self + (unicodeScalars.last?.properties.isIdeographic ?? false ? "：" : ": ") + url
  }
}

extension MessageContent {
  /// The message below its title: paragraphs of marked-up lines.
  ///
  /// `isBelowTitle`: whether the title stands above, so that a summary that it tells isn't told again.
  package func paragraphs<M: Markup>(in markup: M.Type, isBelowTitle: Bool = true) -> [[String]] {
    var paragraphs: [[String]] = []
    if let trouble { paragraphs.append([M.escaped(words.templateTrouble(trouble))]) }
    if let body {
      if isTest { paragraphs.append([M.escaped(words.testNotice)]) }
      return paragraphs + [[body]]
    }
    let shared = isBelowTitle ? linesBelowTitle : lines
    if !shared.isEmpty { paragraphs.append(shared.map { $0 == lines.first ? M.bold($0) : M.escaped($0) }) }
    if isOfOne, let item = items.first { paragraphs.append(details(of: item, in: markup)) }
    if !labels.isEmpty {
      paragraphs.append([M.escaped(labels.map { $0.name + "=" + $0.value }.joined(separator: ", "))])
    }
    if !isOfOne { paragraphs += items.map { lines(of: $0, in: markup) } }
    if hiddenItems > 0 { paragraphs.append([M.escaped(hiddenText)]) }
    if !links.isEmpty { paragraphs.append([row(of: links, in: markup)]) }
    var foot = [M.escaped(source)] + origins.map { M.escaped(words.rule + words.colon + $0) }
    if let silenceCommand { foot.append(M.escaped(words.silence + words.colon) + M.code(silenceCommand)) }
    paragraphs.append(foot)
    return paragraphs
  }

  /// Whether it tells of one alert, whose state and labels stand above its items.
  package var isOfOne: Bool { !isDigest && items.count == 1 && hiddenItems == 0 && (items.first?.title ?? "").isEmpty }

  /// How much was left out.
  package var hiddenText: String {
    isDigest ? words.moreGroups(hiddenItems, alerts: hiddenAlerts) : words.more(hiddenItems)
  }

  private func lines<M: Markup>(of item: Item, in markup: M.Type) -> [String] {
    let mark = item.isResolved ? words.resolved : words.firing
    return [M.bold(mark) + (item.title.isEmpty ? "" : " " + M.escaped(item.title))] + details(of: item, in: markup)
  }

  private func details<M: Markup>(of item: Item, in markup: M.Type) -> [String] {
    (item.lines + rows(of: item.facts)).map(M.escaped)
      + (item.links.isEmpty ? [] : [row(of: item.links, in: markup)])
  }

  /// `Value: 1 · Since: 2026-11-20 08:00:00 UTC`: short facts side by side.
  func rows(of facts: [Label]) -> [String] {
    facts.map { $0.name + words.colon + $0.value }.inRows(of: 100)
  }

  private func row<M: Markup>(of links: [Link], in markup: M.Type) -> String {
    links.map { M.link($0.title, $0.url) }.joined(separator: " | ")
  }

  /// All paragraphs as one text.
  package func text<M: Markup>(in markup: M.Type, isBelowTitle: Bool = true) -> String {
    paragraphs(in: markup, isBelowTitle: isBelowTitle).map { $0.joined(separator: M.lineBreak) }.joined(
      separator: M.paragraphBreak)
  }
}

extension [String] {
  /// These, with short neighbours side by side, as far as a row of `limit` letters holds them; an ideograph is as wide
  /// as two.
  fileprivate func inRows(of limit: Int) -> [String] {
    var rows: [String] = []
    for text in self {
      if let last = rows.last, last.columns + text.columns + 3 <= limit {
        rows[rows.count - 1] = last + " · " + text
      } else {
        rows.append(text)
      }
    }
    return rows
  }
}

extension String {
  /// How wide this is, in letters.
  fileprivate var columns: Int { unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2e80 ? 2 : 1) } }
}
