extension SpecSchema {
  private static let mailAddress = "[^@<>,;\"\\s]+@[^@<>,;\"\\s]+"

  static let email = SchemaObject(
    "Mails.",
    [
      .required("to", .either([.word, .list(.word, atLeast: 1)]), "the recipients, with or without names"),
      .required("from", .pattern(mailAddress), "the sender"),
      .required("smarthost", .pattern("^[^/@\\s]+:[0-9]+$"), "the mail server"),
      SchemaField("hello", .pattern(#"^[A-Za-z0-9._:\[\]-]+$"#), "the name said in EHLO"),
      SchemaField("require_tls", .boolean, "STARTTLS, and no mail without it"),
      SchemaField("force_implicit_tls", .boolean, "TLS from the first byte"),
      SchemaField("auth_username", .word, "a login; only with TLS, or on the same machine"),
      SchemaField("auth_password", .secret, "its password, for PLAIN, LOGIN and CRAM-MD5"),
      SchemaField("tls_config", .shared("tls"), "whom to trust, and a certificate of our own"),
      SchemaField(
        "headers", .headers(orSecret: false),
        "further headers; `Subject`, `From`, `To` and the like replace the usual ones"),
      SchemaField(
        "threading",
        .object(
          SchemaObject(
            "Which mails belong together.",
            [
              SchemaField("enabled", .boolean, "whether mails of a group belong together"),
              SchemaField("thread_by_date", .choice(["none", "daily"]), "a new thread each day, or never"),
            ])), "which mails a reader's program shows together"),
    ], rules: [.needs("auth_username", ["auth_password"]), .needs("auth_password", ["auth_username"])])

  static let slack = SchemaObject(
    "Messages in Slack, by a bot or an incoming webhook.",
    [
      SchemaField("token", .secret, "the token of a bot, `xoxb-…`"),
      SchemaField(
        "channel", .pattern("^[^\\s@<>|,/]{1,81}$"), "a channel's id, such as `C0123456789`, or its name"),
      SchemaField(
        "update", .boolean, "the group's message is changed to what is the case now; only with `token`"),
      SchemaField(
        "thread", .words(SlackSpec.Thread.self),
        "which changes are told in the message's thread; only with `token`"),
      SchemaField("api_url", .url, "Slack's Web API; only with `token`"),
    ] + destination(.teams).fields,
    rules: [
      .oneOf(["token", "url", "endpoints"]), login, .needs("token", ["channel"]),
      .excludes("token", ["basic_auth", "authorization", "bearer_token"]), .needs("channel", ["token"]),
      .needs("update", ["token"]), .needs("thread", ["token"]), .needs("api_url", ["token"]),
    ])

  static let telegram = SchemaObject(
    "Messages in Telegram.",
    [
      .required("token", .secret, "the token of the bot, `123456:ABC…`"),
      .required(
        "chat_id", .pattern("^(-?[1-9][0-9]{0,15}|@[A-Za-z0-9_]{4,32})$"), "the chat; groups have negative numbers"),
      SchemaField("message_thread_id", .integer(1...Int(Int32.max)), "a topic of a forum"),
      SchemaField(
        "update", .boolean,
        "the group's message is changed to what is the case now, and a short answer tells of it"),
      SchemaField("disable_notification", .boolean, "messages make no sound"),
      SchemaField("api_url", .url, "a Bot API server of your own"),
      timeout,
    ] + transportFields)

  static let pagerduty = SchemaObject(
    "Events of PagerDuty.",
    [
      .required("routing_key", .secret, "the integration key of the service, or of an event orchestration"),
      SchemaField("api_url", .urlOrSecret, "accounts in the EU write `https://events.eu.pagerduty.com`"),
      SchemaField("details", .texts, "shown among the alert's details"),
      timeout,
    ] + transportFields)

  static let opsgenie = SchemaObject(
    "Alerts of Opsgenie and Jira Service Management.",
    [
      .required("api_key", .secret, "the key of an API integration"),
      SchemaField(
        "api_url", .urlOrSecret,
        "`https://api.eu.opsgenie.com` for accounts in the EU, `https://api.atlassian.com/jsm/ops/integration` for Jira "
          + "Service Management"),
      SchemaField("responders", .list(.object(responder)), "who gets the alert"),
      SchemaField("tags", .list(.pattern("^.{1,50}$"), atMost: 20, distinct: true), "at most 20 of 50 characters"),
      SchemaField(
        "update_alerts", .boolean,
        "brings message and description of the open alert up to date; not in Jira Service Management"),
      timeout,
    ] + transportFields)

  private static let responder = SchemaObject(
    "Who gets the alert.",
    [
      .required("type", .words(OpsgenieSpec.Responder.Kind.self), "who it is"),
      SchemaField("name", .word, "the name of a team, escalation or schedule"),
      SchemaField("username", .word, "the mail address of a user"),
      SchemaField("id", .word, "the id of anybody"),
    ], rules: [.oneOf(["name", "username", "id"])])

  static let sms = SchemaObject(
    "Short messages.",
    [
      .required(
        "to", .list(.pattern("^\\+[1-9][0-9]{6,14}$"), atLeast: 1, atMost: 100, distinct: true),
        "up to 100, in E.164 form: `+`, country code, digits"),
      SchemaField("twilio", .object(twilio), "who carries the messages"),
      SchemaField("aliyun", .object(aliyun), "who carries the messages"),
      SchemaField("max_parts", .integer(1...10), "Twilio: the most parts of one message, each of which is paid for"),
      timeout,
    ] + transportFields.filter { $0.name != "headers" }, rules: [.oneOf(["twilio", "aliyun"])])

  private static let twilio = SchemaObject(
    "Twilio.",
    [
      .required("account_sid", .pattern("^AC[A-Za-z0-9]+$"), "the account"),
      SchemaField("auth_token", .secret, "the account's token"),
      SchemaField("api_key", .pattern("^SK[A-Za-z0-9]+$"), "an API key in place of the token"),
      SchemaField("api_secret", .secret, "the API key's secret"),
      SchemaField("from", .word, "whom messages come from"),
      SchemaField("messaging_service_sid", .pattern("^MG[A-Za-z0-9]+$"), "a messaging service in place of `from`"),
      SchemaField("api_url", .url, "another address, such as a private gateway's"),
    ],
    rules: [
      .oneOf(["auth_token", "api_key"]), .needs("api_key", ["api_secret"]), .needs("api_secret", ["api_key"]),
      .oneOf(["from", "messaging_service_sid"]),
    ])

  private static let aliyun = SchemaObject(
    "Aliyun.",
    [
      .required("access_key_id", .secret, "an AccessKey with the right to `SendSms`"),
      .required("access_key_secret", .secret, "an AccessKey with the right to `SendSms`"),
      .required("sign_name", .word, "an approved signature, without 【】"),
      .required("template_code", .word, "an approved template"),
      SchemaField(
        "template_params", .mapping(.words(SMSSpec.Part.self)), "what stands for each variable of the template"),
      SchemaField("param_length", .integer(5...1000), "the most characters of one variable"),
      SchemaField("region", .word, "sent as `RegionId`"),
      SchemaField("api_url", .url, "another address"),
    ])
}
