package import Model
package import Specs

/// What a vendor counts messages by, and what one endpoint of a channel is known by: channels that name the same one
/// share its quota.
package enum Credential: Hashable, Sendable {
  /// A secret address of a tenant, or of the platform.
  case secret(String, owner: Scope)
  /// An address that isn't secret.
  case address(String)
  /// An account at a vendor, or a place that it writes to: the names of secrets and whatever else it is known by.
  case account(ChannelKind, [String], owner: Scope)
  /// A destination that nobody else counts for.
  case channel(ResourceID)

  /// The endpoints of a channel, in the order of its spec; never empty. `spec`: `nil` for a channel that isn't there.
  package static func endpoints(of id: ResourceID, _ spec: ChannelSpec?) -> [Credential] {
    let owner = id.scope.owner
    switch spec?.destination {
    case .feishu(let spec): return endpoints(of: spec.pool, owner)
    case .dingtalk(let spec): return endpoints(of: spec.pool, owner)
    case .wecom(let spec): return endpoints(of: spec.pool, owner)
    case .teams(let spec): return endpoints(of: spec.pool, owner)
    case .discord(let spec): return endpoints(of: spec.pool, owner)
    case .mattermost(let spec): return endpoints(of: spec.pool, owner)
    case .ntfy(let spec): return endpoints(of: spec.pool, owner)
    case .webhook(let spec): return endpoints(of: spec.pool, owner)
    case .slack(let spec):
      guard let bot = spec.bot else { return endpoints(of: spec.pool, owner) }
      return [.account(.slack, [bot.token, bot.channel], owner: owner)]
    case .telegram(let spec): return [.account(.telegram, [spec.token, spec.chat], owner: owner)]
    case .pagerduty(let spec): return [.account(.pagerduty, [spec.routingKey], owner: owner)]
    case .opsgenie(let spec): return [.account(.opsgenie, [spec.apiKey], owner: owner)]
    case .sms(let spec):
      switch spec.provider {
      case .twilio(let twilio): return [.account(.sms, [twilio.accountSID], owner: owner)]
      case .aliyun(let aliyun): return [.account(.sms, [aliyun.accessKeyID], owner: owner)]
      }
    // Every Alertmanager of a pool gets every message.
    case .console, .email, .alertmanager, nil: return [.channel(id)]
    }
  }

  private static func endpoints(of pool: EndpointPool, _ owner: Scope) -> [Credential] {
    pool.endpoints.map { endpoint in
      switch endpoint.url {
      case .plain(let address): .address(address)
      case .secret(let name): .secret(name, owner: owner)
      }
    }
  }
}
