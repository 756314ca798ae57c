import JSON
import Model
import Specs

/// A message as a Feishu card, in either version of the format.
struct FeishuCard {
  private let content: MessageContent

  init(_ content: MessageContent) {
    self.content = content
  }

  private typealias M = FeishuMarkup

  // MARK: Version 2.0

  /// For clients from 7.20 on; at most 25 elements.
  var current: JSONValue {
    [
      "schema": "2.0",
      "config": ["width_mode": "fill", "summary": ["content": .string(content.title)]],
      "header": header,
      "body": ["elements": .array(elements + mentions)],
    ]
  }

  private var elements: [JSONValue] {
    var elements = content.robotNotices(in: M.self).map { Self.markdown($0) }
    if let body = content.body { return elements + [Self.markdown([body])] }
    let lines = content.robotLines(in: M.self)
    if !lines.isEmpty { elements.append(Self.markdown(lines)) }
    elements += content.isOfOne ? items + labels : labels + items
    if content.hiddenItems > 0 { elements.append(Self.markdown([M.tinted(content.hiddenText, .grey)])) }
    elements += buttons
    let foot = content.robotFoot(in: M.self)
    if !foot.isEmpty { elements.append(Self.markdown(foot, isSmall: true)) }
    return elements
  }

  /// The details of the only alert, or each of several.
  private var items: [JSONValue] {
    let items = content.items.map {
      content.isOfOne ? content.robotDetails(of: $0, in: M.self) : content.robotLines(of: $0, in: M.self)
    }
    return items.filter { !$0.isEmpty }.map { Self.markdown($0) }
  }

  private var mentions: [JSONValue] {
    let names = content.mentions.compactMap(M.mention)
    return names.isEmpty ? [] : [Self.markdown([names.joined(separator: " ")])]
  }

  /// Few labels in two columns, many in one text.
  private var labels: [JSONValue] {
    guard !content.labels.isEmpty else { return [] }
    guard content.labels.count <= 8 else { return [Self.markdown([content.robotLabels(in: M.self)])] }
    let half = (content.labels.count + 1) / 2
    let columns = [content.labels.prefix(half), content.labels.dropFirst(half)].filter { !$0.isEmpty }
    return [
      [
        "tag": "column_set", "flex_mode": "bisect",
        "columns": .array(
          columns.map { column in
            [
              "tag": "column", "width": "weighted", "weight": 1,
              "elements": [Self.markdown(column.flatMap { [M.bold($0.name), M.escaped($0.value)] })],
            ]
          }),
      ]
    ]
  }

  private var buttons: [JSONValue] {
    let links = content.links.filter { $0.url.robotLinkTarget != nil }
    guard !links.isEmpty else { return [] }
    let columns = links.enumerated().map { index, link -> JSONValue in
      [
        "tag": "column", "width": "auto",
        "elements": [
          [
            "tag": "button", "type": index == 0 ? "primary" : "default", "text": Self.plain(link.title),
            "behaviors": [["type": "open_url", "default_url": .string(link.url.robotLinkTarget ?? "")]],
          ]
        ],
      ]
    }
    return [["tag": "column_set", "columns": .array(columns)]]
  }

  private static func markdown(_ lines: [String], isSmall: Bool = false) -> JSONValue {
    let text = JSONValue.string(lines.joined(separator: M.lineBreak))
    return isSmall
      ? ["tag": "markdown", "text_size": "notation", "content": text] : ["tag": "markdown", "content": text]
  }

  // MARK: Version 1

  /// For older clients and private installations.
  var former: JSONValue {
    ["config": ["wide_screen_mode": true], "header": header, "elements": .array(formerElements + mentions)]
  }

  private var formerElements: [JSONValue] {
    var elements = content.robotNotices(in: M.self).map { Self.markdown($0) }
    if let body = content.body { return elements + [Self.markdown([body])] }
    let lines = content.robotLines(in: M.self)
    if !lines.isEmpty { elements.append(Self.markdown(lines)) }
    if !content.labels.isEmpty {
      elements.append(["tag": "div", "fields": .array(content.labels.map(Self.field))])
    }
    if !items.isEmpty { elements += [["tag": "hr"]] + items }
    if content.hiddenItems > 0 { elements.append(Self.markdown([M.escaped(content.hiddenText)])) }
    let links = content.links.filter { $0.url.robotLinkTarget != nil }
    if !links.isEmpty { elements.append(["tag": "action", "actions": .array(links.map(Self.formerButton))]) }
    return elements + formerFoot
  }

  /// Plain text: the older format shows no code.
  private var formerFoot: [JSONValue] {
    var foot = content.origins.map { content.words.rule + content.words.colon + $0 }
    if let command = content.silenceCommand { foot.append(content.words.silence + content.words.colon + command) }
    guard !foot.isEmpty else { return [] }
    return [["tag": "note", "elements": [Self.plain(foot.joined(separator: "\n"))]]]
  }

  private static func field(_ label: Label) -> JSONValue {
    [
      "is_short": true,
      "text": ["tag": "lark_md", "content": .string(M.bold(label.name) + "\n" + M.escaped(label.value))],
    ]
  }

  private static func formerButton(_ link: MessageContent.Link) -> JSONValue {
    ["tag": "button", "type": "default", "text": plain(link.title), "url": .string(link.url.robotLinkTarget ?? "")]
  }

  // MARK: Both

  /// The title says the state in words; the colour repeats it.
  private var header: JSONValue {
    [
      "template": .string(content.tint.rawValue), "title": Self.plain(content.title),
      "subtitle": Self.plain(content.source),
    ]
  }

  private static func plain(_ text: String) -> JSONValue { ["tag": "plain_text", "content": .string(text)] }
}

/// A message as Feishu's rich text: lines of texts, links and mentions, none of which is marked up.
struct FeishuPost {
  private let content: MessageContent

  init(_ content: MessageContent) {
    self.content = content
  }

  /// The value of `content`.
  var json: JSONValue {
    let language = content.words.language == .chinese ? "zh_cn" : "en_us"
    let lines = JSONValue.array(lines.map(JSONValue.array))
    let text: JSONValue = ["title": .string(content.title), "content": lines]
    return ["post": .object([.init(language, text)])]
  }

  private var lines: [[JSONValue]] {
    var lines: [[JSONValue]] = []
    lines += content.robotNotices(in: PlainRobotText.self).map { $0.map(Self.text) }
    if let body = content.body {
      lines.append([Self.text(body)])
    } else {
      lines += plainLines
    }
    let mentions = content.mentions.compactMap(Self.mention)
    return mentions.isEmpty ? lines : lines + [mentions]
  }

  private var plainLines: [[JSONValue]] {
    var lines = content.linesBelowTitle.map { [Self.text($0)] }
    let labels = content.labels.isEmpty ? [] : [[Self.text(content.robotLabels(in: PlainRobotText.self))]]
    if !content.isOfOne { lines += labels }
    for item in content.items {
      let words =
        content.isOfOne
        ? content.robotDetails(of: item, in: PlainRobotText.self, showsLinks: false)
        : content.robotLines(of: item, in: PlainRobotText.self, showsLinks: false)
      lines += words.map { [Self.text($0)] }
      if !item.links.isEmpty { lines.append(links(item.links)) }
    }
    if content.isOfOne { lines += labels }
    if content.hiddenItems > 0 { lines.append([Self.text(content.hiddenText)]) }
    if !content.links.isEmpty { lines.append(links(content.links)) }
    return lines + ([content.source] + content.robotFoot(in: PlainRobotText.self)).map { [Self.text($0)] }
  }

  private func links(_ links: [MessageContent.Link]) -> [JSONValue] {
    links.enumerated().flatMap { index, link -> [JSONValue] in
      let gap = index > 0 ? [Self.text(" | ")] : []
      guard let target = link.url.robotLinkTarget else { return gap + [Self.text(link.title.before(link.url))] }
      return gap + [["tag": "a", "text": .string(link.title), "href": .string(target)]]
    }
  }

  private static func text(_ text: String) -> JSONValue { ["tag": "text", "text": .string(text)] }

  private static func mention(_ mention: Mention) -> JSONValue? {
    guard let id = mention.feishuID else { return mention.shownName(in: .feishu).map { text($0 + " ") } }
    return ["tag": "at", "user_id": .string(id)]
  }
}

/// Text without any markup, where the lines are those of robots.
enum PlainRobotText: RobotMarkup {
  static func escaped(_ text: String) -> String { text }
  static func bold(_ text: String) -> String { text }
  static func code(_ text: String) -> String { text }
  static func link(_ title: String, _ url: String) -> String { title.before(url) }
  static func tinted(_ text: String, _ tint: RobotTint) -> String { text }
  static var lineBreak: String { "\n" }
  static var paragraphBreak: String { "\n\n" }
}
