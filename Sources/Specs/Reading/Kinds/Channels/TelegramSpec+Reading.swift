import Diagnostics
import Model
import YAML

extension TelegramSpec {
  static let fieldNames =
    ["token", "chat_id", "message_thread_id", "update", "disable_notification"] + EndpointPool.singleFieldNames

  private static let names: FieldNames = {
    var names = FieldNames("telegram", fieldNames)
    names.answers = EndpointPool.chatAnswers("telegram")
    names.answers["bot_token"] = "write token: {secret: <name>}"
    names.answers["bot_token_file"] = "specs name no files; write token: {secret: <name>}"
    names.answers["chat_id_file"] = "specs name no files; write 'chat_id'"
    names.answers["chat"] = "write 'chat_id'"
    names.answers["channel"] = "write 'chat_id'"
    names.answers["disable_notifications"] = "write 'disable_notification', as Telegram does"
    names.answers["parse_mode"] = "remove it: a template writes Telegram's HTML"
    names.answers["url"] = "write token: {secret: <name>}, and 'api_url' for a server of your own"
    names.answers["webhook_url"] = names.answers["url"]
    names.answers["webhook_url_file"] = names.answers["url"]
    names.answers["endpoints"] = "write one Channel for each chat"
    names.answers["thread_id"] = "write 'message_thread_id'"
    for name in ["basic_auth", "authorization", "bearer_token"] {
      names.answers[name] = "remove it: a bot logs in by its token"
    }
    return names
  }()

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading) else { return nil }
    let token = fields.required("token", &reading, fix: "add token: {secret: <name>}").flatMap {
      reading.secret($0, "a bot's token")
    }
    let chat = fields.required("chat_id", &reading, fix: "add 'chat_id', such as -1001234567890").flatMap {
      Self.chat($0, &reading)
    }
    guard let token, let chat else { return nil }
    self.init(pool: EndpointPool(api: fields, standard: Self.apiURL, &reading), token: token, chat: chat)
    topic = fields["message_thread_id"].flatMap { reading.integer($0, in: 1...Int(Int32.max)) }
    update = fields["update"].flatMap { reading.boolean($0) } ?? false
    isSilent = fields["disable_notification"].flatMap { reading.boolean($0) }
  }

  /// A number, negative for groups, or `@name`; Telegram's ids have at most 52 significant bits.
  private static func chat(_ node: YAMLNode, _ reading: inout Reading) -> String? {
    guard let text = reading.word(node, "a chat's id") else { return nil }
    if let number = Int(text), number != 0, number.magnitude < 1 << 52 { return String(number) }
    let name = text.utf8.dropFirst()
    let isName = name.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    if text.hasPrefix("@"), isName, 4...32 ~= name.count { return text }
    reading.error(
      .malformedName, "'\(Wording.short(text))' is not a chat of Telegram", at: node.range,
      fix: "write its number, such as -1001234567890, or '@name' of a public channel")
    return nil
  }
}
