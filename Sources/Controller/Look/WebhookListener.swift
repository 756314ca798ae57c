import Git
import Model
import Webhook

/// The listener of `--webhook-listen` with what its webhooks lead to.
struct WebhookListener: Sendable {
  let intake: WebhookIntake
  private let settings: WebhookSettings
  private let clock: any WallClock
  private let log: EventLog

  /// - Throws: ``CommandFailure`` when the secrets can't be read.
  init(
    _ settings: WebhookSettings, _ remote: RemoteSettings, _ mirror: Git.Mirror, _ sync: SyncLoop,
    clock: any WallClock, log: EventLog
  ) throws {
    self.settings = settings
    self.clock = clock
    self.log = log
    do {
      let file = try WebhookSecretFile(settings.secretFile, at: clock.now)
      intake = WebhookIntake(file, remote: remote, mirror: mirror, sync: sync, clock: clock, log: log)
    } catch let failure as Files.Failure {
      throw CommandFailure(.usage, "--webhook-secret-file: \(failure)")
    } catch {
      throw CommandFailure(.usage, "--webhook-secret-file '\(settings.secretFile)': \(error)")
    }
  }

  /// Listens until cancelled.
  func run() async throws {
    let server = WebhookServer(
      host: settings.listen.host, port: settings.listen.port, receiver: intake, clock: clock
    ) { [settings, log] port in
      log.event("webhook.listening", .info, ["host": settings.listen.host, "port": "\(port)"])
    }
    do {
      try await server.run()
    } catch let error as WebhookListenError {
      throw CommandFailure(.failed, error.description)
    }
  }
}
