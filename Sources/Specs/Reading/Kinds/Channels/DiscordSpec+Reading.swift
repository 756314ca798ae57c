import Diagnostics
import Model
import YAML

extension DiscordSpec {
  static let fieldNames = EndpointPool.unsignedFieldNames + ["username", "avatar_url", "thread_id", "update"]

  private static let names: FieldNames = {
    var names = FieldNames("discord", fieldNames)
    names.answers = EndpointPool.chatAnswers("discord")
    names.answers["api_url"] = "write url: {secret: <name>}"
    names.answers["content"] = "write template: {text: …} beside 'discord', and people in 'mentions'"
    names.answers["message_thread_id"] = "write 'thread_id'"
    return names
  }()

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading),
      let pool = EndpointPool(unsigned: fields, &reading, addressIsSecret: true)
    else { return nil }
    self.init(pool: pool)
    username = fields["username"].flatMap { reading.line($0, "a user name", limit: 80) }
    avatarURL = fields["avatar_url"].flatMap { reading.plainAddress($0) }
    thread = fields["thread_id"].flatMap { Self.thread($0, &reading) }
    update = fields["update"].flatMap { reading.boolean($0) } ?? false
    if thread != nil, pool.endpoints.count > 1 {
      reading.error(
        .conflictingFields, "a thread is in one channel, and 'endpoints' has several addresses",
        at: fields.place(of: "thread_id"), fix: "keep one 'url', or remove 'thread_id'")
    }
  }

  /// A number of at most 20 digits.
  private static func thread(_ node: YAMLNode, _ reading: inout Reading) -> String? {
    guard let text = reading.word(node, "a thread's id") else { return nil }
    guard UInt64(text) != nil, text.utf8.first != UInt8(ascii: "+") else {
      reading.error(
        .malformedName, "'\(Wording.short(text))' is not the id of a thread", at: node.range,
        fix: "write its number, such as '1199876543210987654'")
      return nil
    }
    return text
  }
}
