package import Model

/// The port to whoever acts on webhooks.
package protocol WebhookReceiver: Sendable {
  /// The secrets in force now.
  func secrets() async -> WebhookSecrets
  /// Takes a genuine webhook in, at once.
  func receive(_ webhook: Webhook, at now: Timestamp) async -> WebhookDisposition
  /// Takes note of what was refused; `provider` as far as the headers say.
  func refused(_ refusal: WebhookRefusal, from provider: WebhookProvider?, at now: Timestamp) async
}

/// What a webhook leads to, as its answer tells.
package enum WebhookDisposition: Hashable, Sendable {
  case looking
  /// The refs that are followed instead.
  case otherRefs([String])
  case ping(isSigned: Bool)
  case otherEvent(String)

  /// The HTTP status: 200 for a test, 202 for the rest, whose work comes later, if any.
  var status: Int {
    if case .ping = self { 200 } else { 202 }
  }

  /// One word for programs, and one line for people.
  var words: (status: String, message: String) {
    switch self {
    case .looking: ("looking", "the repository is looked at now")
    case .otherRefs(let followed):
      ("ignored", "the push moved none of the refs that are followed: \(followed.joined(separator: ", "))")
    case .ping(true): ("ping", "the webhook arrives, and its signature fits")
    case .ping(false): ("ping", "the webhook arrives; the test isn't signed, so the secret was not tried")
    case .otherEvent(let name): ("ignored", "only pushes are acted on, not '\(name)'")
    }
  }
}
