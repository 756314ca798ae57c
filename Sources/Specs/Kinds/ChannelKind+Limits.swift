import Model

extension ChannelKind {
  /// How many messages one credential may be sent where its `Channel` has no `rate_limit`: what the vendor allows, less
  /// a margin. All of them hold at once; none: as many as come.
  ///
  /// Vendors: Feishu custom bots 100 a minute and 5 a second; DingTalk and WeCom robots 20 a minute; Slack one a second
  /// and channel, short bursts tolerated; Teams about 4 a second; Telegram 20 a minute and group, one a second and
  /// chat; Discord 5 in 2 seconds for a webhook, by its headers; PagerDuty by integration key, not published; ntfy.sh
  /// one in 5 seconds after a burst of 60. A self-hosted Mattermost, a mail server, a webhook, Opsgenie, an
  /// Alertmanager and the providers of SMS answer for themselves when it is too much.
  package var rateLimits: [RateLimit] {
    switch self {
    case .feishu: [RateLimit(80, per: .seconds(60), burst: 4), RateLimit(4, per: .seconds(1))]
    case .dingtalk, .wecom: [RateLimit(18, per: .seconds(60), burst: 3)]
    case .slack, .discord: [RateLimit(3, per: .seconds(3))]
    case .teams: [RateLimit(2, per: .seconds(2))]
    case .telegram: [RateLimit(18, per: .seconds(60), burst: 3), RateLimit(1, per: .seconds(1))]
    case .ntfy: [RateLimit(10, per: .seconds(60), burst: 5)]
    case .pagerduty: [RateLimit(10, per: .seconds(5))]
    case .sms: [RateLimit(10, per: .seconds(1))]
    case .console, .webhook, .email, .mattermost, .opsgenie, .alertmanager: []
    }
  }

  /// How long a credential is left alone that was sent too much, where the answer doesn't say; `nil`: for a while that
  /// grows from failure to failure. DingTalk blocks a robot for 10 minutes.
  package var throttlePause: Duration? {
    self == .dingtalk ? .seconds(600) : nil
  }
}

extension ChannelSpec {
  /// The channel's own limit, or those of its kind.
  package var rateLimits: [RateLimit] { rateLimit.map { [$0] } ?? kind.rateLimits }
}
