/// A Mattermost incoming webhook.
package struct MattermostSpec: Hashable, Sendable {
  package var pool: EndpointPool
  /// Another channel than the webhook's own: a channel's name, or `@name` of a person.
  package var channel: String?
  package var username: String?
  package var iconURL: String?
  /// Whether messages carry Mattermost's priority label.
  package var priority = false

  package init(pool: EndpointPool) {
    self.pool = pool
  }
}

extension MattermostSpec {
  func visit(_ visitor: inout some FieldVisitor) {
    pool.visit(&visitor)
    visitor.field("channel", channel)
    visitor.field("username", username)
    visitor.field("icon_url", iconURL)
    if priority { visitor.field("priority", priority) }
  }
}
