import JSON
package import Model
package import Specs
import Templates

/// Asks a URL: with Alertmanager's JSON, or with a document of the spec's own. Any 2xx is a yes; the answer's body is
/// ignored.
package struct WebhookChannel: Channel {
  private let spec: WebhookSpec
  private let context: ChannelContext
  private let body: WebhookTemplate?
  private let parameters: [(name: String, template: WebhookTemplate)]

  package init(_ spec: WebhookSpec, context: ChannelContext) {
    self.spec = spec
    self.context = context
    body = spec.body.map(WebhookTemplate.init)
    parameters = spec.parameters.map { ($0.name, WebhookTemplate($0.value)) }
  }

  package func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt {
    var receipt = Receipt(detail: "")
    for post in post.single {
      var trouble: String?
      let request = try request(for: post, &trouble)
      let response = try await outlet.send(request)
      do throws(DeliveryError) {
        try response.checkTaken()
      } catch {
        throw error.rewording { $0 + (trouble.map { "; " + $0 } ?? "") }
      }
      receipt = Receipt(detail: "answered " + String(response.status) + (trouble.map { "; " + $0 } ?? ""))
    }
    return receipt
  }

  // MARK: The request

  private func request(for post: Post, _ trouble: inout String?) throws(DeliveryError) -> HTTPRequest {
    let endpoint = context.endpoint(post.endpoint, of: spec.pool)
    var url = try context.text(of: endpoint.url)
    for (name, template) in parameters {
      url = url.appendingParameter(name, value(of: template, for: post, named: name, &trouble))
    }
    var request = try context.post([], to: url, by: spec.pool)
    var secretHeaders: [Label] = []
    for header in spec.secretHeaders { secretHeaders.append(Label(header.name, try context.secret(header.value))) }
    request.headers = request.headers.replaced(by: secretHeaders)
    request.method = spec.method.rawValue
    request.body = document(for: post, type: request.headers.header("Content-Type") ?? "", &trouble)
    if request.body.isEmpty { request.headers.removeAll { $0.name.lowercased() == "content-type" } }
    // The same for each attempt, so that a receiver can tell what it has had already.
    var own = [Label("Idempotency-Key", post.first.deliveryID)]
    if post.isTest { own.append(Label("X-Belfry-Test", "true")) }
    let signature = try signature(of: request.body, of: post, by: endpoint)
    request.headers = own.replaced(by: request.headers).replaced(by: signature)
    return request
  }

  /// A parameter whose template fails stays empty: paging never depends on a template.
  private func value(
    of template: WebhookTemplate, for post: Post, named name: String, _ trouble: inout String?
  ) -> String {
    do throws(MessageTemplateError) {
      return try template.text(for: post, context.style, named: name)
    } catch {
      trouble = trouble ?? "the parameter '\(name)' was left empty: " + error.description
      return ""
    }
  }

  /// The body of the spec's template; Alertmanager's document where there is none, or where the template gives nothing
  /// that the other side could read, so that paging never depends on it.
  private func document(for post: Post, type: String, _ trouble: inout String?) -> [UInt8] {
    let usual = spec.method.hasUsualBody ? WebhookPayload.body(of: post.first, maxAlerts: spec.maxAlerts) : []
    guard let body else { return usual }
    do throws(MessageTemplateError) {
      let text = try body.text(for: post, context.style, named: "body")
      guard type.isTypeOfJSON else { return Array(text.utf8) }
      do throws(JSONSyntaxError) {
        _ = try JSONValue(parsing: text)
        return Array(text.utf8)
      } catch {
        trouble = "the usual document was sent, since 'body' gave no JSON: \(error)".onOneLine(limit: 300)
      }
    } catch {
      trouble = "the usual document was sent, since 'body' failed: " + error.description
    }
    return usual
  }

  // MARK: The signature

  private func signature(
    of body: [UInt8], of post: Post, by endpoint: ChannelEndpoint
  ) throws(DeliveryError) -> [Label] {
    guard
      let signature = spec.signature ?? endpoint.signingSecret.map({ WebhookSpec.Signature(.standard, secret: $0) }),
      let name = endpoint.signingSecret ?? signature.secret
    else { return [] }
    let key = try context.secret(name)
    let now = context.clock.now.millisecondsSinceEpoch / 1000
    switch signature.scheme {
    case .standard:
      guard let bytes = WebhookSignature.standardKey(key) else {
        throw .rejected("the secret '\(name)' is no key of Standard Webhooks, which is 'whsec_' and base64")
      }
      return WebhookSignature.standard(key: bytes, id: "msg_" + post.first.deliveryID, at: now, body)
    case .grafana:
      return WebhookSignature.grafana(
        key: Array(key.utf8), header: signature.header, timestampHeader: signature.timestampHeader, at: now, body)
    case .github:
      return WebhookSignature.github(key: Array(key.utf8), header: signature.header, body)
    }
  }
}

/// The headers of the three schemes by which receivers check that a request is ours. What is signed is exactly what is
/// sent.
package enum WebhookSignature {
  /// Standard Webhooks: <https://www.standardwebhooks.com>.
  package static func standard(key: [UInt8], id: String, at time: Int64, _ body: [UInt8]) -> [Label] {
    let signed = hmacSHA256(key: key, Array("\(id).\(time).".utf8) + body)
    return [
      Label("webhook-id", id), Label("webhook-timestamp", String(time)),
      Label("webhook-signature", "v1," + signed.base64),
    ]
  }

  /// The bytes of a key that is written as `whsec_` and base64; `nil` when it isn't.
  package static func standardKey(_ text: String) -> [UInt8]? {
    let prefix = "whsec_"
    let digits = text.hasPrefix(prefix) ? text.dropFirst(prefix.count) : text[...]
    guard let bytes = Array(digits.utf8).base64Decoded, !bytes.isEmpty else { return nil }
    return bytes
  }

  /// As Grafana signs: the body, or `<time>:<body>` where a header carries the time.
  package static func grafana(
    key: [UInt8], header: String?, timestampHeader: String?, at time: Int64, _ body: [UInt8]
  ) -> [Label] {
    let prefix = timestampHeader == nil ? [] : Array("\(time):".utf8)
    let signed = Label(
      header ?? "X-Grafana-Alerting-Signature", hmacSHA256(key: key, prefix + body).hexadecimal)
    return [signed] + (timestampHeader.map { [Label($0, String(time))] } ?? [])
  }

  /// As GitHub signs.
  package static func github(key: [UInt8], header: String?, _ body: [UInt8]) -> [Label] {
    [Label(header ?? "X-Hub-Signature-256", "sha256=" + hmacSHA256(key: key, body).hexadecimal)]
  }
}

/// A template of a webhook's spec, parsed once; a mistake in it is told when it is used.
private struct WebhookTemplate {
  private let parsed: Result<Template, TemplateSyntaxError>

  init(_ text: String) {
    do throws(TemplateSyntaxError) {
      parsed = .success(try Template(parsing: text, functions: .notification))
    } catch {
      parsed = .failure(error)
    }
  }

  func text(for post: Post, _ style: MessageStyle, named name: String) throws(MessageTemplateError) -> String {
    switch parsed {
    case .success(let template): try style.expanded(template, of: post, named: name)
    case .failure(let error): throw MessageTemplateError(description: "'\(name)' can't be read: \(error.description)")
    }
  }
}

extension String {
  /// This URL with a further parameter in its query, name and value percent-encoded.
  fileprivate func appendingParameter(_ name: String, _ value: String) -> String {
    let end = utf8.firstIndex(of: UInt8(ascii: "#")) ?? utf8.endIndex
    let base = self[..<end]
    let separator = base.utf8.contains(UInt8(ascii: "?")) ? (base.utf8.last == UInt8(ascii: "?") ? "" : "&") : "?"
    return base + separator + name.percentEncoded + "=" + value.percentEncoded + self[end...]
  }

  /// `application/json`, `application/vnd.x+json; charset=utf-8`.
  fileprivate var isTypeOfJSON: Bool {
    let type = prefix { $0 != ";" }.lowercased()
    return type.contains("/json") || type.contains("+json")
  }
}
