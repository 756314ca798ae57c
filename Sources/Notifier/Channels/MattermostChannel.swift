import JSON
import Model
package import Specs

/// Posts to an incoming webhook of Mattermost: the title and whom it names as text, the rest as an attachment with a
/// bar in the severity's colour.
package struct MattermostChannel: Channel {
  private let spec: MattermostSpec
  private let context: ChannelContext

  /// Mattermost takes 16,383 characters of text, and folds what is long.
  private static let unitLimit = 12_000

  package init(_ spec: MattermostSpec, context: ChannelContext) {
    self.spec = spec
    self.context = context
  }

  package func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt {
    let body = body(of: MessageContent(post, context.style))
    let request = try context.post(body, to: try context.url(for: post, in: spec.pool), by: spec.pool)
    try Self.check(try await outlet.ask(request))
    return Receipt(detail: "answered ok")
  }

  // MARK: The message

  private func body(of content: MessageContent) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    if let channel = spec.channel { json.member("channel", channel) }
    if let username = spec.username { json.member("username", username) }
    if let url = spec.iconURL { json.member("icon_url", url) }
    let head = [MattermostMarkup.bold(content.title), Self.mentions(content)].filter { !$0.isEmpty }
    json.member("text", head.joined(separator: "\n").cut(units: 4000))
    json.key("attachments")
    json.beginArray()
    json.beginObject()
    json.member("fallback", content.title)
    json.member("color", content.colour)
    json.member(
      "text",
      content.fitted(
        MessageContent.chatSteps, render: { $0.text(in: MattermostMarkup.self) },
        accept: { $0.utf16.count <= Self.unitLimit }
      ).cut(units: Self.unitLimit))
    json.endObject()
    json.endArray()
    if let priority = priority(of: content) {
      json.key("priority")
      json.beginObject()
      json.member("priority", priority)
      json.endObject()
    }
    json.endObject()
    return json.bytes
  }

  /// `mattermost:ana` and the like; `channel`, `here` and `all` call everybody. Names that could hold more than a name
  /// are left out.
  private static func mentions(_ content: MessageContent) -> String {
    content.mentions.compactMap { mention in
      switch mention {
      case .everyone: "@channel"
      case .id("mattermost", let id):
        id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"*`[]()<>@".utf8.contains($0) } ? "@" + id : nil
      default: mention.shown.map(MattermostMarkup.escaped)
      }
    }.joined(separator: " ")
  }

  private func priority(of content: MessageContent) -> String? {
    guard spec.priority, content.state != .resolved else { return nil }
    return switch content.level {
    case .critical: "urgent"
    case .error, .warning: "important"
    case .info, nil: nil
    }
  }

  // MARK: The answer

  /// `ok` as text, or JSON with an id, words and a status.
  private static func check(_ answer: VendorAnswer) throws(DeliveryError) {
    let id = answer.words("id") ?? ""
    let words = "answered \(answer.status): " + (answer.words("message") ?? answer.text)
    switch answer.status {
    case 200..<300:
      if answer.text == "ok" || answer.text.isEmpty { return }
      throw .ambiguous("answered \(answer.status) with something other than 'ok': " + answer.text)
    case 429:
      let reset = answer.header("X-RateLimit-Reset").flatMap(Int64.init).flatMap { 0...3600 ~= $0 ? $0 : nil }
      throw .throttled(retryAfter: answer.retryAfter ?? reset.map { .seconds($0) })
    case 400, 404:
      // The hook is gone, or hooks are turned off; the rest is about one message.
      let isAboutHook = ["incoming_webhook.invalid", "incoming_webhook.disabled", "get_incoming_by_token"].contains {
        id.contains($0)
      }
      throw isAboutHook ? .unauthorised(words + "; make a new webhook") : .rejected(words)
    case 401, 403: throw .unauthorised(words)
    default: try answer.checkStatus()
    }
  }
}
