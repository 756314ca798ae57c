import Diagnostics
import YAML

extension ChannelMaker {
  mutating func email(_ work: inout IntegrationWork) -> [SpecField]? {
    guard let to = work.fields.take("to")?.text else {
      reader.error("missing-field", "the email has no 'to'", at: work.fields.section.place(of: "to"))
      return nil
    }
    guard let smarthost = mailText(&work, "smarthost"), let from = mailText(&work, "from") else { return nil }
    for text in [to, from, smarthost] where text.isTemplate {
      work.missing = "an address in it is a template"
    }
    var fields = [SpecField("to", to), SpecField("from", from), SpecField("smarthost", smarthost)]
    if let hello = (work.fields.take("hello") ?? global.take("smtp_hello"))?.text {
      fields.append(SpecField("hello", hello))
    }
    let username = (work.fields.take("auth_username") ?? global.take("smtp_auth_username"))?.text
    let password = mailPassword(&work)
    if let username, let password {
      fields += [SpecField("auth_username", username), SpecField("auth_password", secret: password)]
    }
    if let identity = work.fields.take("auth_identity") ?? global.take("smtp_auth_identity"), identity.text != nil {
      reader.warning(.notCarried, "the identity of the login is not carried over", at: identity.place)
    }
    fields += security(&work, hasLogin: username != nil && password != nil, host: smarthost)
    headers(&work, &fields)
    template(&work, "html", as: "html")
    template(&work, "text", as: "text")
    if let threading = work.fields.take("threading") {
      fields.append(SpecField("threading", SpecValue(copying: threading.node)))
    } else {
      // Alertmanager's mails stand alone unless it is told otherwise.
      fields.append(SpecField("threading", .map([SpecField("enabled", false)])))
    }
    return fields
  }

  private mutating func mailText(_ work: inout IntegrationWork, _ name: String) -> String? {
    if let text = (work.fields.take(name) ?? global.take("smtp_" + name))?.text { return text }
    reader.error(
      "missing-field", "the email has no '\(name)', and 'global' no 'smtp_\(name)'",
      at: work.fields.section.place(of: name), fix: "add one of them")
    return nil
  }

  /// One secret serves for PLAIN, LOGIN and CRAM-MD5.
  private mutating func mailPassword(_ work: inout IntegrationWork) -> String? {
    reader.checkFiles(work.fields.section, ["auth_password", "auth_secret"])
    let ownNames = ["auth_password", "auth_password_file", "auth_secret", "auth_secret_file"]
    let hasOwn = ownNames.contains { work.fields.section[$0] != nil }
    for name in ["auth_password", "auth_secret"] {
      let globalName = hasOwn ? nil : "smtp_" + name
      if let found = secret(&work, name, global: globalName, word: "password", required: false) {
        // Of a password and a secret for CRAM-MD5 the password is kept.
        _ = ownNames.map { work.fields.take($0) }
        return found.name
      }
    }
    return nil
  }

  private mutating func security(_ work: inout IntegrationWork, hasLogin: Bool, host: String) -> [SpecField] {
    var fields: [SpecField] = []
    let required = work.fields.take("require_tls") ?? global.take("smtp_require_tls")
    var requiresTLS = reader.boolean(required?.node) ?? true
    let name = host.prefix { $0 != ":" }
    if let required, !requiresTLS, hasLogin, name != "localhost", !name.hasPrefix("127.") {
      reader.error(
        .worksOtherwise, "Belfry sends a login only over TLS; 'require_tls' is true in the channel '\(work.channel)'",
        at: required.place, fix: "let the mail server offer STARTTLS, or send without a login")
      requiresTLS = true
    }
    fields.append(SpecField("require_tls", requiresTLS))
    let implicit = work.fields.take("force_implicit_tls") ?? global.take("smtp_force_implicit_tls")
    if let implicit, let flag = reader.boolean(implicit.node) { fields.append(SpecField("force_implicit_tls", flag)) }
    if let tls = work.fields.take("tls_config") ?? global.take("smtp_tls_config") { fields += self.tls(tls, work) }
    return fields
  }

  private mutating func headers(_ work: inout IntegrationWork, _ fields: inout [SpecField]) {
    guard let headers = work.fields.take("headers") else { return }
    var kept: [SpecField] = []
    for entry in headers.node.entries ?? [] {
      guard let text = entry.value.text, !text.isEmpty else { continue }
      if entry.name.lowercased() == "subject" {
        work.template.insert(SpecField("title", text), at: 0)
      } else if text.isTemplate || entry.name.looksLikeCredential {
        let why = text.isTemplate ? "is a template, and a text in Belfry" : "may hold a credential"
        reader.warning(
          .notCarried, "the header '\(entry.name.shortened)' \(why); it is left out",
          at: entry.key.range)
      } else {
        kept.append(SpecField(entry.name, text))
      }
    }
    if !kept.isEmpty { fields.append(SpecField("headers", .map(kept))) }
  }
}
