/// Whose webhook it is, by the headers that each forge sends.
package enum WebhookProvider: String, Hashable, Sendable, CaseIterable {
  case github, gitlab, gitea, forgejo, gogs, bitbucket
  case bitbucketServer = "bitbucket-server"

  /// The forge that sends these headers; `nil` for none that is known.
  ///
  /// Gogs and its descendants come first: they send GitHub's headers too.
  init?(_ headers: WebhookHeaders) {
    if headers.has("x-forgejo-event") {
      self = .forgejo
    } else if headers.has("x-gitea-event") {
      self = .gitea
    } else if headers.has("x-gogs-event") {
      self = .gogs
    } else if headers.has("x-github-event") {
      self = .github
    } else if headers.has("x-gitlab-event") {
      self = .gitlab
    } else if headers.has("x-event-key") {
      self = headers.has("x-hook-uuid") || headers.has("x-request-uuid") ? .bitbucket : .bitbucketServer
    } else {
      return nil
    }
  }

  /// The header that names the event.
  var eventHeader: String {
    switch self {
    case .github: "x-github-event"
    case .gitlab: "x-gitlab-event"
    case .gitea: "x-gitea-event"
    case .forgejo: "x-forgejo-event"
    case .gogs: "x-gogs-event"
    case .bitbucket, .bitbucketServer: "x-event-key"
    }
  }

  /// The headers that name the delivery, the first that is there counts.
  var deliveryHeaders: [String] {
    switch self {
    case .github: ["x-github-delivery"]
    case .gitlab: ["webhook-id", "idempotency-key", "x-gitlab-event-uuid"]
    case .gitea: ["x-gitea-delivery"]
    case .forgejo: ["x-forgejo-delivery", "x-gitea-delivery"]
    case .gogs: ["x-gogs-delivery"]
    case .bitbucket: ["x-request-uuid"]
    case .bitbucketServer: ["x-request-id"]
    }
  }

  /// The headers with an HMAC-SHA256 of the body, the first that is there counts. Some forges write `sha256=` before it.
  var signatureHeaders: [(name: String, prefix: String)] {
    switch self {
    case .github: [("x-hub-signature-256", "sha256=")]
    case .bitbucket, .bitbucketServer: [("x-hub-signature", "sha256=")]
    case .gitea: [("x-gitea-signature", ""), ("x-hub-signature-256", "sha256=")]
    case .forgejo:
      [("x-forgejo-signature", ""), ("x-gitea-signature", ""), ("x-hub-signature-256", "sha256=")]
    case .gogs: [("x-gogs-signature", "")]
    case .gitlab: []
    }
  }

  /// What an event is to the controller.
  enum Event: Hashable, Sendable {
    case push, ping, other
    /// GitLab's system hooks: the body says what it is.
    case saidInBody
  }

  func event(_ name: String) -> Event {
    switch (self, name) {
    case (.github, "push"), (.gitea, "push"), (.forgejo, "push"), (.gogs, "push"), (.bitbucket, "repo:push"),
      (.bitbucketServer, "repo:refs_changed"), (.gitlab, "Push Hook"), (.gitlab, "Tag Push Hook"):
      .push
    case (.github, "ping"), (.bitbucketServer, "diagnostics:ping"): .ping
    case (.gitlab, "System Hook"): .saidInBody
    default: .other
    }
  }
}
