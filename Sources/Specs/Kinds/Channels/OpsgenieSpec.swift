import Model

/// Opsgenie, or Jira Service Management Operations.
package struct OpsgenieSpec: Hashable, Sendable {
  /// The base of the API for accounts in the US; accounts in the EU and those of Jira Service Management name theirs
  /// in `api_url`.
  package static let usualAddress = "https://api.opsgenie.com"

  /// Whom an alert is given to.
  package struct Responder: Hashable, Sendable {
    /// What it may be; the raw values are the API's words.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
      case team, user, escalation, schedule
    }

    /// What `name` holds; the raw values are the API's words.
    package enum Key: String, Hashable, Sendable, CaseIterable {
      case name, id
      /// A user's mail address.
      case username
    }

    package var kind: Kind
    package var key: Key
    package var value: String

    package init(_ kind: Kind, _ key: Key, _ value: String) {
      self.kind = kind
      self.key = key
      self.value = value
    }
  }

  /// One endpoint: `api_url`.
  package var pool: EndpointPool
  /// The name of the secret that holds the integration's key.
  package var apiKey: String
  package var responders: [Responder] = []
  package var tags: [String] = []
  /// Whether an open alert's message and description are brought up to date.
  package var updatesAlerts = false

  package init(apiKey: String, url: SecretOr = .plain(OpsgenieSpec.usualAddress)) {
    self.apiKey = apiKey
    pool = EndpointPool([ChannelEndpoint(url: url)])
  }
}

extension OpsgenieSpec {
  func visit(_ visitor: inout some FieldVisitor) {
    visitor.field("api_key", apiKey)
    pool.visit(&visitor)
    visitor.list("responders", responders.map { $0.kind.rawValue + " " + $0.key.rawValue + " " + $0.value })
    visitor.list("tags", tags)
    if updatesAlerts { visitor.field("update_alerts", true) }
  }
}
