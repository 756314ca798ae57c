import Model
import Synchronization
import Webhook

/// The file of `--webhook-secret-file`, read again now and then, so that a secret is replaced without a restart.
final class WebhookSecretFile: Sendable {
  /// The file is read again when it was read longer ago than this.
  private static let freshness = Duration.seconds(1)
  private static let limit = 1 << 16

  private let path: String
  private let state: Mutex<State>

  private struct State {
    var secrets: WebhookSecrets
    var readAt: Timestamp
    var trouble: String?
  }

  /// - Throws: why the file can't be read, or what is wrong with it.
  init(_ path: String, at now: Timestamp) throws {
    self.path = path
    state = Mutex(State(secrets: try Self.read(path), readAt: now))
  }

  /// What is in the file; while that can't be read, what was there before.
  ///
  /// `report`: called when what is wrong with it changes, with `nil` once nothing is.
  func secrets(at now: Timestamp, report: (String?) -> Void) -> WebhookSecrets {
    let (secrets, news): (WebhookSecrets, String??) = state.withLock { state in
      guard now - state.readAt >= Self.freshness else { return (state.secrets, nil) }
      state.readAt = now
      let before = state.trouble
      do {
        state.secrets = try Self.read(path)
        state.trouble = nil
      } catch {
        state.trouble = "\(error)"
      }
      return (state.secrets, before == state.trouble ? nil : .some(state.trouble))
    }
    if let news { report(news) }
    return secrets
  }

  private static func read(_ path: String) throws -> WebhookSecrets {
    try WebhookSecrets(parsing: try Files.read(path, limit: limit))
  }
}
