import JSON
import Model
package import Specs

/// Writes to Slack: by an incoming webhook, or as a bot, which keeps one message for each group up to date.
///
/// A change of a message notifies nobody, so with a bot each change is also told in the message's thread; what wants
/// somebody's attention, new alerts and reminders, is shown in the channel as well.
package struct SlackChannel: Channel {
  private let spec: SlackSpec
  private let context: ChannelContext

  package init(_ spec: SlackSpec, context: ChannelContext) {
    self.spec = spec
    self.context = context
  }

  package func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt {
    let message = SlackMessage(MessageContent(post, context.style))
    guard let bot = spec.bot else { return try await sendByWebhook(message, post, through: &outlet) }
    let client = SlackClient(
      url: try context.url(for: post, in: spec.pool), token: try context.secret(bot.token), pool: spec.pool,
      context: context)
    if let handle = handle(of: post, bot) {
      let receipt = try await follow(handle, message, post, bot, client, &outlet)
      if let receipt { return receipt }
    }
    let sent = try await client.post(to: bot.channel, &outlet) { message.write(to: &$0) }
    return Receipt(detail: "answered ok", handle: post.isDigest || post.isTest ? nil : sent?.text)
  }

  private func sendByWebhook(
    _ message: SlackMessage, _ post: Post, through outlet: inout Outlet
  ) async throws(DeliveryError) -> Receipt {
    var json = JSONWriter()
    json.beginObject()
    message.write(to: &json)
    json.endObject()
    let request = try context.post(json.bytes, to: try context.url(for: post, in: spec.pool), by: spec.pool)
    try SlackAnswer.checkWebhook(try await outlet.ask(request))
    return Receipt(detail: "answered ok")
  }

  // MARK: The group's message

  /// The group's message, unless it stands in another channel than the one that is meant now.
  private func handle(of post: Post, _ bot: SlackSpec.Bot) -> SlackHandle? {
    guard !post.isDigest, !post.isTest, let handle = post.first.handle.flatMap(SlackHandle.init) else { return nil }
    return SlackHandle.isChannelID(bot.channel) && bot.channel != handle.channel ? nil : handle
  }

  /// Changes the group's message and answers in its thread, as the spec says; `nil` when neither is meant, or when the
  /// message is gone, and a fresh one is due.
  private func follow(
    _ handle: SlackHandle, _ message: SlackMessage, _ post: Post, _ bot: SlackSpec.Bot, _ client: SlackClient,
    _ outlet: inout Outlet
  ) async throws(DeliveryError) -> Receipt? {
    let replies = bot.thread == .all || (bot.thread == .resolves && post.first.reason.tellsOfResolves)
    guard bot.update || replies else { return nil }
    if bot.update {
      let isThere = try await client.update(handle, &outlet) { message.write(to: &$0) }
      guard isThere else { return nil }
    }
    guard replies else { return Receipt(detail: "changed the group's message", handle: handle.text) }
    let isShownInChannel = !post.first.reason.tellsOfResolves
    let reply = try await client.post(
      to: handle.channel, inThread: handle, isShownInChannel: isShownInChannel, &outlet
    ) { json in
      if bot.update { message.writeNote(to: &json) } else { message.write(to: &json) }
    }
    guard reply != nil else { return nil }
    let detail = bot.update ? "changed the group's message and answered in its thread" : "answered in the thread"
    return Receipt(detail: detail, handle: handle.text)
  }
}

extension NotificationReason {
  /// Whether nothing began with it.
  var tellsOfResolves: Bool { self == .allResolved || self == .someResolved }
}

/// Where a message of a bot stands: `<channel id>/<ts>`.
struct SlackHandle: Hashable, Sendable {
  let channel: String
  let ts: String

  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    (channel, ts) = (String(parts[0]), String(parts[1]))
  }

  var text: String { channel + "/" + ts }

  /// `C0123456789`, `G…` or `D…`, by which answers name a channel, whatever name was asked for.
  static func isChannelID(_ text: String) -> Bool {
    ["C", "G", "D"].contains(text.prefix(1)) && text.utf8.count >= 9
      && text.utf8.allSatisfy {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
      }
  }
}

/// Slack's Web API, as one bot.
private struct SlackClient {
  let url: String
  let token: String
  let pool: EndpointPool
  let context: ChannelContext

  /// Writes a message; `nil` when the thread that it belongs to is gone, or Slack doesn't say where it stands.
  func post(
    to channel: String, inThread parent: SlackHandle? = nil, isShownInChannel: Bool = false, _ outlet: inout Outlet,
    _ write: (inout JSONWriter) -> Void
  ) async throws(DeliveryError) -> SlackHandle? {
    let answer = try await call("chat.postMessage", &outlet) { json in
      json.member("channel", channel)
      if let parent {
        json.member("thread_ts", parent.ts)
        if isShownInChannel { json.member("reply_broadcast", true) }
      }
      write(&json)
    }
    if parent != nil, isLost(answer) { return nil }
    try SlackAnswer.check(answer)
    guard let channel = answer.words("channel"), let ts = answer.words("ts") else { return parent }
    return SlackHandle(channel + "/" + ts) ?? parent
  }

  /// Changes a message; `false` when it can't be changed any more.
  func update(
    _ handle: SlackHandle, _ outlet: inout Outlet, _ write: (inout JSONWriter) -> Void
  ) async throws(DeliveryError) -> Bool {
    let answer = try await call("chat.update", &outlet) { json in
      json.member("channel", handle.channel)
      json.member("ts", handle.ts)
      write(&json)
    }
    if isLost(answer) { return false }
    try SlackAnswer.check(answer)
    return true
  }

  private func isLost(_ answer: VendorAnswer) -> Bool {
    answer.json?["ok"]?.bool == false && SlackAnswer.lostMessage.contains(answer.words("error") ?? "")
  }

  private func call(
    _ method: String, _ outlet: inout Outlet, _ write: (inout JSONWriter) -> Void
  ) async throws(DeliveryError) -> VendorAnswer {
    var json = JSONWriter()
    json.beginObject()
    write(&json)
    json.endObject()
    var request = try context.post(
      json.bytes, to: url + "/" + method, by: pool, headers: [Label("Authorization", "Bearer " + token)])
    if let index = request.headers.firstIndex(where: { $0.name == "Content-Type" }) {
      request.headers[index].value = "application/json; charset=utf-8"
    }
    return try await outlet.ask(request)
  }
}
