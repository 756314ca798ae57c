import Model

/// What a channel sends to; the raw value is the field's name in YAML.
package enum ChannelKind: String, Hashable, Sendable, CaseIterable {
  case console, webhook, email, feishu, dingtalk, wecom, slack, teams, telegram,
    discord, mattermost, ntfy, pagerduty, opsgenie, sms, alertmanager
}

extension ChannelKind {
  /// Whether several groups may be told in one message, when a quota has no room for one each: where people read it,
  /// and not where a machine expects one group.
  package var mergesGroups: Bool {
    switch self {
    case .webhook, .pagerduty, .opsgenie, .alertmanager: false
    case .console, .email, .feishu, .dingtalk, .wecom, .slack, .teams, .telegram, .discord, .mattermost, .ntfy, .sms:
      true
    }
  }
}

/// `Channel`: one destination of notifications.
package struct ChannelSpec: Hashable, Sendable {
  /// The kinds of destination that there are.
  package enum Destination: Hashable, Sendable {
    case console
    case webhook(WebhookSpec)
    case email(EmailSpec)
    case feishu(FeishuSpec)
    case dingtalk(DingTalkSpec)
    case wecom(WeComSpec)
    case slack(SlackSpec)
    case teams(TeamsSpec)
    case telegram(TelegramSpec)
    case discord(DiscordSpec)
    case mattermost(MattermostSpec)
    case ntfy(NtfySpec)
    case pagerduty(PagerDutySpec)
    case opsgenie(OpsgenieSpec)
    case sms(SMSSpec)
    case alertmanager(AlertmanagerSpec)
  }

  package var destination: Destination
  package var sendResolved = true
  package var template = MessageTemplates()
  /// For each endpoint; `nil` for what the kind's vendor allows.
  package var rateLimit: RateLimit?
  /// Whom every message names, as written; see ``Model/Mention``.
  package var mentions: [String] = []
  package var locale: String?
  /// An IANA name.
  package var timezone: String?

  package init(destination: Destination) {
    self.destination = destination
  }

  package var kind: ChannelKind {
    switch destination {
    case .console: .console
    case .webhook: .webhook
    case .email: .email
    case .feishu: .feishu
    case .dingtalk: .dingtalk
    case .wecom: .wecom
    case .slack: .slack
    case .teams: .teams
    case .telegram: .telegram
    case .discord: .discord
    case .mattermost: .mattermost
    case .ntfy: .ntfy
    case .pagerduty: .pagerduty
    case .opsgenie: .opsgenie
    case .sms: .sms
    case .alertmanager: .alertmanager
    }
  }
}

/// What a channel's messages say in place of the usual text: texts of templates.
package struct MessageTemplates: Hashable, Sendable {
  /// One line: a mail's subject, a card's title.
  package var title: String?
  /// The body, in the destination's own markup.
  package var text: String?
  /// Of mail: the part in HTML.
  package var html: String?

  package init() {}
}

/// How many messages an endpoint may be sent.
package struct RateLimit: Hashable, Sendable {
  package var messages: Int
  package var period: Duration
  /// How many at once after a pause; `nil` for all of `messages`.
  package var burst: Int?

  package init(_ messages: Int, per period: Duration, burst: Int? = nil) {
    self.messages = messages
    self.period = period
    self.burst = burst
  }
}

/// One address to which messages may be sent.
package struct ChannelEndpoint: Hashable, Sendable {
  package var url: SecretOr
  /// The name of a secret with which requests are signed.
  package var signingSecret: String?

  package init(url: SecretOr, signingSecret: String? = nil) {
    self.url = url
    self.signingSecret = signingSecret
  }
}

/// Addresses of which each takes any message: they are used in turn, and one that fails is passed over.
package struct EndpointPool: Hashable, Sendable {
  /// Never empty.
  package var endpoints: [ChannelEndpoint]
  package var http = HTTPSettings()
  /// For one attempt.
  package var timeout: Duration = .seconds(10)

  package init(_ endpoints: [ChannelEndpoint]) {
    self.endpoints = endpoints
  }

  func visit(_ visitor: inout some FieldVisitor) {
    for (index, endpoint) in endpoints.enumerated() {
      if endpoints.count > 1 { visitor.open("endpoints[\(index)]") }
      visitor.address("url", endpoint.url)
      visitor.field("secret", endpoint.signingSecret)
      if endpoints.count > 1 { visitor.close() }
    }
    http.visit(&visitor)
    visitor.field("timeout", timeout)
  }
}
