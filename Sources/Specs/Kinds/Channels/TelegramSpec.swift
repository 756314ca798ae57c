/// A Telegram bot.
package struct TelegramSpec: Hashable, Sendable {
  package static let apiURL = "https://api.telegram.org"

  /// The address of the Bot API alone.
  package var pool: EndpointPool
  /// The name of a secret.
  package var token: String
  /// A chat's number, or `@name` of a public channel.
  package var chat: String
  /// The topic within a forum.
  package var topic: Int?
  /// Whether the group's message is changed to what is the case now, and a short answer tells of it.
  package var update = false
  /// Whether messages make no sound; `nil` for those of level info alone.
  package var isSilent: Bool?

  package init(pool: EndpointPool, token: String, chat: String) {
    self.pool = pool
    self.token = token
    self.chat = chat
  }
}

extension TelegramSpec {
  func visit(_ visitor: inout some FieldVisitor) {
    pool.visit(&visitor)
    visitor.field("token", token)
    visitor.field("chat_id", chat)
    visitor.field("message_thread_id", topic.map(String.init))
    if update { visitor.field("update", update) }
    if let isSilent { visitor.field("disable_notification", isSilent) }
  }
}
