import Diagnostics
import Model
import Specs
import Testing

@Suite struct `Reading an email channel` {
  private func email(_ fields: String) throws -> EmailSpec? {
    guard case .channel(let channel) = try readSpec(.channel, "email:\n" + fields),
      case .email(let email) = channel.destination
    else { return nil }
    return email
  }

  @Test func `takes all that Alertmanager's email_configs have here`() throws {
    let email = try #require(
      try email(
        """
          to: '"Öl, Bo" <bo@example.com>, ana@example.com'
          from: Belfry <alerts@example.com>
          smarthost: smtp.example.com:587
          hello: belfry.example.com
          auth_username: alerts
          auth_password: {secret: mail}
          tls_config: {ca: {secret: ca}, cert: {secret: cert}, key: {secret: key}, insecure_skip_verify: true}
          headers: {Reply-To: oncall@example.com}
          threading: {enabled: true, thread_by_date: daily}
        """))
    #expect(email.to == [#""Öl, Bo" <bo@example.com>"#, "ana@example.com"])
    #expect(email.from == "Belfry <alerts@example.com>")
    #expect(email.hello == "belfry.example.com")
    #expect(email.username == "alerts")
    #expect(email.password == "mail")
    #expect([email.ca, email.clientCertificate, email.clientKey] == ["ca", "cert", "key"])
    #expect(email.insecureSkipVerify)
    #expect(email.headers == [Label("Reply-To", "oncall@example.com")])
    #expect(email.threading == .daily)
  }

  @Test(arguments: [
    ("", EmailSpec.Threading.none), ("  threading: {enabled: false, thread_by_date: daily}", .off),
    ("  threading: {thread_by_date: none}", .none), ("  threading: {enabled: true}", .none),
  ])
  func `has one thread for each group unless told otherwise`(fields: String, threading: EmailSpec.Threading) throws {
    let email = try email("  to: a@example.com\n  from: b@example.com\n  smarthost: 'a:25'\n" + fields)
    #expect(email?.threading == threading)
  }

  private static let start = "email:\n  to: a@example.com\n  from: b@example.com\n  smarthost: 'a:587'\n"

  @Test(arguments: [
    Mistake(
      start + "  1️⃣html: x", "unknown-field", "email has no field 'html'"),
    Mistake(start + "  1️⃣auth_secret: x", "unknown-field", "email has no field 'auth_secret'"),
    Mistake(
      start + "  1️⃣auth_identity: x", "not-available", "'auth_identity' is not available in this version"),
    Mistake(
      start + "  threading: {thread_by_date: 1️⃣weekly}", "unknown-value", "'weekly' is not a way to divide threads"),
    Mistake(
      start + "  threading: {1️⃣by_date: daily}", "unknown-field", "threading has no field 'by_date'"),
    Mistake(
      start + "  headers: {1️⃣Content-Type: text/plain}", "no-effect", "the header 'Content-Type' can't be set"),
    Mistake(start + "  headers: {1️⃣Bcc: a@example.com}", "no-effect", "the header 'Bcc' can't be set"),
    Mistake(
      start + "  headers: {1️⃣Subject: '{{ .Status }}'}", "no-effect", "templates are not expanded in headers"),
    Mistake(
      start + "  headers: {X-A: b, 1️⃣x-a: c}", "duplicate-item", "the header 'x-a' is written twice"),
    Mistake(start + "  hello: 1️⃣'a b'", "malformed-address", "'a b' is not a host name"),
    Mistake(
      "email: {to: 1️⃣ana@exämple.com, from: b@example.com, smarthost: 'a:25'}", "malformed-address",
      "'ana@exämple.com' is an address that few mail servers take"),
    Mistake(
      "email: {to: 1️⃣'Ana <ana>', from: b@example.com, smarthost: 'a:25'}", "malformed-address",
      "'ana' is not a mail address"),
    Mistake("email: {to: 1️⃣[], from: b@example.com, smarthost: 'a:25'}", "missing-field", "'to' names nobody"),
    Mistake(
      start + "  tls_config: {1️⃣cert: {secret: c}}", "missing-field", "a client certificate needs 'cert' and 'key'"),
    Mistake(
      start + "  require_tls: false\n  tls_config: 1️⃣{ca: {secret: c}}", "no-effect",
      "'tls_config' is never used: 'require_tls' is false"),
  ])
  func `names the mistake and its place`(mistake: Mistake) {
    mistake.check(path: "tenants/shop/tenant.yaml") { document(.channel, $0) }
  }
}
