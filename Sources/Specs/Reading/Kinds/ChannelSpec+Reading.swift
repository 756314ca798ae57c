import Diagnostics
import Model
import YAML

extension ChannelSpec {
  static let fieldNames =
    ChannelKind.allCases.map(\.rawValue) + [
      "send_resolved", "template", "rate_limit", "mentions", "locale", "timezone",
    ]

  private static let names: FieldNames = {
    var names = FieldNames("a Channel", fieldNames)
    names.answers = [
      "url": "name the destination: webhook: {url: …}", "to": "name the destination: email: {to: …}",
      "endpoints": "write it under the destination: dingtalk: {endpoints: [{url: …}]}",
    ]
    for destination in ChannelKind.allCases.map(\.rawValue) {
      names.answers[destination + "_configs"] = "write one Channel for each, with '\(destination)'"
    }
    return names
  }()

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading) else { return nil }
    let given = ChannelKind.allCases.filter { kind in node.entry(kind.rawValue) != nil }
    guard let kind = given.first else {
      reading.error(
        .missingField, "a Channel needs its destination", at: fields.range.firstLineStart,
        fix:
          "add one of \(Wording.choice(ChannelKind.allCases.map(\.rawValue))), such as webhook: {url: {secret: <name>}}"
      )
      return nil
    }
    if given.count > 1, let extra = given.last {
      reading.error(
        .conflictingFields, "a Channel has one destination, this one has \(given.count)",
        at: fields.place(of: extra.rawValue),
        fix: "write one Channel for each, and name them in 'channels' of the route")
    }
    guard let destination = Destination(kind, node.entry(kind.rawValue)?.value ?? node, &reading) else { return nil }
    self.init(destination: destination)
    sendResolved = fields["send_resolved"].flatMap { reading.boolean($0) } ?? true
    if let node = fields["template"] { template = MessageTemplates(node, &reading) }
    rateLimit = fields["rate_limit"].flatMap { RateLimit($0, &reading) }
    mentions = fields["mentions"].map { reading.words($0, "people").map(\.value) } ?? []
    locale = fields["locale"].flatMap { reading.locale($0) }
    timezone = fields["timezone"].flatMap { reading.zone($0) }
  }
}

extension ChannelSpec.Destination {
  fileprivate init?(_ kind: ChannelKind, _ node: YAMLNode, _ reading: inout Reading) {
    let destination: Self?
    switch kind {
    case .console: destination = Fields(node, FieldNames("console", []), &reading).map { _ in .console }
    case .webhook: destination = WebhookSpec(node, &reading).map(Self.webhook)
    case .email: destination = EmailSpec(node, &reading).map(Self.email)
    case .feishu: destination = FeishuSpec(node, &reading).map(Self.feishu)
    case .dingtalk: destination = DingTalkSpec(node, &reading).map(Self.dingtalk)
    case .wecom: destination = WeComSpec(node, &reading).map(Self.wecom)
    case .slack: destination = SlackSpec(node, &reading).map(Self.slack)
    case .teams: destination = TeamsSpec(node, &reading).map(Self.teams)
    case .telegram: destination = TelegramSpec(node, &reading).map(Self.telegram)
    case .discord: destination = DiscordSpec(node, &reading).map(Self.discord)
    case .mattermost: destination = MattermostSpec(node, &reading).map(Self.mattermost)
    case .ntfy: destination = NtfySpec(node, &reading).map(Self.ntfy)
    case .pagerduty: destination = PagerDutySpec(node, &reading).map(Self.pagerduty)
    case .opsgenie: destination = OpsgenieSpec(node, &reading).map(Self.opsgenie)
    case .sms: destination = SMSSpec(node, &reading).map(Self.sms)
    case .alertmanager: destination = AlertmanagerSpec(node, &reading).map(Self.alertmanager)
    }
    guard let destination else { return nil }
    self = destination
  }
}

extension MessageTemplates {
  private static let names = FieldNames("template", ["title", "text", "html"])

  /// A text is the name of a definition for the body; otherwise `title`, `text` and `html` hold template texts.
  fileprivate init(_ node: YAMLNode, _ reading: inout Reading) {
    self.init()
    if node.entries == nil {
      text = reading.definitionName(node).map { "{{ template \"" + $0 + "\" . }}" }
    } else if let fields = Fields(node, Self.names, &reading) {
      title = fields["title"].flatMap { reading.notificationTemplate($0, named: "title", isOneLine: true) }
      text = fields["text"].flatMap { reading.notificationTemplate($0, named: "text") }
      html = fields["html"].flatMap { reading.notificationTemplate($0, named: "html") }
    }
  }
}

extension RateLimit {
  private static let names = FieldNames("rate_limit", ["messages", "per", "burst"])

  fileprivate init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading),
      let messages = fields.required("messages", &reading).flatMap({ reading.integer($0, in: 1...1_000_000) })
    else { return nil }
    self.init(
      messages, per: fields["per"].flatMap { reading.duration($0, allowsZero: false) } ?? .seconds(60),
      burst: fields["burst"].flatMap { reading.integer($0, in: 1...messages) })
  }
}
