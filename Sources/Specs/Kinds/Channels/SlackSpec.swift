/// Slack, by an incoming webhook or a bot's token.
package struct SlackSpec: Hashable, Sendable {
  /// Which messages of a bot stand in the thread of the group's first.
  package enum Thread: String, Hashable, Sendable, CaseIterable {
    case never, resolves, all
  }

  /// A bot of an app, which writes by Slack's Web API.
  package struct Bot: Hashable, Sendable {
    /// The name of a secret.
    package var token: String
    /// A channel's id, or its name.
    package var channel: String
    /// Whether the group's message is changed to what is the case now.
    package var update = true
    package var thread = Thread.all

    package init(token: String, channel: String) {
      self.token = token
      self.channel = channel
    }
  }

  package static let apiURL = "https://slack.com/api"

  /// Webhooks; with a bot the address of the Web API alone.
  package var pool: EndpointPool
  /// `nil` for webhooks.
  package var bot: Bot?

  package init(pool: EndpointPool, bot: Bot? = nil) {
    self.pool = pool
    self.bot = bot
  }
}

extension SlackSpec {
  func visit(_ visitor: inout some FieldVisitor) {
    pool.visit(&visitor)
    guard let bot else { return }
    visitor.field("token", bot.token)
    visitor.field("channel", bot.channel)
    visitor.field("update", bot.update)
    visitor.field("thread", bot.thread.rawValue)
  }
}
