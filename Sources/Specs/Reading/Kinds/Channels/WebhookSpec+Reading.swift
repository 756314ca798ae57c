import Diagnostics
import Model
import Templates
import YAML

extension WebhookSpec {
  static let fieldNames =
    EndpointPool.fieldNames + ["method", "body", "parameters", "signature", "max_alerts"]

  private static let names: FieldNames = {
    var names = FieldNames("webhook", fieldNames)
    names.answers = EndpointPool.answers
    names.answers["send_resolved"] = "write it beside 'webhook'"
    names.answers["payload"] = "write 'body' as a text, the template of a JSON document"
    names.answers["hmac_config"] = "write signature: {scheme: grafana, secret: {secret: <name>}}"
    names.answers["content_type"] = "write headers: {Content-Type: …}"
    names.answers["http_method"] = "write 'method'"
    return names
  }()

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading),
      let pool = EndpointPool(fields.without("headers"), &reading)
    else { return nil }
    self.init(pool: pool)
    method = fields["method"].flatMap { reading.choice($0, Method.self, "a method") } ?? .post
    if let node = fields["headers"] { readHeaders(node, fields, &reading) }
    body = fields["body"].flatMap { reading.word($0, "the template of a body") }
    if let node = fields["body"] { reading.checkTemplate(node, named: "body") }
    parameters = fields["parameters"].map { Self.parameters($0, &reading) } ?? []
    signature = fields["signature"].flatMap { Signature($0, &reading) }
    checkSignature(fields, &reading)
    maxAlerts = fields["max_alerts"].flatMap { reading.integer($0, in: 0...1_000_000) } ?? 0
    if maxAlerts != 0, body != nil || !method.hasUsualBody {
      reading.warning(
        .noEffect, "'max_alerts' limits Alertmanager's document, which isn't sent here",
        at: fields.place(of: "max_alerts"), fix: "remove it")
    }
  }

  // MARK: Headers

  /// What follows from the request itself, or belongs to one connection (RFC 9110 §7.6.1).
  private static let ownHeaders: Set = [
    "host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect", "keep-alive",
    "proxy-connection", "proxy-authorization", "accept-encoding", "content-encoding",
  ]

  private mutating func readHeaders(_ node: YAMLNode, _ fields: Fields, _ reading: inout Reading) {
    let entries = reading.pairs(node, "headers")
    let plain = entries.filter { $0.value.entries == nil }
    pool.http.headers = reading.headers(YAMLNode(.mapping(plain), at: node.range))
    for entry in entries where entry.value.entries != nil {
      guard let name = reading.secret(entry.value, "a header") else { continue }
      guard entry.name.utf8.allSatisfy({ 0x21...0x7e ~= $0 && $0 != UInt8(ascii: ":") }) else {
        reading.error(
          .wrongType, "the header '\(Wording.short(entry.name))' holds a character that headers can't have",
          at: entry.key.range, fix: "write it in one line of printable characters")
        continue
      }
      secretHeaders.append(Label(entry.name, name))
    }
    for entry in entries { check(entry, fields, &reading) }
  }

  private func check(_ header: YAMLEntry, _ fields: Fields, _ reading: inout Reading) {
    let name = header.name.lowercased()
    if Self.ownHeaders.contains(name) {
      reading.error(
        .conflictingFields, "the header '\(Wording.short(header.name))' follows from the request",
        at: header.key.range, fix: "remove it")
    }
    let login = ["basic_auth", "authorization", "bearer_token"].first { fields[$0] != nil }
    if name == "authorization", let login {
      reading.error(
        .conflictingFields, "the header '\(header.name)' stands beside '\(login)'", at: header.key.range,
        fix: "keep one")
    }
  }

  // MARK: The rest

  private static func parameters(_ node: YAMLNode, _ reading: inout Reading) -> [Label] {
    reading.pairs(node, "parameters").compactMap { entry in
      guard let text = reading.text(entry.value, "the template of a parameter") else { return nil }
      reading.checkTemplate(entry.value, named: entry.name)
      return Label(entry.name, text)
    }
  }

  /// A key signs nothing without a scheme, and a scheme nothing without a key.
  private mutating func checkSignature(_ fields: Fields, _ reading: inout Reading) {
    let hasKeys = pool.endpoints.contains { $0.signingSecret != nil }
    if signature == nil, hasKeys, fields["signature"] == nil { signature = Signature(.standard) }
    let isWritten = fields["signature"]?.entry("secret") != nil
    guard let signature, signature.secret == nil, !isWritten,
      pool.endpoints.contains(where: { $0.signingSecret == nil })
    else {
      return
    }
    reading.error(
      .missingField, "a signature needs its key", at: fields.place(of: "signature"),
      fix: "add secret: {secret: <name>} to 'signature', or 'secret' to each endpoint")
  }
}

extension WebhookSpec.Signature {
  private static let names: FieldNames = {
    var names = FieldNames("signature", ["scheme", "secret", "header", "timestamp_header"])
    names.answers = ["secret_file": "specs name no files; write secret: {secret: <name>}"]
    return names
  }()

  fileprivate init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading) else { return nil }
    let scheme = fields["scheme"].map { reading.choice($0, Scheme.self, "a scheme of signatures") } ?? .standard
    guard let scheme else { return nil }
    self.init(scheme, secret: fields["secret"].flatMap { reading.secret($0, "a signing key") })
    header = fields["header"].flatMap { Self.headerName($0, &reading) }
    timestampHeader = fields["timestamp_header"].flatMap { Self.headerName($0, &reading) }
    if header != nil, scheme == .standard {
      reading.warning(
        .noEffect, "the scheme 'standard' has headers of its own", at: fields.place(of: "header"), fix: "remove it")
    }
    if timestampHeader != nil, scheme != .grafana {
      reading.warning(
        .noEffect, "only the scheme 'grafana' has a header for the time", at: fields.place(of: "timestamp_header"),
        fix: "remove it")
    }
  }

  private static func headerName(_ node: YAMLNode, _ reading: inout Reading) -> String? {
    guard let name = reading.word(node, "the name of a header") else { return nil }
    let marks = Set("-_".utf8)
    let isName = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: marks.contains(byte)
      }
    }
    guard isName else {
      reading.error(
        .wrongType, "'\(Wording.short(name))' can't be the name of a header", at: node.range,
        fix: "use letters, digits and '-'")
      return nil
    }
    return name
  }
}

extension Reading {
  /// Reports what can't be read in a template over a notification.
  fileprivate mutating func checkTemplate(_ node: YAMLNode, named name: String) {
    guard let text = node.text, Template.hasActions(text) else { return }
    checkNotificationTemplate(node, text, named: name)
  }
}
