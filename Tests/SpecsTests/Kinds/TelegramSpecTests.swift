import Model
import Specs
import Testing

@Suite struct `Reading telegram` {
  private func telegram(_ fields: String) throws -> TelegramSpec? {
    let spec = try readSpec(.channel, "telegram: {token: {secret: bot}, \(fields)}")
    guard case .channel(let channel) = spec, case .telegram(let telegram) = channel.destination else { return nil }
    return telegram
  }

  @Test(arguments: [
    ("-1001234567890", "-1001234567890"), ("'-1001234567890'", "-1001234567890"), ("42", "42"),
    ("'@shop_alerts'", "@shop_alerts"),
  ])
  func `takes a chat by its number or its name`(text: String, chat: String) throws {
    let spec = try #require(try telegram("chat_id: \(text)"))
    #expect(spec.chat == chat)
    #expect(spec.token == "bot")
    #expect(spec.pool.endpoints.first?.url == .plain("https://api.telegram.org"))
    #expect(!spec.update)
    #expect(spec.isSilent == nil)
  }

  @Test func `takes a topic, silence and another server`() throws {
    let spec = try #require(
      try telegram(
        "chat_id: -5, message_thread_id: 7, update: true, disable_notification: false, "
          + "api_url: 'http://127.0.0.1:8081/'"
      ))
    #expect(spec.topic == 7)
    #expect(spec.update)
    #expect(spec.isSilent == false)
    #expect(spec.pool.endpoints.first?.url == .plain("http://127.0.0.1:8081"))
  }

  @Test func `tells every field to digests and diffs`() throws {
    let fields = [
      "chat_id: 1", "chat_id: 2", "chat_id: 1, message_thread_id: 3", "chat_id: 1, update: true",
      "chat_id: 1, disable_notification: true", "chat_id: 1, disable_notification: false",
      "chat_id: 1, api_url: 'http://127.0.0.1:1'", "chat_id: 1, timeout: 3s",
    ]
    #expect(Set(try fields.map { try digest("telegram: {token: {secret: bot}, \($0)}") }).count == fields.count)
  }

  @Test(arguments: [
    Mistake("telegram: 1️⃣{chat_id: 1}", "missing-field", "telegram needs 'token'"),
    Mistake("telegram: 1️⃣{token: {secret: a}}", "missing-field", "telegram needs 'chat_id'"),
    Mistake("telegram: {token: 1️⃣x, chat_id: 1}", "secret-in-spec", "a bot's token stands in the spec as text"),
    Mistake("telegram: {token: {secret: a}, chat_id: 1️⃣shop}", "malformed-name", "'shop' is not a chat of Telegram"),
    Mistake("telegram: {token: {secret: a}, chat_id: 1️⃣0}", "malformed-name", "'0' is not a chat of Telegram"),
    Mistake(
      "telegram: {token: {secret: a}, chat_id: 1, message_thread_id: 1️⃣0}", "out-of-range",
      "0 is out of range; 1 to 2147483647 is accepted"),
    Mistake(
      "telegram: {token: {secret: a}, chat_id: 1, 1️⃣bot_token: x}", "unknown-field",
      "telegram has no field 'bot_token'"),
    Mistake(
      "telegram: {token: {secret: a}, chat_id: 1, 1️⃣parse_mode: HTML}", "unknown-field",
      "telegram has no field 'parse_mode'"),
    Mistake(
      "telegram: {token: {secret: a}, chat_id: 1, 1️⃣disable_notifications: true}", "unknown-field",
      "telegram has no field 'disable_notifications'"),
    Mistake(
      "telegram: {token: {secret: a}, chat_id: 1, 1️⃣message: x}", "unknown-field", "telegram has no field 'message'"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/tenant.yaml") { document(.channel, $0) }
  }
}
