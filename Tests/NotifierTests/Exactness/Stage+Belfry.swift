import Model
import Notifier
import Specs

extension RealRun.Stage {
  /// Belfry's notifier, with a configuration.
  func runner(_ setup: Setup, url: (String) -> String) throws -> NotifierRunner {
    var configuration = NotifierConfiguration()
    _ = configuration.apply(NotifierChange(set: try setup.resources(url: url)), at: clock.now)
    let channels = Channels(secrets: ScriptedSecrets(), clock: clock, nonce: { "" })
    let outlet = Outlet(http: http, mail: http) { _ in }
    return NotifierRunner(
      NotifierState(configuration: configuration), clock: clock, log: Forgetful(), outlet: outlet
    ) { channels.channel($0, $1, style: $2) }
  }

  /// A ledger that keeps nothing.
  private struct Forgetful: DeliveryLog {
    func record(_ batch: NotifierState.RecordBatch) async {}
  }
}

extension Setup.Hook {
  /// The hook as one of Belfry's channels.
  func spec(url: String) -> ChannelSpec {
    var webhook = WebhookSpec(pool: pool(url))
    webhook.maxAlerts = maxAlerts
    var channel = ChannelSpec(destination: .webhook(webhook))
    channel.sendResolved = sendsResolved
    return channel
  }
}
