/// A Discord webhook.
package struct DiscordSpec: Hashable, Sendable {
  package var pool: EndpointPool
  /// Shown in place of the webhook's own name.
  package var username: String?
  package var avatarURL: String?
  /// The id of a thread within the webhook's channel.
  package var thread: String?
  /// Whether the group's message is changed to what is the case now, and a short message tells of it.
  package var update = false

  package init(pool: EndpointPool) {
    self.pool = pool
  }
}

extension DiscordSpec {
  func visit(_ visitor: inout some FieldVisitor) {
    pool.visit(&visitor)
    visitor.field("username", username)
    visitor.field("avatar_url", avatarURL)
    visitor.field("thread_id", thread)
    if update { visitor.field("update", update) }
  }
}
