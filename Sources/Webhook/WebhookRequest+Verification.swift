package import Model

extension WebhookRequest {
  /// How far the stamp of a signed request may be off, either way (Standard Webhooks).
  private static let tolerance = Duration.seconds(300)

  /// Checks the request and reads what it announces; the body is parsed only after its signature was found good.
  package func verified(by secrets: WebhookSecrets, at now: Timestamp) throws(WebhookRefusal) -> Webhook {
    guard let provider = WebhookProvider(headers) else { throw .unknownProvider }
    let name = try headers.only(provider.eventHeader) ?? ""
    let event = provider.event(name)
    let isSigned = try check(provider, event, secrets, at: now)
    var webhook = Webhook(provider: provider, delivery: try delivery(provider), content: .other(shown(name)))
    switch event {
    case .ping: webhook.content = .ping(isSigned: isSigned)
    case .other: break
    case .push: webhook.content = .push(try payload(provider).changes(provider))
    case .saidInBody:
      let payload = try payload(provider)
      if payload.isGitLabPush { webhook.content = .push(try payload.changes(provider)) }
    }
    return webhook
  }

  /// Whether the request is signed, and rightly; only Bitbucket Server's test may come without.
  private func check(
    _ provider: WebhookProvider, _ event: WebhookProvider.Event, _ secrets: WebhookSecrets, at now: Timestamp
  ) throws(WebhookRefusal) -> Bool {
    guard provider != .gitlab else {
      try checkGitLab(secrets, at: now)
      return true
    }
    let wanted = provider.signatureHeaders
    guard let used = wanted.first(where: { headers.has($0.name) }), let value = try headers.only(used.name) else {
      if provider == .bitbucketServer, event == .ping { return false }
      throw .noSignature(provider, header: wanted.first?.name ?? "")
    }
    guard value.hasPrefix(used.prefix), let code = hexadecimal(value.dropFirst(used.prefix.count)), code.count == 32
    else { throw .malformedSignature(header: used.name, accepted: used.prefix + "<64 hexadecimal digits>") }
    guard secrets.sign(body, as: code) else { throw .wrongSignature(provider) }
    return true
  }

  /// GitLab sends its secret token as it is, or signs as Standard Webhooks does. What is signed must be signed rightly,
  /// where a signing token is known.
  private func checkGitLab(_ secrets: WebhookSecrets, at now: Timestamp) throws(WebhookRefusal) {
    let token = try headers.only("x-gitlab-token")
    guard headers.has("webhook-signature"), secrets.hasSigningKeys || token == nil else {
      guard let token else { throw .noSignature(.gitlab, header: "x-gitlab-token") }
      guard secrets.contain(token) else { throw .wrongSignature(.gitlab) }
      return
    }
    guard secrets.hasSigningKeys else { throw .noSigningKey }
    try checkStandard(secrets, at: now)
  }

  private func checkStandard(_ secrets: WebhookSecrets, at now: Timestamp) throws(WebhookRefusal) {
    guard let id = try headers.only("webhook-id"), !id.isEmpty else {
      throw .noSignature(.gitlab, header: "webhook-id")
    }
    guard let text = try headers.only("webhook-timestamp"), text.utf8.count < 12, let stamp = Int64(text), stamp >= 0
    else { throw .malformedSignature(header: "webhook-timestamp", accepted: "seconds since 1970") }
    let codes = (try headers.only("webhook-signature") ?? "").split(separator: " ").prefix(16)
      .filter { $0.hasPrefix("v1,") }.compactMap { $0.dropFirst(3).utf8.base64Decoded }.filter { $0.count == 32 }
    guard !codes.isEmpty else {
      throw .malformedSignature(header: "webhook-signature", accepted: "v1,<base64 of 32 bytes>")
    }
    let signed = Array("\(id).\(text).".utf8) + body
    guard secrets.signByToken(signed, asOneOf: codes) else { throw .wrongSignature(.gitlab) }
    let age = now - Timestamp(millisecondsSinceEpoch: stamp * 1000)
    guard age <= Self.tolerance, age >= .zero - Self.tolerance else { throw .stale(seconds: age.components.seconds) }
  }

  private func delivery(_ provider: WebhookProvider) throws(WebhookRefusal) -> String? {
    guard let header = provider.deliveryHeaders.first(where: headers.has) else { return nil }
    guard let id = try headers.only(header), !id.isEmpty, id.utf8.count <= 128 else { return nil }
    return id
  }

  private func payload(_ provider: WebhookProvider) throws(WebhookRefusal) -> PushPayload {
    let type = (try headers.only("content-type") ?? "application/json").lowercased()
    switch type.split(separator: ";").first.map({ String($0.filter { $0 != " " }) }) {
    case "application/json": break
    case "application/x-www-form-urlencoded": throw .form
    default: throw .wrongContentType(shown(type))
    }
    return try PushPayload(parsing: body)
  }

  /// The beginning of a text that others wrote.
  private func shown(_ text: String) -> String { String(text.prefix(64)) }

  private func hexadecimal(_ text: Substring) -> [UInt8]? {
    var bytes: [UInt8] = []
    var high: UInt8?
    for digit in text.utf8 {
      let value: UInt8
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = digit - UInt8(ascii: "A") + 10
      default: return nil
      }
      if let first = high {
        bytes.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return high == nil ? bytes : nil
  }
}
