import Diagnostics
import Model
import YAML

extension HTTPSettings {
  /// The fields that an endpoint has besides its own.
  static let fieldNames = ["basic_auth", "authorization", "bearer_token", "tls_config", "proxy_url", "headers"]

  /// What is said about fields that other software has here.
  static let answers = [
    "bearer_token_file": "specs name no files; write bearer_token: {secret: <name>}",
    "http_config": "write its fields here, beside 'url'",
    "http_headers": "write 'headers' as name: value",
    "url_file": "specs name no files; write url: {secret: <name>}",
    "username": "write it under 'basic_auth'",
    "password": "write it under 'basic_auth', as {secret: <name>}",
    "token": "write bearer_token: {secret: <name>}",
  ]

  init(_ fields: Fields, _ reading: inout Reading) {
    self.init()
    readCredentials(fields, &reading)
    if let node = fields["tls_config"] { readTLS(node, &reading) }
    proxy = fields["proxy_url"].flatMap { reading.plainAddress($0) }
    headers = fields["headers"].map { reading.headers($0) } ?? []
  }

  private mutating func readCredentials(_ fields: Fields, _ reading: inout Reading) {
    if let node = fields["basic_auth"], let basic = Fields(node, Self.basicNames, &reading) {
      basicUsername = basic.required("username", &reading).flatMap { reading.word($0, "a user name") }
      basicPassword = basic.required("password", &reading).flatMap { reading.secret($0, "a password") }
    }
    bearerToken = fields["bearer_token"].flatMap { reading.secret($0, "a token") }
    if let node = fields["authorization"], let bearer = Fields(node, Self.authorizationNames, &reading) {
      if let node = bearer["type"], let type = reading.text(node, "a type"), type.lowercased() != "bearer" {
        reading.error(
          .unknownValue, "'\(Wording.short(type))' is not a type of authorization", at: node.range, fix: "write Bearer")
      }
      bearerToken = bearer.required("credentials", &reading).flatMap { reading.secret($0, "a token") }
    }
    let used = ["basic_auth", "authorization", "bearer_token"].filter { fields[$0] != nil }
    guard used.count > 1, let last = used.last else { return }
    reading.error(
      .conflictingFields, "\(Wording.choice(used)) exclude each other", at: fields.place(of: last), fix: "keep one")
  }

  private mutating func readTLS(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.tlsNames, &reading) else { return }
    ca = fields["ca"].flatMap { reading.secret($0, "a certificate") }
    clientCertificate = fields["cert"].flatMap { reading.secret($0, "a certificate") }
    clientKey = fields["key"].flatMap { reading.secret($0, "a key") }
    insecureSkipVerify = fields["insecure_skip_verify"].flatMap { reading.boolean($0) } ?? false
    if (fields["cert"] == nil) != (fields["key"] == nil) {
      reading.error(
        .missingField, "a client certificate needs 'cert' and 'key'",
        at: fields.place(of: fields["cert"] == nil ? "key" : "cert"), fix: "give both, or neither")
    }
  }

  private static let basicNames: FieldNames = {
    var names = FieldNames("basic_auth", ["username", "password"])
    names.answers = ["password_file": "specs name no files; write password: {secret: <name>}"]
    return names
  }()

  private static let authorizationNames: FieldNames = {
    var names = FieldNames("authorization", ["type", "credentials"])
    names.answers = ["credentials_file": "specs name no files; write credentials: {secret: <name>}"]
    return names
  }()

  static let tlsNames: FieldNames = {
    var names = FieldNames("tls_config", ["ca", "cert", "key", "insecure_skip_verify"])
    names.answers = [
      "ca_file": "specs name no files; write ca: {secret: <name>}",
      "cert_file": "specs name no files; write cert: {secret: <name>}",
      "key_file": "specs name no files; write key: {secret: <name>}",
    ]
    return names
  }()
}
