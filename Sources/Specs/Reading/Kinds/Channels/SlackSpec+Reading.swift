import Diagnostics
import Model
import YAML

extension SlackSpec {
  static let fieldNames =
    EndpointPool.unsignedFieldNames + ["token", "channel", "api_url", "update", "thread"]

  private static let names: FieldNames = {
    var names = FieldNames("slack", fieldNames)
    names.answers = EndpointPool.chatAnswers("slack")
    names.answers["bot_token"] = "write token: {secret: <name>}"
    names.answers["app_token"] = "write token: {secret: <name>}"
    names.answers["app_url"] = "write 'api_url' where Slack's API has another address"
    names.answers["api_url_file"] = "specs name no files; write url: {secret: <name>}"
    names.answers["chat_id"] = "write 'channel'"
    names.answers["update_message"] = "write 'update'"
    names.answers["color"] = "remove it: the colour follows the severity"
    for name in ["pretext", "fallback", "footer", "fields", "actions", "callback_id", "mrkdwn_in"] {
      names.answers[name] = "write template: {text: …} beside 'slack'"
    }
    for name in ["username", "icon_emoji", "icon_url"] {
      names.answers[name] = "give the app its name and picture at api.slack.com"
    }
    for name in ["title_link", "image_url", "thumb_url", "link_names", "short_fields"] {
      names.answers[name] = "remove it: messages link to the alerts, and people are named in 'mentions'"
    }
    return names
  }()

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading) else { return nil }
    let webhook = ["url", "endpoints"].first { fields[$0] != nil }
    if fields["token"] == nil {
      guard webhook != nil else {
        reportMissing(fields, &reading)
        return nil
      }
      for name in ["channel", "api_url", "update", "thread"] where fields[name] != nil {
        reading.error(
          .conflictingFields, "'\(name)' is for a bot, and this is a webhook", at: fields.place(of: name),
          fix: "remove it, or write token: {secret: <name>} and 'channel' in place of '\(webhook ?? "url")'")
      }
      guard let pool = EndpointPool(unsigned: fields, &reading, addressIsSecret: true) else { return nil }
      self.init(pool: pool)
    } else {
      if let webhook {
        reading.error(
          .conflictingFields, "'token' stands beside '\(webhook)'", at: fields.place(of: "token"),
          fix: "keep 'token' with 'channel' for a bot, or '\(webhook)' for a webhook")
      }
      guard let bot = Bot(fields, &reading) else { return nil }
      self.init(pool: EndpointPool(api: fields, standard: Self.apiURL, &reading), bot: bot)
    }
  }
}

/// `api_url` alone is what Alertmanager calls a webhook's address.
private func reportMissing(_ fields: Fields, _ reading: inout Reading) {
  let isAlertmanagers = fields["api_url"] != nil && fields["channel"] == nil
  reading.error(
    .missingField, "slack needs 'url' of a webhook, or 'token' and 'channel' of a bot",
    at: isAlertmanagers ? fields.place(of: "api_url") : fields.range.firstLineStart,
    fix: isAlertmanagers
      ? "write url: {secret: <name>}: 'api_url' is the address of Slack's API, for a bot"
      : "add url: {secret: <name>}, or token: {secret: <name>} and 'channel'")
}

extension SlackSpec.Bot {
  fileprivate init?(_ fields: Fields, _ reading: inout Reading) {
    for name in ["basic_auth", "authorization", "bearer_token"] where fields[name] != nil {
      reading.error(
        .conflictingFields, "'\(name)' stands beside 'token'", at: fields.place(of: name),
        fix: "remove it: a bot logs in by its token")
    }
    let token = fields["token"].flatMap { reading.secret($0, "a token") }
    let node = fields.required("channel", &reading, fix: "add 'channel' with the channel's id, such as C0123456789")
    guard let token, let channel = node.flatMap({ Self.channel($0, &reading) }) else { return nil }
    self.init(token: token, channel: channel)
    update = fields["update"].flatMap { reading.boolean($0) } ?? true
    thread =
      fields["thread"].flatMap { reading.choice($0, SlackSpec.Thread.self, "a use of threads") }
      ?? (update ? .all : .never)
  }

  private static func channel(_ node: YAMLNode, _ reading: inout Reading) -> String? {
    guard let text = reading.word(node, "a channel") else { return nil }
    let isName = text.unicodeScalars.allSatisfy {
      $0.value > 0x20 && $0.value != 0x7f && !"@<>|,/".unicodeScalars.contains($0)
    }
    guard isName, text.unicodeScalars.count <= 81 else {
      reading.error(
        .malformedName, "'\(Wording.short(text))' is not a channel of Slack", at: node.range,
        fix: "write the channel's id, such as C0123456789, which stands at the end of its details")
      return nil
    }
    return text
  }
}
