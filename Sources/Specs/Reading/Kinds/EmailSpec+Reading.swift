import Diagnostics
import Model
import YAML

extension EmailSpec {
  static let fieldNames = [
    "to", "from", "smarthost", "hello", "require_tls", "force_implicit_tls", "auth_username", "auth_password",
    "tls_config", "headers",
  ]

  private static let names: FieldNames = {
    var names = FieldNames("email", fieldNames)
    names.later = ["html", "text", "threading", "auth_identity", "auth_secret"]
    names.answers = [
      "auth_password_file": "specs name no files; write auth_password: {secret: <name>}",
      "send_resolved": "write it beside 'email'",
    ]
    return names
  }()

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading) else { return nil }
    let to = fields.required("to", &reading).map { Self.recipients($0, &reading) }
    let from = fields.required("from", &reading).flatMap { reading.mailAddress($0) }
    let server = fields.required("smarthost", &reading).flatMap { reading.hostAndPort($0) }
    guard let to, !to.isEmpty, let from, let server else { return nil }
    let security = Self.security(fields, port: server.port, &reading)
    self.init(to: to, from: from, host: server.host, port: server.port, security: security)
    hello = fields["hello"].flatMap { reading.word($0, "a host name") } ?? "localhost"
    username = fields["auth_username"].flatMap { reading.word($0, "a user name") }
    password = fields["auth_password"].flatMap { reading.secret($0, "a password") }
    headers = fields["headers"].map { reading.headers($0) } ?? []
    if let node = fields["tls_config"], let tls = Fields(node, FieldNames("tls_config", ["ca"]), &reading) {
      ca = tls["ca"].flatMap { reading.secret($0, "a certificate") }
    }
    checkCredentials(fields, &reading)
  }

  /// A list of addresses, or one text with commas, as Alertmanager has it.
  private static func recipients(_ node: YAMLNode, _ reading: inout Reading) -> [String] {
    guard let text = node.text else {
      let recipients = reading.items(node, "mail addresses").compactMap { reading.mailAddress($0) }
      if node.items?.isEmpty ?? false {
        reading.error(.missingField, "'to' names nobody", at: node.range, fix: "add a mail address")
      }
      return recipients
    }
    return text.split(separator: ",", omittingEmptySubsequences: false).compactMap { piece in
      let address = piece.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
      return reading.mailAddress(String(address), at: node.range)
    }
  }

  private static func security(
    _ fields: Fields, port: Int, _ reading: inout Reading
  ) -> MailSubmission.Security {
    let requiresTLS = fields["require_tls"].flatMap { reading.boolean($0) } ?? true
    let isImplicit = fields["force_implicit_tls"].flatMap { reading.boolean($0) } ?? (port == 465)
    if isImplicit { return .implicitTLS }
    return requiresTLS ? .startTLS : .none
  }

  private func checkCredentials(_ fields: Fields, _ reading: inout Reading) {
    if (username == nil) != (password == nil), fields["auth_username"] == nil || fields["auth_password"] == nil {
      let missing = fields["auth_username"] == nil ? "auth_username" : "auth_password"
      reading.error(
        .missingField, "a login needs 'auth_username' and 'auth_password'", at: fields.range.firstLineStart,
        fix: "add '\(missing)'")
    }
    if username != nil, security == .none, !WebAddress.isLoopback(host) {
      reading.error(
        .credentialsWithoutTLS, "the login would go to '\(host)' in clear text", at: fields.place(of: "auth_username"),
        fix: "remove 'require_tls: false'")
    }
  }
}
