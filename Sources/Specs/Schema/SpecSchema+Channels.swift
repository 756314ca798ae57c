extension SpecSchema {
  static let channel = SchemaObject(
    "One destination of notifications.",
    ChannelKind.allCases.map { SchemaField($0.rawValue, .object(destination($0)), "the destination") } + [
      SchemaField("send_resolved", .boolean, "whether the end of an alert is told"),
      SchemaField(
        "template", .either([.pattern("^[^{}]+$"), .object(texts)]),
        "what messages say instead: a definition's name, or texts"),
      SchemaField("rate_limit", .object(rateLimit), "how many messages each endpoint may get"),
      SchemaField("mentions", .names, "whom every message names, besides those of the route"),
      SchemaField("locale", .locale, "the language of its messages"),
      SchemaField("timezone", .zone, "the zone in its messages"),
    ], rules: [.oneOf(ChannelKind.allCases.map(\.rawValue))])

  private static let texts = SchemaObject(
    "Texts of messages.",
    [
      SchemaField("title", .word, "the template of the title"),
      SchemaField("text", .word, "the template of the text"),
      SchemaField("html", .word, "the template of a mail's HTML"),
    ])

  private static let rateLimit = SchemaObject(
    "At most `messages` within `per`, at most `burst` of them at once.",
    [
      .required("messages", .integer(1...1_000_000), "how many messages"),
      SchemaField("per", .duration(allowsZero: false), "within what time; a minute unless given"),
      SchemaField("burst", .integer(1...1_000_000), "how many at once; all of them unless given"),
    ])

  /// The fields of a kind of channel.
  package static func destination(_ kind: ChannelKind) -> SchemaObject {
    switch kind {
    case .console: SchemaObject("The controller's own output.", [])
    case .webhook: webhook
    case .email: email
    case .feishu: robot(kind, [format(FeishuSpec.Format.self), keyword], isSigned: true)
    case .dingtalk: robot(kind, [format(DingTalkSpec.Format.self), keyword], isSigned: true)
    case .wecom: robot(kind, [format(WeComSpec.Format.self)], isSigned: true)
    case .slack: slack
    case .teams: robot(kind, [])
    case .telegram: telegram
    case .discord: robot(kind, discordFields)
    case .mattermost: robot(kind, mattermostFields)
    case .ntfy: ntfy
    case .pagerduty: pagerduty
    case .opsgenie: opsgenie
    case .sms: sms
    case .alertmanager:
      SchemaObject(
        "An Alertmanager that is told of every alert.", pool(.urlOrSecret), rules: poolRules)
    }
  }

  // MARK: Pools of endpoints

  static let timeout = SchemaField("timeout", .duration(allowsZero: false), "for one attempt")
  private static let poolRules: [SchemaObject.Rule] = [.oneOf(["url", "endpoints"]), login]

  /// An address that is itself a credential: by reference, or loopback.
  private static let secretAddress = SchemaType.either([
    .secret, .pattern(#"^https?://(localhost|127\.[0-9.]+|\[::1\])([:/?#]|$)"#),
  ])

  private static func pool(_ address: SchemaType, isSigned: Bool = false) -> [SchemaField] {
    var one = [SchemaField.required("url", address, "the address")]
    var fields = [SchemaField("url", address, "the address")]
    if isSigned {
      one.append(SchemaField("secret", .secret, "the signing key of this address"))
      fields.append(SchemaField("secret", .secret, "the signing key of this address"))
    }
    fields.append(
      SchemaField(
        "endpoints", .list(.object(SchemaObject("One address.", one)), atLeast: 1),
        "several addresses that are used in turn"))
    return fields + [timeout] + loginFields + transportFields
  }

  private static func format<Format: RawRepresentable<String> & CaseIterable>(_ type: Format.Type) -> SchemaField {
    SchemaField("format", .words(type), "what is posted")
  }

  private static let keyword = SchemaField(
    "keyword", .word, "one of the robot's keywords; added to the title where it is missing")

  private static func robot(_ kind: ChannelKind, _ more: [SchemaField], isSigned: Bool = false) -> SchemaObject {
    SchemaObject(
      "Messages by a robot or webhook of \(kind.rawValue).", pool(secretAddress, isSigned: isSigned) + more,
      rules: poolRules + (isSigned ? [.excludes("endpoints", ["secret"])] : []))
  }

  private static func line(_ limit: Int) -> SchemaType { .pattern("^.{1,\(limit)}$") }

  private static let discordFields = [
    SchemaField("username", line(80), "who seems to write"),
    SchemaField("avatar_url", .url, "the picture"),
    SchemaField("thread_id", .pattern("^[0-9]{1,20}$"), "a thread of the webhook's channel; needed in forums"),
    SchemaField(
      "update", .boolean,
      "the group's message is changed to what is the case now, and a short message tells of it"),
  ]

  private static let mattermostFields = [
    SchemaField("channel", line(64), "another channel by its name in URLs, or `@name` of a person"),
    SchemaField("username", line(64), "who seems to write, where the server allows it"),
    SchemaField("icon_url", .url, "the picture, where the server allows it"),
    SchemaField(
      "priority", .boolean,
      "urgent for critical, important for errors and warnings; the server must have message priorities on"),
  ]

  private static let ntfy = SchemaObject(
    "Notifications on phones by an ntfy server.",
    pool(.either([.pattern("^[hH][tT][tT][pP][sS]?://[^/?#\\s]+/?$"), .secret])) + [
      .required(
        "topic", .either([.pattern("^[A-Za-z0-9_-]{1,64}$"), .secret]),
        "up to 64 letters, digits, hyphens and underscores"),
      SchemaField(
        "tags", .list(.pattern("^[^\\s,]+$"), distinct: true),
        "shown with every message; names of emoji become pictures"),
    ], rules: poolRules)

  private static let webhook = SchemaObject(
    "Requests to an address of yours.",
    pool(.urlOrSecret, isSigned: true).filter { $0.name != "headers" } + [
      SchemaField(
        "headers", .headers(orSecret: true),
        "sent with every message; `Content-Type` and `User-Agent` replace the usual ones"),
      SchemaField(
        "method", .words(WebhookSpec.Method.self), "`GET` and `DELETE` have no body unless `body` is written"),
      SchemaField("body", .word, "the body"),
      SchemaField("parameters", .texts, "added to the URL's query, percent-encoded"),
      SchemaField("signature", .object(signature), "lets the receiver check that a request is Belfry's"),
      SchemaField(
        "max_alerts", .integer(0...1_000_000),
        "the most alerts in Alertmanager's document; the rest is counted in `truncatedAlerts`"),
    ], rules: poolRules + [.excludes("endpoints", ["secret"])])

  private static let signature = SchemaObject(
    "How requests are signed.",
    [
      SchemaField("scheme", .words(WebhookSpec.Signature.Scheme.self), "what is signed, and how"),
      SchemaField("secret", .secret, "the key"),
      SchemaField(
        "header", .pattern("^[A-Za-z0-9_-]+$"), "of `grafana` and `github`: the header of the signature"),
      SchemaField(
        "timestamp_header", .pattern("^[A-Za-z0-9_-]+$"),
        "of `grafana`: the header of the time, which is then signed too"),
    ])
}
