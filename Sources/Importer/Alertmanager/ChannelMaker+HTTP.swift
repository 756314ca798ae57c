import Diagnostics
import YAML

extension ChannelMaker {
  private static let httpNames = [
    "basic_auth", "authorization", "oauth2", "bearer_token", "bearer_token_file", "tls_config", "proxy_url",
    "no_proxy", "proxy_from_environment", "proxy_connect_header", "follow_redirects", "enable_http2", "http_headers",
  ]
  private static let tlsNames = [
    "ca", "ca_file", "ca_ref", "cert", "cert_file", "cert_ref", "key", "key_file", "key_ref", "server_name",
    "insecure_skip_verify", "min_version", "max_version",
  ]

  /// What of `http_config` a channel takes: the integration's own, else the global one, never both mixed.
  mutating func http(_ work: inout IntegrationWork, logins: Bool = true) -> [SpecField] {
    let own = work.fields.take("http_config")
    guard let value = own ?? global.take("http_config") else { return [] }
    var config = TakenFields(reader.section(value.node, "'http_config'", Self.httpNames))
    var fields: [SpecField] = []
    if logins { fields += login(&config, work) }
    if let tls = config.take("tls_config") { fields += self.tls(tls, work) }
    if let proxy = config.take("proxy_url"), let text = proxy.text { fields += self.proxy(text, at: proxy.place) }
    if let headers = config.take("http_headers") { fields += self.headers(headers, work) }
    // Belfry never follows a redirect to another host, and chooses the version of HTTP itself.
    _ = (config.take("follow_redirects"), config.take("enable_http2"))
    if !config.left.isEmpty {
      let left = config.left.map { "'\($0)'" }.joined(separator: ", ")
      reader.error(
        .notCarried, "\(left) of 'http_config' not carried over, so the channel '\(work.channel)' may be refused",
        at: value.place, fix: "find another way to log in there, or put a proxy that does it before it")
    }
    return fields
  }

  private mutating func login(_ config: inout TakenFields, _ work: IntegrationWork) -> [SpecField] {
    if let basic = config.take("basic_auth") {
      var fields = TakenFields(
        reader.section(
          basic.node, "'basic_auth'",
          ["username", "username_file", "username_ref", "password", "password_file", "password_ref"]))
      let username = fields.take("username")?.text
      let password = secret(&fields, "password", work, what: "the password of 'basic_auth'")
      if let username, let password {
        return [
          SpecField("basic_auth", .map([SpecField("username", username), SpecField("password", secret: password)]))
        ]
      }
      reader.error(
        .notCarried, "'basic_auth' has no plain username and password; it is not carried over", at: basic.place)
    }
    if let authorization = config.take("authorization") {
      var fields = TakenFields(
        reader.section(
          authorization.node, "'authorization'", ["type", "credentials", "credentials_file", "credentials_ref"]))
      let type = fields.take("type")?.text ?? "Bearer"
      guard type.lowercased() == "bearer" else {
        reader.error(
          .notCarried, "'authorization' of another type than Bearer is not carried over", at: authorization.place)
        return []
      }
      if let name = secret(&fields, "credentials", work, what: "the token of 'authorization'") {
        return [SpecField("bearer_token", secret: name)]
      }
    }
    if let name = secret(&config, "bearer_token", work, what: "the value of 'bearer_token'") {
      return [SpecField("bearer_token", secret: name)]
    }
    return []
  }

  private mutating func secret(
    _ fields: inout TakenFields, _ name: String, _ work: IntegrationWork, what: String
  ) -> String? {
    let word = name == "password" ? "password" : "token"
    reader.checkFiles(fields.section, [name])
    let file = fields.take(name + "_file")
    if let value = fields.take(name), let text = value.text {
      return secrets.name(.value(text), word, of: work.channel, what: what, place: reader.place(value.place))
    }
    guard let file, let path = file.text else { return nil }
    return secrets.name(
      .file(path), word, of: work.channel, what: "the content of the file", place: reader.place(file.place))
  }

  /// `tls_config` with its certificates as secrets.
  mutating func tls(_ value: YAMLValue, _ work: IntegrationWork) -> [SpecField] {
    var config = TakenFields(reader.section(value.node, "'tls_config'", Self.tlsNames))
    var fields: [SpecField] = []
    for name in ["ca", "cert", "key"] {
      let file = config.take(name + "_file")
      if let inline = config.take(name), let text = inline.text {
        let secret = secrets.name(
          .value(text), name, of: work.channel, what: "the value of '\(name)'", place: reader.place(inline.place))
        fields.append(SpecField(name, secret: secret))
      } else if let file, let path = file.text {
        let secret = secrets.name(
          .file(path), name, of: work.channel, what: "the content of the file", place: reader.place(file.place))
        fields.append(SpecField(name, secret: secret))
      }
    }
    if reader.boolean(config.take("insecure_skip_verify")?.node) ?? false {
      fields.append(SpecField("insecure_skip_verify", true))
    }
    if !config.left.isEmpty {
      let left = config.left.map { "'\($0)'" }.joined(separator: ", ")
      reader.error(
        .notCarried, "\(left) of 'tls_config' not carried over", at: value.place,
        fix: "name the server as its certificate does")
    }
    return fields.isEmpty ? [] : [SpecField("tls_config", .map(fields))]
  }

  private mutating func proxy(_ text: String, at place: SourceRange) -> [SpecField] {
    let isAddress = text.hasPrefix("http://") || text.hasPrefix("https://")
    let authority = text.drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != "/" }
    guard isAddress, !authority.contains("@"), !authority.isEmpty else {
      reader.error(
        .notCarried,
        isAddress
          ? "the proxy's address carries a login and is left out" : "the proxy is no http address and is left out",
        at: place, fix: "use a proxy that asks for no login")
      return []
    }
    return [SpecField("proxy_url", text)]
  }

  private mutating func headers(_ value: YAMLValue, _ work: IntegrationWork) -> [SpecField] {
    var fields: [SpecField] = []
    for entry in value.node.entries ?? [] {
      let section = reader.section(entry.value, "a header", ["values", "secrets", "files"])
      let isCredential = entry.name.looksLikeCredential
      let given = reader.words(section["values"], "values")
      let values = isCredential ? [] : given
      let secretValues = (isCredential ? given : []) + reader.words(section["secrets"], "values")
      if values.count == 1, secretValues.isEmpty, section["files"] == nil {
        fields.append(SpecField(entry.name, values[0]))
      } else if values.isEmpty, secretValues.count == 1, section["files"] == nil, work.kind == .webhook {
        let name = secrets.name(
          .value(secretValues[0]), entry.name, of: work.channel, what: "the header '\(entry.name)'",
          place: reader.place(entry.key.range))
        fields.append(SpecField(entry.name, secret: name))
      } else {
        reader.error(
          .notCarried, "the header '\(entry.name.shortened)' is not carried over", at: entry.key.range,
          fix: "write it with one value in the channel '\(work.channel)'")
      }
    }
    return fields.isEmpty ? [] : [SpecField("headers", .map(fields))]
  }
}

extension String {
  /// Whether a field or header of this name may hold a credential.
  var looksLikeCredential: Bool {
    let name = lowercased()
    return ["auth", "key", "token", "secret", "cookie", "passw", "credential", "signature"].contains {
      name.contains($0)
    }
  }
}
