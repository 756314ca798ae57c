import Model
import TestKit
import Testing
import Transport

@Suite(.enabled(if: Installed.openssl && Installed.aiosmtpd, "needs openssl and python3 with aiosmtpd"))
struct `Mail over libcurl` {
  let transport: CurlTransport

  init() throws {
    transport = try CurlTransport(version: "1")
  }

  private static let message = "Subject: DiskFull\r\n\r\nfirst\r\n.\r\n..two\r\n.three\r\nlast"

  /// A server and a mail for it that it takes; `settings` are words for ``smtpServer``.
  private func start(
    _ security: MailSubmission.Security, _ settings: String..., as user: (String, String)? = nil
  ) async throws -> (Peer, MailSubmission) {
    let certificates = try await Certificates.shared()
    let files = [certificates.serverCertificate, certificates.serverKey]
    let peer = try Peer(["python3", "-c", smtpServer] + files + [security.rawValue] + settings)
    let mail = MailSubmission(
      host: "localhost", port: try await peer.port(), security: security, hello: "alerts.example.com",
      username: user?.0, password: user.map { Secret($0.1) }, sender: "alerts@example.com",
      recipients: ["ana@example.com", "ben@example.com"], message: Array(Self.message.utf8),
      options: ConnectionOptions(caFile: certificates.authority))
    return (peer, mail)
  }

  private func failure(of mail: MailSubmission) async -> MailError? {
    do throws(MailError) {
      _ = try await transport.submit(mail)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    (MailSubmission.Security.startTLS, "PLAIN"), (.startTLS, "LOGIN"), (.startTLS, "CRAM-MD5"),
    (.implicitTLS, "PLAIN"), (.none, "LOGIN"), (.none, ""),
  ])
  func `is handed over, logged in as the server offers`(
    security: MailSubmission.Security, mechanism: String
  ) async throws {
    let user = mechanism.isEmpty ? nil : ("alert@example.com", "s3cr3t")
    let (peer, mail) = try await start(security, "only=\(mechanism)", as: user)
    #expect(try await transport.submit(mail) == "2.0.0 queued as 4711")
    #expect(try await peer.line(1) == "hello alerts.example.com")
    #expect(try await peer.line(2) == (mechanism.isEmpty ? "nobody" : "alert@example.com by \(mechanism)"))
    #expect(try await peer.line(3) == "from alerts@example.com to ana@example.com,ben@example.com")
    let body = Self.message.replacing("\r\n", with: "\\r\\n") + "\\r\\n"
    #expect(try await peer.line(4) == "b'\(body)'")
  }

  @Test func `goes one by one to a server over connections of their own`() async throws {
    let (peer, mail) = try await start(.startTLS, "only=PLAIN", as: ("alert@example.com", "s3cr3t"))
    for _ in 0..<3 { #expect(try await transport.submit(mail) == "2.0.0 queued as 4711") }
    var other = mail
    other.password = Secret("wrong")
    #expect(await failure(of: other) == .refused(code: 535, "5.7.8 Authentication credentials invalid"))
    _ = try await peer.line(3 * 4)
    #expect(peer.lines.count == 1 + 3 * 4)
  }

  @Test(.timeLimit(.minutes(1))) func `a server that takes no leave holds nobody up`() async throws {
    let (peer, mail) = try await start(.startTLS, "hangs")
    let (plainPeer, plainMail) = try await start(.none, "hangs")
    for var mail in [mail, plainMail] {
      mail.options.timeout = .seconds(3600)
      #expect(try await transport.submit(mail) == "2.0.0 queued as 4711")
    }
    withExtendedLifetime((peer, plainPeer)) {}
  }

  @Test func `a server that says goodbye before it is asked is still heard`() async throws {
    let (peer, mail) = try await start(.none, "hasty")
    #expect(try await transport.submit(mail) == "2.0.0 queued as 4711")
    var asked = mail
    asked.recipients = ["gone@example.com"]
    #expect(await failure(of: asked) == .refused(code: 550, "5.1.1 no such mailbox here"))
    withExtendedLifetime(peer) {}
  }

  @Test func `credentials need a server that offers a login`() async throws {
    let (peer, mail) = try await start(.none, "tls-only", as: ("alert@example.com", "s3cr3t"))
    let error = await failure(of: mail)
    guard case .transport(.unsendable(let reason))? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.hasPrefix("the mail server offers no login, but a user name is set; "))
    #expect(peer.lines.count == 1)
  }

  @Test func `a login that is spoken by neither side is named`() async throws {
    let (peer, mail) = try await start(.startTLS, "only=XOTHER", as: ("alert@example.com", "s3cr3t"))
    let reason =
      "'localhost:\(mail.port)' offers no way to log in that is spoken here; PLAIN, LOGIN and CRAM-MD5 are"
    #expect(await failure(of: mail) == .transport(.unsendable(reason)))
    withExtendedLifetime(peer) {}
  }

  @Test func `STARTTLS is no option but a must`() async throws {
    let (peer, mail) = try await start(.none)
    var asked = mail
    asked.security = .startTLS
    let reason = "'localhost:\(mail.port)' offers no STARTTLS; use implicit TLS if the server has a port for it"
    #expect(await failure(of: asked) == .transport(.untrusted(reason)))
    #expect(peer.lines.count == 1)
  }

  @Test func `a certificate nobody knows is untrusted`() async throws {
    let (peer, mail) = try await start(.startTLS, as: ("alert@example.com", "s3cr3t"))
    var asked = mail
    asked.options.caFile = nil
    guard case .transport(.untrusted)? = await failure(of: asked) else {
      Issue.record("trusted")
      return
    }
    #expect(peer.lines.count == 1)
  }

  @Test(arguments: [
    ("full@example.com", 452, "4.2.2 mailbox full"), ("gone@example.com", 550, "5.1.1 no such mailbox here"),
  ])
  func `a recipient that is refused comes with the server's words`(
    recipient: String, code: Int, text: String
  ) async throws {
    let (peer, mail) = try await start(.none)
    var asked = mail
    asked.recipients = ["ana@example.com", recipient]
    #expect(await failure(of: asked) == .refused(code: code, text))
    asked.recipients = ["ana@example.com"]
    asked.sender = "blocked@example.com"
    #expect(await failure(of: asked) == .refused(code: 554, "5.7.1 sender blocked"))
    withExtendedLifetime(peer) {}
  }

  @Test func `a mail that is refused at its end is refused`() async throws {
    let (peer, mail) = try await start(.none, "spam")
    #expect(await failure(of: mail) == .refused(code: 554, "5.7.1 looks like spam"))
    withExtendedLifetime(peer) {}
  }

  @Test func `a server that says nothing has timed out, and can be cancelled`() async throws {
    let server = try LoopbackHTTPServer { _ in .init(delivery: .silent) }
    var mail = MailSubmission(
      host: "127.0.0.1", port: server.port, security: .none, hello: "a", sender: "a@example.com",
      recipients: ["b@example.com"], message: [], options: ConnectionOptions(timeout: .milliseconds(100)))
    #expect(await failure(of: mail) == .transport(.timedOut(requestWasSent: false)))
    mail.options.timeout = .seconds(3600)
    let task = Task { [mail] in await failure(of: mail) }
    while server.openConnections == 0 { await Task.yield() }
    task.cancel()
    #expect(await task.value == .transport(.cancelled))
  }

  @Test func `nobody there is unreachable, and policy is policy`() async throws {
    let server = try LoopbackHTTPServer { _ in .init() }
    server.stop()
    var mail = MailSubmission(
      host: "127.0.0.1", port: server.port, security: .none, hello: "a", sender: "a@example.com",
      recipients: ["b@example.com"], message: [])
    guard case .transport(.unreachable)? = await failure(of: mail) else {
      Issue.record("reachable")
      return
    }
    mail.options.egress.denyLoopback = true
    let reason = "'127.0.0.1' is loopback, which the egress policy of this installation denies"
    #expect(await failure(of: mail) == .transport(.refusedByPolicy(reason)))
    mail.host = "192.0.2.1"
    mail.username = "u"
    guard case .transport(.unsendable(let text))? = await failure(of: mail) else {
      Issue.record("sent in the clear")
      return
    }
    #expect(text.hasPrefix("a password is sent only over TLS, and '192.0.2.1' isn't loopback"))
  }
}

private let smtpServer = """
  import asyncio, hashlib, hmac, os, ssl, sys, threading
  from aiosmtpd.smtp import SMTP, AuthResult, MISSING
  certificate, key, security, *settings = sys.argv[1:]
  only = [word[5:] for word in settings if word.startswith("only=")]
  context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
  context.load_cert_chain(certificate, key)
  def judge(server, session, envelope, mechanism, data):
      session.by = mechanism
      if (data.login, data.password) == (b"alert@example.com", b"s3cr3t"):
          session.who = data.login.decode()
          return AuthResult(success=True)
      return AuthResult(success=False, handled=False)
  goodbye = "\\r\\n221 bye" if "hasty" in settings else ""
  class Handler:
      async def auth_CRAM__MD5(self, server, arguments):
          challenge = b"<1896.697170952@example.com>"
          answer = await server.challenge_auth(challenge)
          if answer is MISSING: return AuthResult(success=False, handled=False)
          user, digest = answer.rsplit(b" ", 1)
          right = hmac.new(b"s3cr3t", challenge, hashlib.md5).hexdigest().encode()
          server.session.by, server.session.who = "CRAM-MD5", user.decode()
          return AuthResult(success=digest == right, handled=False, auth_data=user)
      async def auth_XOTHER(self, server, arguments):
          return AuthResult(success=False, handled=False)
      async def handle_MAIL(self, server, session, envelope, address, options):
          if address.startswith("blocked"): return "554 5.7.1 sender blocked"
          envelope.mail_from = address
          return "250 ok"
      async def handle_RCPT(self, server, session, envelope, address, options):
          if address.startswith("full"): return "452 4.2.2 mailbox full"
          if address.startswith("gone"): return "550-5.1.1 no such\\r\\n550 mailbox here" + goodbye
          envelope.rcpt_tos.append(address)
          return "250 ok"
      async def handle_DATA(self, server, session, envelope):
          if "spam" in settings: return "554 5.7.1 looks like spam"
          print("hello", session.host_name)
          print(f"{session.who} by {session.by}" if hasattr(session, "who") else "nobody")
          print("from", envelope.mail_from, "to", ",".join(envelope.rcpt_tos))
          print(envelope.original_content, flush=True)
          return "250 2.0.0 queued as 4711" + goodbye
      async def handle_QUIT(self, server, session, envelope):
          if "hangs" in settings: await asyncio.sleep(3600)
          return "221 bye"
  async def main():
      loop = asyncio.get_running_loop()
      def make():
          return SMTP(
              Handler(), loop=loop, hostname="mx.example.com", authenticator=judge,
              tls_context=context if security == "startTLS" else None,
              auth_require_tls=security == "startTLS" or "tls-only" in settings,
              auth_exclude_mechanism=[
                  name for name in ("PLAIN", "LOGIN", "CRAM-MD5", "XOTHER")
                  if name not in (only or ["PLAIN", "LOGIN"])])
      server = await loop.create_server(
          make, "127.0.0.1", 0, ssl=context if security == "implicitTLS" else None)
      print(server.sockets[0].getsockname()[1], flush=True)
      await asyncio.Event().wait()
  threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
  asyncio.run(main())
  """
