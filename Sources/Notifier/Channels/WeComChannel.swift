import JSON
import Model
package import Specs

/// Posts to a group robot of WeCom. A yes is `errcode` 0 in the answer's body.
package struct WeComChannel: Channel {
  private let spec: WeComSpec
  private let context: ChannelContext
  private let memory = RobotMemory()

  package init(_ spec: WeComSpec, context: ChannelContext) {
    self.spec = spec
    self.context = context
  }

  package func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt {
    let robot = WeComRobot(
      content: MessageContent(post, context.style), url: try context.url(for: post, in: spec.pool), spec: spec,
      context: context)
    return try await robot.send(by: context.clock, memory, through: &outlet)
  }
}

/// One message on its way to a WeCom robot.
private struct WeComRobot: Robot {
  let content: MessageContent
  let url: String
  let spec: WeComSpec
  let context: ChannelContext

  /// Of the text itself, in bytes: the vendor takes 4096 of Markdown and 2048 of plain text; some room is left.
  private static let markdownLimit = 4000.0
  private static let textLimit = 2000.0

  func request(for draft: RobotDraft) throws(DeliveryError) -> HTTPRequest {
    try context.post(json(of: draft).bytes(), to: url, by: spec.pool)
  }

  // MARK: The message

  private var people: WeComPeople { WeComPeople(content.mentions) }

  private func json(of draft: RobotDraft) -> JSONValue {
    switch spec.format {
    case .markdown: markdown(draft)
    case .text: text(draft)
    case .templateCard: WeComCard(content: content).json ?? markdown(draft)
    case .auto: people.needText ? text(draft) : markdown(draft)
    }
  }

  private func markdown(_ draft: RobotDraft) -> JSONValue {
    typealias M = WeComMarkup
    let limit = Int(Self.markdownLimit * draft.share)
    let text = content.fitted(MessageContent.robotSteps) { content in
      let paragraphs = content.robotParagraphs(in: M.self).map { $0.joined(separator: M.lineBreak) }
      let mentions = people.isEmpty ? [] : [people.inMarkdown.joined(separator: " ")]
      return (["### " + M.tinted(content.title, content.tint)] + paragraphs + mentions)
        .joined(separator: M.paragraphBreak)
    } accept: {
      $0.utf8.count <= limit
    }
    return ["msgtype": "markdown", "markdown": ["content": .string(text)]]
  }

  private func text(_ draft: RobotDraft) -> JSONValue {
    let limit = Int(Self.textLimit * draft.share)
    let text = content.fitted(MessageContent.robotSteps) { content in
      let text = content.text(in: PlainText.self)
      let body = content.body == nil ? Self.withoutTags(text) : text
      let words = [Self.withoutTags(content.title), body, Self.withoutTags(people.uncalled)]
      return words.filter { !$0.isEmpty }.joined(separator: "\n\n")
    } accept: {
      $0.utf8.count <= limit
    }
    return ["msgtype": "text", "text": .object([.init("content", .string(text))] + people.members)]
  }

  /// The tag that calls people works in text too, and has no escape: its bracket's wide twin is shown.
  private static func withoutTags(_ text: String) -> String { text.replacingBytes("<@", with: "＜@") }

  // MARK: Answers

  func check(_ answer: VendorAnswer) throws(DeliveryError) {
    guard let code = answer.number("errcode") else { try answer.refuseForLackOfCode() }
    let text = answer.words("errmsg") ?? ""
    switch code {
    case 0: return
    case -1: throw .unreachable(answer.refusal(code, text))
    case 45_009, 45_033: throw .throttled(retryAfter: .seconds(60))
    case 93_000: throw .unauthorised(answer.refusal(code, text, "the robot was removed, or its URL is wrong"))
    default: throw .rejected(answer.refusal(code, text))
    }
  }

  func remedy(for answer: VendorAnswer) -> RobotRemedy? {
    answer.number("errcode") == 40_058 && (answer.words("errmsg") ?? "").lowercased().contains("exceed")
      ? .smaller : nil
  }
}

/// Whom a WeCom robot calls: ids in Markdown; everybody and mobile numbers in text only.
private struct WeComPeople {
  private let mentions: [Mention]

  /// Ids that are meant for other kinds of channels are left out.
  init(_ mentions: [Mention]) {
    self.mentions = mentions.filter { $0.shownName(in: .wecom) != nil }
  }

  var isEmpty: Bool { mentions.isEmpty }

  /// Whether somebody is mentioned who can be called in text only.
  var needText: Bool {
    mentions.contains { mention in
      switch mention {
      case .everyone, .mobile: true
      default: false
      }
    }
  }

  /// `<@zhangsan>`; those who can't be called are named.
  var inMarkdown: [String] {
    mentions.compactMap { mention in
      Self.id(mention).map { "<@" + $0 + ">" } ?? mention.shownName(in: .wecom).map(WeComMarkup.escaped)
    }
  }

  /// Those whom no text can call, by name.
  var uncalled: String {
    mentions.filter { mention in
      switch mention {
      case .everyone, .mobile: false
      default: Self.id(mention) == nil
      }
    }.compactMap { $0.shownName(in: .wecom) }.joined(separator: " ")
  }

  /// The lists of a text message.
  var members: [JSONValue.Member] {
    var ids: [JSONValue] = []
    var mobiles: [JSONValue] = []
    for mention in mentions {
      switch mention {
      case .everyone: ids.append("@all")
      case .mobile(let number): mobiles.append(.string(number.localNumber))
      default: if let id = Self.id(mention) { ids.append(.string(id)) }
      }
    }
    return (ids.isEmpty ? [] : [.init("mentioned_list", .array(ids))])
      + (mobiles.isEmpty ? [] : [.init("mentioned_mobile_list", .array(mobiles))])
  }

  private static func id(_ mention: Mention) -> String? {
    guard case .id("wecom", let id) = mention, id.isRobotID else { return nil }
    return id
  }
}

/// A message as a WeCom card: few words, and a page behind it.
private struct WeComCard {
  let content: MessageContent

  /// `nil` where there is no page to open, since a card must have one.
  var json: JSONValue? {
    let links = content.links.compactMap { link in link.url.robotLinkTarget.map { (link.title, $0) } }
    guard let first = links.first else { return nil }
    var members: [JSONValue.Member] = [
      .init("card_type", "text_notice"),
      .init("source", ["desc": "Belfry", "desc_color": .integer(content.tint.weComNumber)]),
      .init("main_title", ["title": Self.text(content.title, Self.titleLimit), "desc": Self.text(content.source, 30)]),
    ]
    let summary = summary
    if !summary.isEmpty { members.append(.init("sub_title_text", Self.text(summary, 112))) }
    let rows = rows
    if !rows.isEmpty { members.append(.init("horizontal_content_list", .array(rows))) }
    let jumps = links.prefix(3).map { ["type": 1, "title": Self.text($0.0, 13), "url": .string($0.1)] as JSONValue }
    members.append(.init("jump_list", .array(jumps)))
    members.append(.init("card_action", ["type": 1, "url": .string(first.1)]))
    return ["msgtype": "template_card", "template_card": .object(members)]
  }

  private static let titleLimit = 26

  /// What the title is too short for.
  private var summary: String {
    if let body = content.body { return body.onOneLine(limit: 400) }
    let title = content.title.unicodeScalars.count > Self.titleLimit ? [content.title] : []
    let first = content.isDigest ? [] : content.items.prefix(3).map { $0.lines.first ?? "" }
    let parts = content.lines.isEmpty ? first : content.lines
    return (title + parts.filter { !$0.isEmpty && !content.title(tells: $0) }).joined(separator: " | ")
  }

  /// The facts of the only alert; of several, the first ones. At most six rows, as the vendor has it.
  private var rows: [JSONValue] {
    guard content.body == nil else { return [] }
    if content.items.count == 1, let item = content.items.first {
      return (item.facts + content.labels).prefix(6).map { Self.row($0.name, $0.value) }
    }
    let shown = content.reduced(to: .init(items: content.hiddenItems + content.items.count > 6 ? 5 : 6))
    let rows = shown.items.map { Self.row($0.isResolved ? content.words.resolved : content.words.firing, $0.brief) }
    return shown.hiddenItems > 0 ? rows + [Self.row("…", shown.hiddenText)] : rows
  }

  private static func row(_ name: String, _ value: String) -> JSONValue {
    ["keyname": text(name, 8), "value": text(value, 26)]
  }

  /// At most `limit` characters, as the vendor advises.
  private static func text(_ text: String, _ limit: Int) -> JSONValue { .string(text.cut(scalars: limit)) }
}
