import JSON
import Model
package import Specs

/// Publishes to a topic of an ntfy server, as JSON: texts stay texts, whatever they hold, and no header carries them.
package struct NtfyChannel: Channel {
  private let spec: NtfySpec
  private let context: ChannelContext

  /// Of a message; ntfy makes a file of what is longer than 4,096 bytes.
  private static let byteLimit = 4000

  package init(_ spec: NtfySpec, context: ChannelContext) {
    self.spec = spec
    self.context = context
  }

  package func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt {
    let body = body(of: MessageContent(post, context.style), topic: try context.text(of: spec.topic))
    let request = try context.post(body, to: try context.url(for: post, in: spec.pool), by: spec.pool)
    let answer = try await outlet.ask(request)
    try Self.check(answer)
    return Receipt(detail: "answered \(answer.status)" + (answer.words("id").map { ", message " + $0 } ?? ""))
  }

  // MARK: The message

  private func body(of content: MessageContent, topic: String) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.member("topic", topic)
    json.member("title", content.title)
    json.member("message", Self.text(of: content))
    json.member("priority", Self.priority(of: content))
    json.key("tags")
    json.beginArray()
    for tag in [Self.emoji(of: content)] + spec.tags { json.string(tag) }
    json.endArray()
    let links = content.links.compactMap { link in link.url.webLink.map { (link.title, $0) } }
    if let (_, url) = links.first { json.member("click", url) }
    writeActions(links, to: &json)
    json.endObject()
    return json.bytes
  }

  /// Without the links, which are buttons.
  private static func text(of content: MessageContent) -> String {
    var content = content
    if content.links.count <= actionLimit { content.links = [] }
    let names = content.mentions.compactMap(\.shown).joined(separator: " ")
    return content.fitted(
      MessageContent.chatSteps, render: { ($0.text(in: PlainText.self) + (names.isEmpty ? "" : "\n\n" + names)) },
      accept: { $0.utf8.count <= byteLimit }
    ).cut(to: byteLimit)
  }

  private static let actionLimit = 3

  private func writeActions(_ links: [(title: String, url: String)], to json: inout JSONWriter) {
    guard !links.isEmpty else { return }
    json.key("actions")
    json.beginArray()
    for link in links.prefix(Self.actionLimit) {
      json.beginObject()
      json.member("action", "view")
      json.member("label", link.title)
      json.member("url", link.url)
      json.endObject()
    }
    json.endArray()
  }

  /// 5 rings until it is looked at, 3 is usual, 2 makes no sound.
  private static func priority(of content: MessageContent) -> Int {
    guard content.state != .resolved else { return 2 }
    return switch content.level {
    case .critical: 5
    case .error, .warning, nil: 4
    case .info: 3
    }
  }

  /// A tag that ntfy shows as a picture before the title.
  private static func emoji(of content: MessageContent) -> String {
    guard content.state != .resolved else { return "white_check_mark" }
    return switch content.level {
    case .critical: "rotating_light"
    case .error: "red_circle"
    case .warning, nil: "warning"
    case .info: "information_source"
    }
  }

  // MARK: The answer

  /// A refusal is JSON with `code`, `http` and `error`.
  private static func check(_ answer: VendorAnswer) throws(DeliveryError) {
    let words =
      "answered \(answer.status)" + (answer.json?["code"]?.int.map { " code \($0)" } ?? "") + ": "
      + (answer.words("error") ?? answer.text)
    switch answer.status {
    case 200..<300:
      if answer.words("id") != nil { return }
      throw .ambiguous("answered \(answer.status) with something that is not ntfy's: " + answer.text)
    case 429: throw .throttled(retryAfter: answer.retryAfter)
    case 401, 403: throw .unauthorised(words + "; the topic needs a login, or is reserved for others")
    case 400..<500 where answer.status != 408 && answer.status != 425: throw .rejected(words)
    default: try answer.checkStatus()
    }
  }
}
