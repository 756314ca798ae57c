import JSON
import Model
package import Specs

/// Writes to a chat as a bot of Telegram. What follows on a group's first message answers it; with `update` that
/// message also shows the present state, and the answer is short.
package struct TelegramChannel: Channel {
  private let spec: TelegramSpec
  private let context: ChannelContext

  package init(_ spec: TelegramSpec, context: ChannelContext) {
    self.spec = spec
    self.context = context
  }

  package func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt {
    let content = MessageContent(post, context.style)
    let client = try client(post)
    let parent = post.isDigest || post.isTest ? nil : post.first.handle.flatMap(TelegramHandle.init)
    var draft = TelegramDraft(content, chat: spec.chat, topic: spec.topic, isSilent: isSilent(content))
    guard let parent, parent.belongs(to: spec.chat) else {
      return try await client.post(&draft, keepsHandle: !post.isDigest && !post.isTest, &outlet)
    }
    if spec.update {
      guard try await client.edit(parent, draft, &outlet) else {
        return try await client.post(&draft, keepsHandle: true, &outlet)
      }
      draft.isNote = true
    }
    draft.parent = parent.message
    var receipt = try await client.post(&draft, keepsHandle: true, &outlet)
    if spec.update { receipt.detail = "changed the group's message, " + receipt.detail }
    // The group's message stays its first, unless that one was left behind in a chat that has moved.
    if draft.parent != nil { receipt.handle = parent.text }
    return receipt
  }

  private func isSilent(_ content: MessageContent) -> Bool { spec.isSilent ?? (content.level == .info) }

  private func client(_ post: Post) throws(DeliveryError) -> TelegramClient {
    let token = try context.secret(spec.token)
    // It becomes a part of the path, where anything else would lead elsewhere.
    let isToken = token.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard isToken, !token.isEmpty else {
      throw .unauthorised("secret '\(spec.token)' is not the token of a bot, such as 123456:ABC…")
    }
    let url = try context.url(for: post, in: spec.pool)
    return TelegramClient(url: url, token: token, pool: spec.pool, context: context)
  }
}

/// Where a message stands: `<chat id>/<message id>`.
struct TelegramHandle: Hashable, Sendable {
  let chat: String
  let message: Int

  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, Int(parts[0]) != nil, let message = Int(parts[1]) else { return nil }
    chat = String(parts[0])
    self.message = message
  }

  var text: String { chat + "/" + String(message) }

  /// A chat that is named by its number is known to be another; one that is named by `@name` is taken for the same.
  func belongs(to chat: String) -> Bool { self.chat == chat || chat.hasPrefix("@") }
}

/// A message on its way, and what has been given up to have it taken.
struct TelegramDraft {
  private let content: MessageContent
  private let isSilent: Bool
  var chat: String
  var topic: Int?
  /// Without markup, for what Telegram could not read.
  var isPlain = false
  /// A short answer beside a message that shows the present state.
  var isNote = false
  /// The number of the message that this one answers.
  var parent: Int?

  /// What Telegram takes is 4,096.
  private static let unitLimit = 3900

  init(_ content: MessageContent, chat: String, topic: Int?, isSilent: Bool) {
    self.content = content
    self.chat = chat
    self.topic = topic
    self.isSilent = isSilent
  }

  /// The body of `sendMessage`.
  var sending: [UInt8] {
    write { json in
      if let topic { json.member("message_thread_id", topic) }
      json.member("disable_notification", isSilent)
      guard let parent else { return }
      json.key("reply_parameters")
      json.beginObject()
      json.member("message_id", parent)
      json.member("allow_sending_without_reply", true)
      json.endObject()
    }
  }

  /// The body of `editMessageText`.
  func editing(_ handle: TelegramHandle) -> [UInt8] {
    var draft = self
    draft.chat = handle.chat
    return draft.write { $0.member("message_id", handle.message) }
  }

  private func write(_ more: (inout JSONWriter) -> Void) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    if let number = Int(chat) { json.member("chat_id", number) } else { json.member("chat_id", chat) }
    more(&json)
    json.member("text", isPlain ? plainText : htmlText)
    if !isPlain { json.member("parse_mode", "HTML") }
    json.key("link_preview_options")
    json.beginObject()
    json.member("is_disabled", true)
    json.endObject()
    json.endObject()
    return json.bytes
  }

  private var htmlText: String {
    let title = TelegramMarkup.bold(content.title)
    if isNote { return lines([title, TelegramMarkup.escaped(content.source), mentions]) }
    return content.fitted(
      MessageContent.chatSteps, render: { lines([title, mentions]) + "\n\n" + $0.text(in: TelegramMarkup.self) },
      accept: { TelegramMarkup.units(in: $0) <= Self.unitLimit })
  }

  /// Names call nobody here; that the message arrives at all counts more.
  private var plainText: String {
    if isNote { return lines([content.title, content.source]).withoutCalls }
    return content.fitted(
      MessageContent.chatSteps, render: { ($0.title + "\n\n" + $0.text(in: PlainText.self)).withoutCalls },
      accept: { $0.utf16.count <= Self.unitLimit })
  }

  private func lines(_ lines: [String]) -> String { lines.filter { !$0.isEmpty }.joined(separator: "\n") }

  /// `telegram:ana_ops` by the user's name, `telegram:123456789` by the number. There is no name for all of a chat.
  private var mentions: String {
    content.mentions.compactMap { mention in
      guard case .id("telegram", let id) = mention else { return mention.shown.map(TelegramMarkup.escaped) }
      if UInt64(id) != nil { return "<a href=\"tg://user?id=" + HTML.escaped(id) + "\">" + HTML.escaped(id) + "</a>" }
      return "@" + HTML.escaped(id.hasPrefix("@") ? String(id.dropFirst()) : id)
    }.joined(separator: " ")
  }
}

/// Telegram's Bot API, as one bot (https://core.telegram.org/bots/api).
private struct TelegramClient {
  let url: String
  let token: String
  let pool: EndpointPool
  let context: ChannelContext

  /// Sends a message, giving up in turn what the chat doesn't take: its markup, its topic, its old number.
  func post(
    _ draft: inout TelegramDraft, keepsHandle: Bool, _ outlet: inout Outlet
  ) async throws(DeliveryError) -> Receipt {
    var notes: [String] = []
    while true {
      let answer = try await call("sendMessage", draft.sending, &outlet)
      if let note = Self.remedy(for: answer, &draft), notes.count < 3 {
        notes.append(note)
        continue
      }
      try Self.check(answer)
      let result = answer.json?["result"]
      let message = result?["message_id"]?.int
      let detail = ["answered ok" + (message.map { ", message \($0)" } ?? "")] + notes
      var handle: String?
      if keepsHandle, let message, let chat = result?["chat"]?["id"]?.int { handle = "\(chat)/\(message)" }
      return Receipt(detail: detail.joined(separator: "; "), handle: handle)
    }
  }

  /// Changes a message; `false` when it can't be changed any more.
  func edit(
    _ handle: TelegramHandle, _ draft: TelegramDraft, _ outlet: inout Outlet
  ) async throws(DeliveryError) -> Bool {
    var draft = draft
    var answer = try await call("editMessageText", draft.editing(handle), &outlet)
    if answer.status == 400, answer.describes("can't parse entities"), !draft.isPlain {
      draft.isPlain = true
      answer = try await call("editMessageText", draft.editing(handle), &outlet)
    }
    if answer.status == 400 {
      if answer.describes("message is not modified") { return true }
      return false
    }
    try Self.check(answer)
    return true
  }

  private func call(
    _ method: String, _ body: [UInt8], _ outlet: inout Outlet
  ) async throws(DeliveryError) -> VendorAnswer {
    let request = try context.post(body, to: url + "/bot" + token + "/" + method, by: pool)
    return try await outlet.ask(request)
  }

  /// What can be changed so that a refused message is taken: the words for it, `nil` when there is nothing.
  private static func remedy(for answer: VendorAnswer, _ draft: inout TelegramDraft) -> String? {
    guard answer.status == 400 else { return nil }
    if !draft.isPlain, answer.describes("can't parse entities") {
      draft.isPlain = true
      return "as plain text, since Telegram could not read its markup"
    }
    if draft.topic != nil, answer.describes("message thread not found") {
      draft.topic = nil
      return "outside of its topic, which is gone"
    }
    if let chat = answer.json?["parameters"]?["migrate_to_chat_id"]?.int, draft.chat != String(chat) {
      draft.chat = String(chat)
      draft.parent = nil
      return "the chat has become a supergroup; write chat_id: \(chat)"
    }
    return nil
  }

  private static func check(_ answer: VendorAnswer) throws(DeliveryError) {
    let words = "answered \(answer.status)" + (answer.words("description").map { ": " + $0 } ?? "")
    switch answer.status {
    case 429:
      throw .throttled(retryAfter: answer.wait(answer.json?["parameters"]?["retry_after"]) ?? answer.retryAfter)
    case 401, 404: throw .unauthorised(words + "; Telegram knows no bot of this token")
    case 403: throw .unauthorised(words + "; the bot has to be a member of the chat")
    case 400: throw .rejected(words)
    case 200..<300:
      if answer.json?["ok"]?.bool == true { return }
      throw .ambiguous("answered \(answer.status) with something that is not Telegram's: " + answer.text)
    default: try answer.checkStatus()
    }
  }
}

extension VendorAnswer {
  /// Whether the description holds these words; Telegram has no codes for its reasons.
  fileprivate func describes(_ words: String) -> Bool {
    self.words("description")?.lowercased().contains(words) ?? false
  }
}
