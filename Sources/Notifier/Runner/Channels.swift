package import Model
package import Specs

/// Makes channels of their specs, given the ports that they need.
package struct Channels: Sendable {
  private let secrets: any SecretResolver
  private let egress: EgressPolicy
  private let userAgent: String
  private let clock: any WallClock
  private let nonce: @Sendable () -> String

  /// `nonce`: gives a text that it never gave before: 32 hexadecimal digits.
  package init(
    secrets: any SecretResolver, egress: EgressPolicy = .open, userAgent: String = "Belfry", clock: any WallClock,
    nonce: @escaping @Sendable () -> String
  ) {
    self.secrets = secrets
    self.egress = egress
    self.userAgent = userAgent
    self.clock = clock
    self.nonce = nonce
  }

  /// The channel `id` as `spec` says, speaking in `style`. Nothing that it gives back holds a secret.
  package func channel(_ id: ResourceID, _ spec: ChannelSpec, style: MessageStyle) -> any Channel {
    let context = ChannelContext(
      id: id, style: style, secrets: secrets, egress: egress, userAgent: userAgent, clock: clock, nonce: nonce)
    return RedactingChannel(context) { sender(for: spec.destination, $0) }
  }

  private func sender(for destination: ChannelSpec.Destination, _ context: ChannelContext) -> any Channel {
    switch destination {
    case .console: ConsoleChannel(context: context)
    case .webhook(let spec): WebhookChannel(spec, context: context)
    case .email(let spec): EmailChannel(spec, context: context)
    case .feishu(let spec): FeishuChannel(spec, context: context)
    case .dingtalk(let spec): DingTalkChannel(spec, context: context)
    case .wecom(let spec): WeComChannel(spec, context: context)
    case .slack(let spec): SlackChannel(spec, context: context)
    case .teams(let spec): TeamsChannel(spec, context: context)
    case .telegram(let spec): TelegramChannel(spec, context: context)
    case .discord(let spec): DiscordChannel(spec, context: context)
    case .mattermost(let spec): MattermostChannel(spec, context: context)
    case .ntfy(let spec): NtfyChannel(spec, context: context)
    case .pagerduty(let spec): PagerDutyChannel(spec, context: context)
    case .opsgenie(let spec): OpsgenieChannel(spec, context: context)
    case .sms(let spec): SMSChannel(spec, context: context)
    case .alertmanager(let spec): AlertmanagerChannel(spec, context: context)
    }
  }
}
