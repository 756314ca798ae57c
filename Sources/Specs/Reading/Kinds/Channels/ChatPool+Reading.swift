import Diagnostics
import Model
import YAML

extension EndpointPool {
  /// The fields of a pool whose requests nobody signs.
  static let unsignedFieldNames = fieldNames.filter { $0 != "secret" }
  /// The fields of an address that only one place has, such as a vendor's API.
  static let singleFieldNames = ["api_url", "timeout", "tls_config", "proxy_url", "headers"]

  /// What the chats answer to fields that Alertmanager has here.
  static func chatAnswers(_ kind: String) -> [String: String] {
    var answers = EndpointPool.answers
    answers["send_resolved"] = "write it beside '\(kind)'"
    answers["webhook_url"] = "write url: {secret: <name>}"
    answers["webhook_url_file"] = "specs name no files; write url: {secret: <name>}"
    answers["secret"] = "\(kind) checks no signatures; the address is what it knows us by"
    answers["title"] = "write it under 'template', beside '\(kind)'"
    for name in ["text", "message"] { answers[name] = "write template: {text: …} beside '\(kind)'" }
    return answers
  }

  /// As written under `kind`, whose requests nobody signs.
  init?(unsigned fields: Fields, _ reading: inout Reading, addressIsSecret: Bool) {
    self.init(fields, &reading, addressIsSecret: addressIsSecret)
    guard endpoints.contains(where: { $0.signingSecret != nil }), fields["endpoints"] != nil else { return }
    reading.error(
      .noEffect, "\(fields.names.owner) checks no signatures, so 'secret' does nothing",
      at: fields.place(of: "endpoints"), fix: "remove it")
  }

  /// The address of a vendor's API alone, from `api_url`, without a slash at its end.
  ///
  /// Credentials of HTTP have no place there: what speaks to such an API has a token of its own.
  init(api fields: Fields, standard: String, _ reading: inout Reading) {
    var url = fields["api_url"].flatMap { reading.plainAddress($0) } ?? standard
    while url.hasSuffix("/") { url.removeLast() }
    self.init([ChannelEndpoint(url: .plain(url))])
    http = HTTPSettings(fields, &reading)
    timeout = fields["timeout"].flatMap { reading.duration($0, allowsZero: false) } ?? .seconds(10)
  }
}

extension Reading {
  /// A text on one line, of at most `limit` characters.
  mutating func line(_ node: YAMLNode, _ what: String, limit: Int) -> String? {
    guard let text = word(node, what) else { return nil }
    if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) {
      error(
        .wrongType, "\(what) holds a line break or a control character", at: node.range, fix: "write it on one line")
      return nil
    }
    guard text.unicodeScalars.count <= limit else {
      error(.outOfRange, "\(what) has at most \(limit) characters", at: node.range)
      return nil
    }
    return text
  }
}
