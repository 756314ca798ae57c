import Diagnostics
import Model
import YAML

extension EmailSpec {
  static let fieldNames = [
    "to", "from", "smarthost", "hello", "require_tls", "force_implicit_tls", "auth_username", "auth_password",
    "tls_config", "headers", "threading",
  ]

  private static let names: FieldNames = {
    var names = FieldNames("email", fieldNames)
    names.later = ["auth_identity"]
    names.answers = [
      "auth_password_file": "specs name no files; write auth_password: {secret: <name>}",
      "auth_secret": "write auth_password: {secret: <name>}; it serves for CRAM-MD5 as well",
      "auth_secret_file": "specs name no files; write auth_password: {secret: <name>}",
      "html": "write template: {html: …} beside 'email'",
      "text": "write template: {text: …} beside 'email'",
      "subject": "write template: {title: …} beside 'email'",
      "send_resolved": "write it beside 'email'",
    ]
    return names
  }()

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading) else { return nil }
    let to = fields.required("to", &reading).map { Self.recipients($0, &reading) }
    let from = fields.required("from", &reading).flatMap { Self.sender($0, &reading) }
    let server = fields.required("smarthost", &reading).flatMap { reading.hostAndPort($0) }
    guard let to, !to.isEmpty, let from, let server else { return nil }
    let security = Self.security(fields, port: server.port, &reading)
    self.init(to: to, from: from, host: server.host, port: server.port, security: security)
    hello = fields["hello"].flatMap { Self.hostName($0, &reading) } ?? "localhost"
    username = fields["auth_username"].flatMap { reading.word($0, "a user name") }
    password = fields["auth_password"].flatMap { reading.secret($0, "a password") }
    headers = fields["headers"].map { Self.headers($0, &reading) } ?? []
    if let node = fields["threading"] { threading = Self.threading(node, &reading) }
    if let node = fields["tls_config"] { readTLS(node, &reading) }
    checkCredentials(fields, &reading)
  }

  // MARK: Addresses

  /// A list of addresses, or one text with commas, as Alertmanager has it.
  private static func recipients(_ node: YAMLNode, _ reading: inout Reading) -> [String] {
    if let text = node.text {
      return pieces(of: text).compactMap { address($0, at: node.range, &reading) }
    }
    let recipients = reading.items(node, "mail addresses").compactMap { item in
      reading.word(item, "a mail address").flatMap { address($0, at: item.range, &reading) }
    }
    if node.items?.isEmpty ?? false {
      reading.error(.missingField, "'to' names nobody", at: node.range, fix: "add a mail address")
    }
    return recipients
  }

  private static func sender(_ node: YAMLNode, _ reading: inout Reading) -> String? {
    reading.word(node, "a mail address").flatMap { address($0, at: node.range, &reading) }
  }

  /// `address`, or `name <address>`; the name may stand in quotes.
  private static func address(_ text: String, at range: SourceRange, _ reading: inout Reading) -> String? {
    var bare = text
    if text.utf8.last == UInt8(ascii: ">"), let bracket = text.utf8.lastIndex(of: UInt8(ascii: "<")) {
      bare = String(text[text.utf8.index(after: bracket)...].dropLast())
      guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else {
        reading.error(
          .malformedAddress, "the name of '\(Wording.short(bare))' holds a control character", at: range,
          fix: "write it in one line of printable characters")
        return nil
      }
    }
    guard reading.mailAddress(bare, at: range) != nil else { return nil }
    guard bare.utf8.allSatisfy({ $0 < 0x80 }), bare.utf8.count <= 254 else {
      reading.error(
        .malformedAddress, "'\(Wording.short(bare))' is an address that few mail servers take", at: range,
        fix: "write it in ASCII, the domain as 'xn--…', and at most 254 bytes long")
      return nil
    }
    return text
  }

  /// What stands between commas, those within quotes aside, without the blanks around it.
  private static func pieces(of text: String) -> [String] {
    var pieces = [""]
    var isQuoted = false
    for scalar in text.unicodeScalars {
      if scalar == "\"" { isQuoted.toggle() }
      if scalar == ",", !isQuoted {
        pieces.append("")
      } else {
        pieces[pieces.count - 1].unicodeScalars.append(scalar)
      }
    }
    return pieces.map { piece in
      let isBlank = { (scalar: Unicode.Scalar) in scalar == " " || scalar == "\n" || scalar == "\t" }
      let scalars = piece.unicodeScalars.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
      return String(String.UnicodeScalarView(scalars))
    }
  }

  /// What may be said in EHLO (RFC 5321 §4.1.1.1): a host's name or an address in brackets.
  private static func hostName(_ node: YAMLNode, _ reading: inout Reading) -> String? {
    guard let text = reading.word(node, "a host name") else { return nil }
    let isHost = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"):
        true
      default: false
      }
    }
    guard isHost else {
      reading.error(
        .malformedAddress, "'\(Wording.short(text))' is not a host name", at: node.range,
        fix: "write this machine's name, such as 'alerts.example.com'")
      return nil
    }
    return text
  }

  // MARK: Security

  private static func security(
    _ fields: Fields, port: Int, _ reading: inout Reading
  ) -> MailSubmission.Security {
    let requiresTLS = fields["require_tls"].flatMap { reading.boolean($0) } ?? true
    let isImplicit = fields["force_implicit_tls"].flatMap { reading.boolean($0) } ?? (port == 465)
    if isImplicit { return .implicitTLS }
    return requiresTLS ? .startTLS : .none
  }

  private mutating func readTLS(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, HTTPSettings.tlsNames, &reading) else { return }
    ca = fields["ca"].flatMap { reading.secret($0, "a certificate") }
    clientCertificate = fields["cert"].flatMap { reading.secret($0, "a certificate") }
    clientKey = fields["key"].flatMap { reading.secret($0, "a key") }
    insecureSkipVerify = fields["insecure_skip_verify"].flatMap { reading.boolean($0) } ?? false
    if (fields["cert"] == nil) != (fields["key"] == nil) {
      reading.error(
        .missingField, "a client certificate needs 'cert' and 'key'",
        at: fields.place(of: fields["cert"] == nil ? "key" : "cert"), fix: "give both, or neither")
    }
    if security == .none {
      reading.warning(
        .noEffect, "'tls_config' is never used: 'require_tls' is false", at: node.range,
        fix: "remove one of them")
    }
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

  // MARK: The mail

  /// Headers that decide how the mail is read or who gets it.
  private static let fixedHeaders: Set = [
    "mime-version", "content-type", "content-transfer-encoding", "bcc", "resent-bcc", "message-id",
  ]

  private static func headers(_ node: YAMLNode, _ reading: inout Reading) -> [Label] {
    var seen: Set<String> = []
    return reading.headers(node).filter { header in
      let range = node.entry(header.name)?.key.range ?? node.range
      guard seen.insert(header.name.lowercased()).inserted else {
        reading.error(
          .duplicateItem, "the header '\(header.name)' is written twice", at: range, fix: "keep one of them")
        return false
      }
      if fixedHeaders.contains(header.name.lowercased()) {
        reading.warning(
          .noEffect, "the header '\(header.name)' can't be set", at: range,
          fix: header.name.lowercased() == "bcc" ? "write another recipient in 'to'" : "remove it")
        return false
      }
      if header.value.contains("{{") {
        reading.warning(
          .noEffect, "templates are not expanded in headers", at: range,
          fix: "write template: {title: …} beside 'email' for the subject; other headers are fixed texts")
      }
      return true
    }
  }

  private static let threadingNames: FieldNames = {
    var names = FieldNames("threading", ["enabled", "thread_by_date"])
    names.answers = ["by_date": "write thread_by_date, as Alertmanager does"]
    return names
  }()

  private enum ThreadByDate: String, CaseIterable {
    case none, daily
  }

  /// Alertmanager's words: `enabled`, and `thread_by_date` of `none` or `daily`.
  private static func threading(_ node: YAMLNode, _ reading: inout Reading) -> Threading {
    guard let fields = Fields(node, threadingNames, &reading) else { return .none }
    let isEnabled = fields["enabled"].flatMap { reading.boolean($0) } ?? true
    let byDate = fields["thread_by_date"].flatMap { reading.choice($0, ThreadByDate.self, "a way to divide threads") }
    guard isEnabled else { return .off }
    return byDate == .daily ? .daily : .none
  }
}
