import Diagnostics
import YAML

extension ChannelMaker {
  mutating func slack(_ work: inout IntegrationWork) -> [SpecField]? {
    template(&work, "title", as: "title")
    template(&work, "text", as: "text")
    let updates = reader.boolean(work.fields.take("update_message")?.node) ?? false
    let timeout = timeout(&work)
    if let token = slackToken(&work) { return bot(&work, token: token, updates: updates) + timeout }
    guard let url = secret(&work, "api_url", global: "slack_api_url", word: "url") else { return nil }
    if updates {
      reader.error(
        "conflicting-fields", "'update_message' needs a bot, and this is a webhook",
        at: work.fields.section.place(of: "update_message"))
    }
    if let room = work.fields.take("channel"), let text = room.text {
      let before = otherRoom(of: url.name, text)
      reader.warning(
        .worksOtherwise,
        before.map {
          "one webhook posts to '\($0.shortened)' and '\(text.shortened)' here, and to its own room in Slack"
        }
          ?? "'channel' is not carried over: an incoming webhook posts in the room that it was made for",
        at: room.place, fix: "make a webhook for each room, or a bot: token: {secret: <name>} and 'channel'")
    }
    return [SpecField("url", secret: url.name)] + http(&work) + timeout
  }

  /// A bot's token: an app's, or what logs in at Slack's Web API.
  private mutating func slackToken(_ work: inout IntegrationWork) -> String? {
    if let own = secret(&work, "app_token", global: nil, word: "token", required: false) { return own.name }
    let hasURL = work.fields.section["api_url"] != nil || work.fields.section["api_url_file"] != nil
    let url = work.fields.section["api_url"]?.text ?? (hasURL ? nil : global.section["slack_api_url"]?.text)
    let hasLogin = work.fields.section["http_config"]?["authorization"] != nil
    if hasLogin, url?.isSlackMethod ?? false {
      _ = (work.fields.take("api_url"), work.fields.take("app_url"), global.take("slack_api_url"))
      let fields = http(&work)
      for field in fields where field.name == "bearer_token" {
        if case .map(let parts) = field.value, case .text(let name)? = parts.first?.value { return name }
      }
    }
    guard !hasURL else { return nil }
    return secret(&work, "app_token", global: "slack_app_token", word: "token", required: false)?.name
  }

  private mutating func bot(_ work: inout IntegrationWork, token: String, updates: Bool) -> [SpecField] {
    guard let room = plain(&work, "channel") else {
      work.missing = "a bot needs the name of its room in 'channel', without a template"
      return []
    }
    var fields = [
      SpecField("token", secret: token), SpecField("channel", room), SpecField("update", updates),
    ]
    _ = global.take("slack_api_url")
    if let url = (work.fields.take("app_url") ?? global.take("slack_app_url"))?.text {
      fields.append(SpecField("api_url", url.hasSuffix("/chat.postMessage") ? String(url.dropLast(17)) : url))
    }
    return fields + http(&work, logins: false)
  }

  mutating func discord(_ work: inout IntegrationWork) -> [SpecField]? {
    guard let url = secret(&work, "webhook_url", global: nil, word: "url") else { return nil }
    template(&work, "title", as: "title")
    template(&work, "message", as: "text")
    var fields = [SpecField("url", secret: url.name)]
    if let name = plain(&work, "username") { fields.append(SpecField("username", name)) }
    if let avatar = plain(&work, "avatar_url") { fields.append(SpecField("avatar_url", avatar)) }
    return fields + http(&work)
  }

  mutating func teams(_ work: inout IntegrationWork) -> [SpecField]? {
    guard let url = secret(&work, "webhook_url", global: nil, word: "url") else { return nil }
    template(&work, "title", as: "title")
    template(&work, "text", as: "text")
    if work.kind == .msteams {
      reader.warning(
        .worksOtherwise, "Belfry speaks to Teams' workflows, not to the connectors of 'msteams_configs'",
        at: work.fields.section.place(of: "webhook_url"),
        fix: "make a workflow for the room and put its address into the secret '\(url.name)'")
    }
    return [SpecField("url", secret: url.name)] + http(&work)
  }

  mutating func mattermost(_ work: inout IntegrationWork) -> [SpecField]? {
    guard let url = secret(&work, "webhook_url", global: "mattermost_webhook_url", word: "url") else { return nil }
    template(&work, "title", as: "title")
    template(&work, "text", as: "text")
    var fields = [SpecField("url", secret: url.name)]
    for name in ["channel", "username", "icon_url"] {
      if let text = plain(&work, name) { fields.append(SpecField(name, text)) }
    }
    return fields + http(&work)
  }

  mutating func telegram(_ work: inout IntegrationWork) -> [SpecField]? {
    guard let token = secret(&work, "bot_token", global: "telegram_bot_token", word: "token") else { return nil }
    guard let chat = work.fields.take("chat_id"), let number = chat.text else {
      work.missing = "the chat's number stands in a file; write it as 'chat_id'"
      if work.fields.section["chat_id_file"] == nil {
        reader.error("missing-field", "the telegram has no 'chat_id'", at: work.fields.section.place(of: "chat_id"))
      }
      return nil
    }
    var fields = [SpecField("token", secret: token.name), SpecField("chat_id", SpecValue(copying: chat.node))]
    if number.hasPrefix("@") { fields[1] = SpecField("chat_id", number) }
    if let topic = work.fields.take("message_thread_id")?.node, topic.text != "0" {
      fields.append(SpecField("message_thread_id", SpecValue(copying: topic)))
    }
    fields.append(
      SpecField("disable_notification", reader.boolean(work.fields.take("disable_notifications")?.node) ?? false))
    if let url = (work.fields.take("api_url") ?? global.take("telegram_api_url"))?.text {
      fields.append(SpecField("api_url", url))
    }
    let mode = work.fields.take("parse_mode")
    if mode?.text ?? "HTML" == "HTML" {
      template(&work, "message", as: "text")
    } else if let mode, work.fields.section["message"] != nil {
      reader.warning(
        .notCarried, "Belfry's templates write Telegram's HTML, and 'message' is in another markup; it is left out",
        at: mode.place, fix: "write it anew as template: {text: …}")
      _ = work.fields.take("message")
    }
    return fields + http(&work, logins: false)
  }
}
