package import Model

/// A webhook that takes Alertmanager's JSON, version 4, or a document of its own.
package struct WebhookSpec: Hashable, Sendable {
  /// How a request is asked; the raw values are HTTP's words.
  package enum Method: String, Hashable, Sendable, CaseIterable {
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case get = "GET"
    case delete = "DELETE"

    /// Whether it carries Alertmanager's document where no `body` is written.
    package var hasUsualBody: Bool { self != .get && self != .delete }
  }

  /// How the other side can tell that a request is ours.
  package struct Signature: Hashable, Sendable {
    /// What is signed, and where the signature stands; the raw values are those of the spec.
    package enum Scheme: String, Hashable, Sendable, CaseIterable {
      /// `webhook-id`, `webhook-timestamp`, `webhook-signature: v1,<base64>`.
      case standard
      /// `X-Grafana-Alerting-Signature: <hexadecimal>`.
      case grafana
      /// `X-Hub-Signature-256: sha256=<hexadecimal>`.
      case github
    }

    package var scheme: Scheme
    /// The name of the secret that holds the key; `nil` where each endpoint names its own.
    package var secret: String?
    /// `nil` for the scheme's own.
    package var header: String?
    /// Of the scheme `grafana`: the header of the time that is signed with the body; `nil` for none.
    package var timestampHeader: String?

    package init(_ scheme: Scheme, secret: String? = nil) {
      self.scheme = scheme
      self.secret = secret
    }
  }

  package var pool: EndpointPool
  package var method = Method.post
  /// Headers whose values are secrets: their names, and the secrets' names.
  package var secretHeaders: [Label] = []
  /// A template of the body; `nil` for Alertmanager's document.
  package var body: String?
  /// Templates of what the URL's query gets, by name.
  package var parameters: [Label] = []
  package var signature: Signature?
  /// The most alerts in one message; 0 for all. The rest is counted.
  package var maxAlerts = 0

  package init(pool: EndpointPool) {
    self.pool = pool
  }
}

extension WebhookSpec {
  func visit(_ visitor: inout some FieldVisitor) {
    pool.visit(&visitor)
    if method != .post { visitor.field("method", method.rawValue) }
    for header in secretHeaders { visitor.field("headers." + header.name, "{secret: " + header.value + "}") }
    visitor.field("body", body)
    if !parameters.isEmpty { visitor.labels("parameters", parameters) }
    if let signature {
      visitor.field("signature.scheme", signature.scheme.rawValue)
      visitor.field("signature.secret", signature.secret)
      visitor.field("signature.header", signature.header)
      visitor.field("signature.timestamp_header", signature.timestampHeader)
    }
    if maxAlerts != 0 { visitor.field("max_alerts", maxAlerts) }
  }
}
