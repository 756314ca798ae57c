import JSON
import Model

/// A message as Slack shows it: the title as its text, which is what a phone shows, and below it an attachment with a
/// bar in the severity's colour, made of blocks.
struct SlackMessage {
  /// What Slack takes, and what it is sent at most, in UTF-16 units; a message of blocks has been refused at some
  /// 13,000 (https://github.com/slackapi/bolt-js/issues/2509).
  private static let blockLimit = 3000
  private static let totalLimit = 12_000
  private static let blocksLimit = 45

  private let content: MessageContent
  private let blocks: [(isFoot: Bool, text: String)]

  init(_ content: MessageContent) {
    self.content = content
    blocks = content.fitted(MessageContent.chatSteps, render: Self.blocks) { blocks in
      blocks.count <= Self.blocksLimit && blocks.reduce(0) { $0 + $1.text.utf16.count } <= Self.totalLimit
    }
  }

  private static func blocks(of content: MessageContent) -> [(isFoot: Bool, text: String)] {
    var paragraphs = content.paragraphs(in: SlackMarkup.self).map { $0.joined(separator: "\n") }
    let foot = content.body == nil ? paragraphs.popLast() ?? "" : ""
    return paragraphs.joined(separator: "\n\n").pieces(of: blockLimit).map { (isFoot: false, text: $0) }
      + foot.pieces(of: 2000).map { (isFoot: true, text: $0) }
  }

  /// Whom it names, in mrkdwn; others than Slack's own ids call nobody.
  private var mentions: String {
    content.mentions.compactMap { mention in
      switch mention {
      case .everyone: "<!channel>"
      case .id("slack", "here"): "<!here>"
      case .id("slack", "channel"), .id("slack", "everyone"): "<!channel>"
      case .id("slack", let id): Self.isID(id) ? (id.hasPrefix("S") ? "<!subteam^\(id)>" : "<@\(id)>") : nil
      default: mention.shown.map(SlackMarkup.escaped)
      }
    }.joined(separator: " ")
  }

  /// `U024BE7LH`, `W…` or `S0614TZR7`.
  private static func isID(_ text: String) -> Bool {
    text.utf8.allSatisfy {
      UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
    } && ["U", "W", "S"].contains(text.prefix(1)) && text.utf8.count >= 3
  }

  private var title: String { SlackMarkup.bold(content.title) }

  /// The members `text` and `attachments` of a message.
  func write(to json: inout JSONWriter) {
    json.member("text", [title, mentions].filter { !$0.isEmpty }.joined(separator: "\n"))
    json.member("unfurl_links", false)
    json.member("unfurl_media", false)
    json.key("attachments")
    json.beginArray()
    json.beginObject()
    json.member("color", content.colour)
    json.member("fallback", HTML.entities(content.title))
    json.key("blocks")
    json.beginArray()
    for block in blocks { Self.write(block.text, isFoot: block.isFoot, to: &json) }
    json.endArray()
    json.endObject()
    json.endArray()
  }

  /// What stands in the group's thread while its message shows the present state: one or two lines.
  func writeNote(to json: inout JSONWriter) {
    json.member(
      "text", [title, SlackMarkup.escaped(content.source), mentions].filter { !$0.isEmpty }.joined(separator: "\n"))
    json.member("unfurl_links", false)
    json.member("unfurl_media", false)
  }

  private static func write(_ text: String, isFoot: Bool, to json: inout JSONWriter) {
    json.beginObject()
    json.member("type", isFoot ? "context" : "section")
    json.key(isFoot ? "elements" : "text")
    if isFoot { json.beginArray() }
    json.beginObject()
    json.member("type", "mrkdwn")
    json.member("text", text)
    // Slack then makes links and mentions of nothing that isn't written as one.
    json.member("verbatim", true)
    json.endObject()
    if isFoot { json.endArray() }
    json.endObject()
  }
}
