import JSON
import Model

/// A message as an adaptive card of version 1.4, the newest that all of Teams' programs show.
///
/// Texts of alerts stand in rich text blocks, which know no markup, so that they are shown as they are; only facts,
/// names of people and a template's own text are markdown, since Teams has no other place for them.
struct TeamsCard {
  private let content: MessageContent

  /// Teams takes 28 KB; a workflow accepts more and then fails where nobody is told (Microsoft, "Create and send
  /// messages with incoming webhooks").
  static let byteLimit = 25_000

  private init(_ content: MessageContent) {
    self.content = content
  }

  /// The whole request's body, in the fullest form that Teams takes.
  static func body(for content: MessageContent) -> [UInt8] {
    content.fitted(MessageContent.chatSteps, render: { TeamsCard($0).bytes }, accept: { $0.count <= byteLimit })
  }

  // MARK: The card

  private var bytes: [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("type", "message")
    json.key("attachments")
    json.beginArray()
    json.beginObject()
    json.member("contentType", "application/vnd.microsoft.card.adaptive")
    json.key("contentUrl")
    json.null()
    json.key("content")
    writeCard(to: &json)
    json.endObject()
    json.endArray()
    json.endObject()
    return json.bytes
  }

  private func writeCard(to json: inout JSONWriter) {
    json.beginObject()
    json.member("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
    json.member("type", "AdaptiveCard")
    json.member("version", "1.4")
    // What is read out, and shown where the card can't be.
    json.member("fallbackText", content.title)
    json.key("msteams")
    json.beginObject()
    json.member("width", "Full")
    json.key("entities")
    json.beginArray()
    for person in people { person.writeEntity(to: &json) }
    json.endArray()
    json.endObject()
    json.key("body")
    json.beginArray()
    writeBody(to: &json)
    json.endArray()
    writeActions(to: &json)
    json.endObject()
  }

  private func writeBody(to json: inout JSONWriter) {
    json.container(style: style) { json in
      json.rich([.init(content.title, isBold: true, isLarge: true)])
    }
    let named =
      people.map(\.markup)
      + content.mentions.compactMap { mention in
        if case .email = mention { nil } else { mention.shown.map(TeamsMarkup.escaped) }
      }
    if !named.isEmpty { json.textBlock(named.joined(separator: " ")) }
    if let trouble = content.trouble { json.rich([.init(content.words.templateTrouble(trouble))]) }
    if let body = content.body {
      if content.isTest { json.rich([.init(content.words.testNotice)]) }
      json.textBlock(body)
      return
    }
    for line in content.linesBelowTitle { json.rich([.init(line, isBold: line == content.lines.first)]) }
    if content.isOfOne { content.items.forEach { write($0, to: &json) } }
    if !content.labels.isEmpty {
      json.rich([.init(content.labels.map { $0.name + "=" + $0.value }.joined(separator: ", "))], hasSpace: true)
    }
    if !content.isOfOne { content.items.forEach { write($0, to: &json) } }
    if content.hiddenItems > 0 { json.rich([.init(content.hiddenText, isBold: true)], hasSpace: true) }
    writeFoot(to: &json)
  }

  private func write(_ item: MessageContent.Item, to json: inout JSONWriter) {
    if !content.isOfOne {
      let mark = item.isResolved ? content.words.resolved : content.words.firing
      let colour = item.isResolved ? "Good" : Self.colour(of: item.level)
      json.rich([.init(mark + " ", isBold: true, colour: colour), .init(item.title)], hasSpace: true)
    }
    for line in item.lines { json.rich([.init(line)]) }
    json.facts(item.facts)
    for link in item.links { json.textBlock(TeamsMarkup.link(link.title, link.url)) }
  }

  private func writeFoot(to json: inout JSONWriter) {
    json.rich([.init(content.source, isSubtle: true)], hasSpace: true)
    for origin in content.origins {
      json.rich([.init(content.words.rule + content.words.colon + origin, isSubtle: true)])
    }
    guard let command = content.silenceCommand else { return }
    json.rich([
      .init(content.words.silence + content.words.colon, isSubtle: true), .init(command, isMonospaced: true),
    ])
  }

  /// Teams shows six buttons at most.
  private func writeActions(to json: inout JSONWriter) {
    let links = content.links.compactMap { link in link.url.webLink.map { (link.title, $0) } }.prefix(6)
    guard !links.isEmpty else { return }
    json.key("actions")
    json.beginArray()
    for (title, url) in links {
      json.beginObject()
      json.member("type", "Action.OpenUrl")
      json.member("title", title)
      json.member("url", url)
      json.endObject()
    }
    json.endArray()
  }

  // MARK: Colours

  /// The background of the title.
  private var style: String {
    guard content.state != .resolved else { return "good" }
    return switch content.level {
    case .critical, .error: "attention"
    case .warning: "warning"
    case .info: "accent"
    case nil: "emphasis"
    }
  }

  private static func colour(of level: SeverityLevel?) -> String {
    switch level {
    case .critical, .error: "Attention"
    case .warning: "Warning"
    case .info: "Accent"
    case nil: "Default"
    }
  }

  // MARK: People

  private var people: [Person] {
    var people: [Person] = []
    for case let person? in content.mentions.map(Person.init) where !people.contains(person) { people.append(person) }
    return people
  }

  /// Somebody of the organisation: by the sign-in name, which mostly is a mail address, or the object id.
  private struct Person: Hashable {
    let id: String

    init?(_ mention: Mention) {
      switch mention {
      case .email(let id), .id("teams", let id): self.id = id.onOneLine(limit: 200)
      default: return nil
      }
      if id.isEmpty || id.unicodeScalars.contains(where: { "<>&\"".unicodeScalars.contains($0) }) { return nil }
    }

    var markup: String { "<at>" + id + "</at>" }

    func writeEntity(to json: inout JSONWriter) {
      json.beginObject()
      json.member("type", "mention")
      json.member("text", markup)
      json.key("mentioned")
      json.beginObject()
      json.member("id", id)
      json.member("name", id)
      json.endObject()
      json.endObject()
    }
  }
}

// MARK: - Elements

/// A piece of text without markup.
private struct TextRun {
  var text: String
  var isBold = false
  var isLarge = false
  var isSubtle = false
  var isMonospaced = false
  var colour: String?

  init(
    _ text: String, isBold: Bool = false, isLarge: Bool = false, isSubtle: Bool = false, isMonospaced: Bool = false,
    colour: String? = nil
  ) {
    self.text = text.withoutDateFunctions
    self.isBold = isBold
    self.isLarge = isLarge
    self.isSubtle = isSubtle
    self.isMonospaced = isMonospaced
    self.colour = colour
  }
}

extension String {
  /// This text with a space of no width between two braces: `{{DATE(…)}}` would be shown as a date.
  var withoutDateFunctions: String {
    var text = ""
    var last: Unicode.Scalar?
    for scalar in unicodeScalars {
      if scalar == "{", last == "{" { text += "\u{200b}" }
      text.unicodeScalars.append(scalar)
      last = scalar
    }
    return text
  }
}

extension JSONWriter {
  fileprivate mutating func container(style: String, _ write: (inout JSONWriter) -> Void) {
    beginObject()
    member("type", "Container")
    member("style", style)
    member("bleed", true)
    key("items")
    beginArray()
    write(&self)
    endArray()
    endObject()
  }

  /// A line; `hasSpace` parts it from the one above.
  fileprivate mutating func rich(_ runs: [TextRun], hasSpace: Bool = false) {
    beginObject()
    member("type", "RichTextBlock")
    if !hasSpace { member("spacing", "Small") }
    key("inlines")
    beginArray()
    for run in runs where !run.text.isEmpty { write(run) }
    endArray()
    endObject()
  }

  private mutating func write(_ run: TextRun) {
    beginObject()
    member("type", "TextRun")
    member("text", run.text)
    if run.isBold { member("weight", "Bolder") }
    if run.isLarge { member("size", "Medium") }
    if run.isSubtle { member("isSubtle", true) }
    if run.isMonospaced { member("fontType", "Monospace") }
    if let colour = run.colour { member("color", colour) }
    endObject()
  }

  fileprivate mutating func textBlock(_ markdown: String) {
    beginObject()
    member("type", "TextBlock")
    member("text", markdown)
    member("wrap", true)
    endObject()
  }

  fileprivate mutating func facts(_ facts: [Label]) {
    guard !facts.isEmpty else { return }
    beginObject()
    member("type", "FactSet")
    member("spacing", "Small")
    key("facts")
    beginArray()
    for fact in facts {
      beginObject()
      member("title", TeamsMarkup.escaped(fact.name))
      member("value", TeamsMarkup.escaped(fact.value))
      endObject()
    }
    endArray()
    endObject()
  }
}
