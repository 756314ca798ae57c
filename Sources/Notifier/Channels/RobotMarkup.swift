import Model

/// The dialects of Markdown that group robots take: with colours.
package protocol RobotMarkup: Markup {
  /// A word in a colour.
  static func tinted(_ text: String, _ tint: RobotTint) -> String
}

extension RobotMarkup {
  package static func bold(_ text: String) -> String { "**" + escaped(text) + "**" }

  package static func link(_ title: String, _ url: String) -> String {
    guard let target = url.robotLinkTarget else { return escaped(title.before(url)) }
    return "[" + escaped(title) + "](" + target + ")"
  }
}

/// The colours of words in a robot's message, by the names that Feishu has for them in headers, tags and fonts.
package enum RobotTint: String, Hashable, Sendable {
  case red, orange, blue, green, grey

  /// Of an alert that fires.
  init(_ level: SeverityLevel?) {
    self =
      switch level {
      case .critical: .red
      case .error, .warning: .orange
      case .info: .blue
      case nil: .grey
      }
  }
}

extension MessageContent {
  /// By the gravest severity that fires; green only when all is over.
  var tint: RobotTint {
    state == .resolved ? .green : RobotTint(level)
  }

  /// The message below its title, in a dialect with colours: paragraphs of lines.
  ///
  /// `showsLinks`: whether the links stand in the text, and not on buttons.
  func robotParagraphs<M: RobotMarkup>(in markup: M.Type, showsLinks: Bool = true) -> [[String]] {
    var paragraphs = robotNotices(in: markup)
    if let body { return paragraphs + [[body]] }
    paragraphs.append(robotLines(in: markup))
    if isOfOne, let item = items.first { paragraphs.append(robotDetails(of: item, in: markup)) }
    if !labels.isEmpty { paragraphs.append([robotLabels(in: markup)]) }
    if !isOfOne { paragraphs += items.map { robotLines(of: $0, in: markup) } }
    if hiddenItems > 0 { paragraphs.append([M.tinted(hiddenText, .grey)]) }
    if showsLinks, !links.isEmpty { paragraphs.append([robotLinks(links, in: markup)]) }
    paragraphs.append([M.tinted(source, .grey)] + robotFoot(in: markup))
    return paragraphs.filter { !$0.isEmpty }
  }

  /// What a reader must know before all else: that a template failed, or that this is a try.
  func robotNotices<M: RobotMarkup>(in markup: M.Type) -> [[String]] {
    var notices: [[String]] = []
    if let trouble { notices.append([M.tinted(words.templateTrouble(trouble), .orange)]) }
    if isTest, body != nil { notices.append([M.escaped(words.testNotice)]) }
    return notices
  }

  /// What all alerts share, beside what the title tells: the first line stands out.
  func robotLines<M: RobotMarkup>(in markup: M.Type) -> [String] {
    linesBelowTitle.map { $0 == lines.first ? M.bold($0) : M.escaped($0) }
  }

  /// The labels that all alerts share, in one line.
  func robotLabels<M: RobotMarkup>(in markup: M.Type) -> String {
    M.escaped(labels.map { $0.name + "=" + $0.value }.joined(separator: ", "))
  }

  /// One alert: state and name, then its details.
  func robotLines<M: RobotMarkup>(of item: Item, in markup: M.Type, showsLinks: Bool = true) -> [String] {
    let tint: RobotTint = item.isResolved ? .green : RobotTint(item.level)
    let mark = M.tinted(item.isResolved ? words.resolved : words.firing, tint)
    return [mark + (item.title.isEmpty ? "" : " " + M.escaped(item.title))]
      + robotDetails(of: item, in: markup, showsLinks: showsLinks)
  }

  /// The words of one alert, then short facts side by side, then its links.
  func robotDetails<M: RobotMarkup>(of item: Item, in markup: M.Type, showsLinks: Bool = true) -> [String] {
    (item.lines + rows(of: item.facts)).map(M.escaped)
      + (showsLinks && !item.links.isEmpty ? [robotLinks(item.links, in: markup)] : [])
  }

  func robotLinks<M: RobotMarkup>(_ links: [Link], in markup: M.Type) -> String {
    links.map { M.link($0.title, $0.url) }.joined(separator: " | ")
  }

  /// The rules, and the command that silences.
  func robotFoot<M: RobotMarkup>(in markup: M.Type) -> [String] {
    var foot = origins.map { M.tinted(words.rule + words.colon + $0, .grey) }
    if let silenceCommand { foot.append(M.tinted(words.silence + words.colon, .grey) + M.code(silenceCommand)) }
    return foot
  }
}

extension String {
  /// This text as the target of a link in a robot's Markdown: as ``webLink``, and with what means something in some
  /// dialect percent-encoded, and all letters beyond ASCII.
  var robotLinkTarget: String? {
    guard let link = webLink else { return nil }
    var target: [UInt8] = []
    for byte in link.utf8 {
      if byte >= 0x80 || "()'*".utf8.contains(byte) {
        target += Array(("%" + [byte].hexadecimal.uppercased()).utf8)
      } else {
        target.append(byte)
      }
    }
    return String(decoding: target, as: UTF8.self)
  }
}
