/// What a receiver of Alertmanager can have (0.25 to 0.34), with the fields of each.
enum IntegrationKind: String, CaseIterable {
  case webhook, email, slack, pagerduty, opsgenie, wechat, telegram, discord, msteams, msteamsv2, mattermost
  case victorops, pushover, sns, webex, jira, rocketchat, incidentio

  /// The key of a receiver: `webhook_configs`.
  var key: String { rawValue + "_configs" }

  /// What holds where `send_resolved` isn't written.
  var sendsResolved: Bool {
    switch self {
    case .email, .slack, .wechat, .rocketchat: false
    default: true
    }
  }

  /// Whether Belfry has a channel for it.
  var hasChannel: Bool {
    switch self {
    case .webhook, .email, .slack, .pagerduty, .opsgenie, .telegram, .discord, .msteams, .msteamsv2, .mattermost: true
    default: false
    }
  }

  var fields: [String] {
    let own: [String]
    switch self {
    case .webhook: own = ["url", "url_file", "max_alerts", "timeout", "payload"]
    case .email:
      own = [
        "to", "from", "smarthost", "hello", "auth_username", "auth_password", "auth_password_file", "auth_secret",
        "auth_secret_file", "auth_identity", "headers", "html", "text", "require_tls", "tls_config",
        "force_implicit_tls", "threading",
      ]
    case .slack: own = Self.slackFields
    case .pagerduty:
      own = [
        "routing_key", "routing_key_file", "service_key", "service_key_file", "url", "client", "client_url",
        "description", "severity", "class", "component", "group", "source", "details", "images", "links", "timeout",
      ]
    case .opsgenie:
      own = [
        "api_key", "api_key_file", "api_url", "message", "description", "source", "details", "entity", "responders",
        "actions", "tags", "note", "priority", "update_alerts",
      ]
    case .wechat:
      own = [
        "api_secret", "api_secret_file", "api_url", "corp_id", "agent_id", "to_user", "to_party", "to_tag", "message",
        "message_type",
      ]
    case .telegram:
      own = [
        "api_url", "bot_token", "bot_token_file", "chat_id", "chat_id_file", "message_thread_id", "message",
        "disable_notifications", "parse_mode",
      ]
    case .discord: own = Self.hook + ["title", "message", "content", "username", "avatar_url"]
    case .msteams: own = Self.hook + ["title", "summary", "text"]
    case .msteamsv2: own = Self.hook + ["title", "text"]
    case .mattermost: own = Self.mattermostFields
    default: own = Self.otherFields[self] ?? []
    }
    return own + ["send_resolved", "http_config"]
  }

  private static let hook = ["webhook_url", "webhook_url_file"]
  private static let slackFields = [
    "api_url", "api_url_file", "app_token", "app_token_file", "app_url", "channel", "username", "color", "title",
    "title_link", "pretext", "text", "message_text", "fields", "short_fields", "footer", "fallback", "callback_id",
    "icon_emoji", "icon_url", "image_url", "thumb_url", "link_names", "mrkdwn_in", "actions", "update_message",
    "timeout",
  ]
  private static let mattermostFields =
    hook + [
      "channel", "username", "text", "fallback", "color", "title", "title_link", "pretext", "icon_url", "icon_emoji",
      "attachments", "type", "props", "priority", "fields", "author_name", "author_link", "author_icon", "thumb_url",
      "footer", "footer_icon", "image_url",
    ]
  private static let otherFields: [Self: [String]] = [
    .victorops: [
      "api_key", "api_key_file", "api_url", "routing_key", "message_type", "state_message", "entity_display_name",
      "monitoring_tool", "custom_fields",
    ],
    .pushover: [
      "user_key", "user_key_file", "token", "token_file", "title", "message", "url", "url_title", "device", "sound",
      "priority", "retry", "expire", "ttl", "html", "monospace",
    ],
    .sns: [
      "api_url", "sigv4", "topic_arn", "phone_number", "target_arn", "subject", "message", "attributes",
    ],
    .webex: ["api_url", "message", "room_id"],
    .jira: [
      "api_url", "api_type", "project", "summary", "description", "labels", "priority", "issue_type",
      "reopen_transition", "resolve_transition", "wont_fix_resolution", "reopen_duration", "fields", "custom_fields",
    ],
    .rocketchat: [
      "api_url", "channel", "token", "token_file", "token_id", "token_id_file", "color", "title", "title_link",
      "text", "fields", "short_fields", "emoji", "icon_url", "image_url", "thumb_url", "link_names", "actions",
    ],
    .incidentio: [
      "url", "url_file", "alert_source_token", "alert_source_token_file", "max_alerts", "timeout", "metadata",
    ],
  ]
}
