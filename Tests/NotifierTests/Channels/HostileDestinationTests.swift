import Glibc
import Model
import Notifier
import Specs
import TestKit
import Testing
import Transport

/// Channels whose destinations misbehave, over real sockets.
@Suite(.timeLimit(.minutes(2))) struct `A destination that misbehaves` {
  private let transport: CurlTransport

  init() throws {
    transport = try CurlTransport(version: "test")
  }

  private static let token = "s3cr3t-Tok3n-0123456789"

  /// Sends the usual message to a webhook at `url`, whose token is a secret.
  private func send(
    to url: String, egress: EgressPolicy = .open, _ change: (inout WebhookSpec) -> Void = { _ in }
  ) async -> Result<Receipt, DeliveryError> {
    var spec = WebhookSpec(pool: EndpointPool([ChannelEndpoint(url: .secret("url"))]))
    spec.pool.http.bearerToken = "token"
    spec.pool.timeout = .seconds(20)
    change(&spec)
    let secrets = FileSecrets(texts: ["url": url, "token": Self.token])
    let channels = Channels(
      secrets: secrets, egress: egress, clock: TestClock(now: start),
      nonce: { "0123456789abcdef0123456789abcdef" })
    let channel = channels.channel(oncall, ChannelSpec(destination: .webhook(spec)), style: MessageStyle())
    return await result(of: channel)
  }

  private func result(of channel: any Channel) async -> Result<Receipt, DeliveryError> {
    var outlet = Outlet(http: transport, mail: transport) { _ in }
    do throws(DeliveryError) {
      return .success(try await channel.send(SampleMessage.firing.post, through: &outlet))
    } catch {
      return .failure(error)
    }
  }

  // MARK: Answers

  @Test func `by answering yes with a no inside is heard`() async throws {
    let server = try LoopbackHTTPServer { _ in .json(#"{"status":"invalid event","message":"no such service"}"#) }
    let channel = PagerDutyChannel(
      PagerDutySpec(routingKey: "key", url: .plain(server.url)), context: context(secrets: ["key": "R0"]))
    #expect(await result(of: channel) == .failure(.rejected("answered 200: invalid event: no such service")))
    #expect(server.requests.map(\.target) == ["/v2/enqueue"])
  }

  @Test(arguments: [
    LoopbackAnswer(delivery: .dropped), LoopbackAnswer(body: "hello", delivery: .cut(afterBytes: 2)),
  ])
  func `by closing early may have taken it`(answer: LoopbackAnswer) async throws {
    let server = try LoopbackHTTPServer { _ in answer }
    guard case .failure(.ambiguous(let text)) = await send(to: server.url + "/hook") else {
      Issue.record("not ambiguous")
      return
    }
    #expect(text.hasPrefix("broke off before the answer was whole: the connection to '127.0.0.1:\(server.port)'"))
    #expect(server.requests.count == 1)
  }

  @Test func `by closing early is asked again where that does no harm`() async throws {
    let server = try LoopbackHTTPServer { _ in .init(delivery: .dropped) }
    let opsgenie = OpsgenieChannel(
      OpsgenieSpec(apiKey: "key", url: .plain(server.url)), context: context(secrets: ["key": "k"]))
    guard case .failure(.unreachable) = await result(of: opsgenie) else {
      Issue.record("not unreachable")
      return
    }
  }

  @Test(arguments: [301, 302, 303, 307, 308])
  func `by sending us elsewhere isn't followed`(status: Int) async throws {
    let other = try LoopbackHTTPServer { _ in .init() }
    let server = try LoopbackHTTPServer { _ in .init(status: status, headers: [Label("Location", other.url + "/x")]) }
    #expect(await send(to: server.url + "/hook") == .failure(.rejected("answered \(status)")))
    #expect(server.requests.first?.header("Authorization") == "Bearer " + Self.token)
    #expect(other.requests.isEmpty)
  }

  @Test(arguments: [true, false])
  func `by sending ten megabytes isn't listened to`(announced: Bool) async throws {
    let part = [UInt8](repeating: 65, count: 1 << 16)
    let server = try LoopbackHTTPServer { _ in
      .init(body: part, delivery: .repeating(total: 10 << 20, announced: announced))
    }
    #expect(await send(to: server.url + "/hook") == .success(Receipt(detail: "answered 200")))
  }

  @Test func `by never answering is given up`() async throws {
    let server = try LoopbackHTTPServer { _ in .init(delivery: .silent) }
    let result = await send(to: server.url + "/hook") { $0.pool.timeout = .milliseconds(200) }
    #expect(result == .failure(.ambiguous("no answer in time after it was sent")))
    let alertmanager = AlertmanagerSpec(pool: EndpointPool([ChannelEndpoint(url: .plain(server.url))]))
    var quick = alertmanager
    quick.pool.timeout = .milliseconds(200)
    #expect(
      await self.result(of: AlertmanagerChannel(quick, context: context()))
        == .failure(.unreachable("no answer in time after it was sent")))
  }

  @Test func `by repeating the request tells nobody its secrets`() async throws {
    let server = try LoopbackHTTPServer { request in
      .init(
        status: 400, body: "no: " + request.target + " " + (request.header("Authorization") ?? "") + " " + request.text)
    }
    guard case .failure(.rejected(let text)) = await send(to: server.url + "/hook/T0k3nInPath?key=K3yInQuery") else {
      Issue.record("not rejected")
      return
    }
    for secret in [Self.token, "T0k3nInPath", "K3yInQuery"] { #expect(!text.contains(secret), "\(text)") }
    #expect(text.hasPrefix("answered 400: no: ‹redacted›"))
  }

  @Test func `by a host of its choice isn't asked where policy forbids it`() async throws {
    let server = try LoopbackHTTPServer { _ in .init() }
    let policy = EgressPolicy(denyPrivate: true, denyLoopback: true)
    for host in ["127.0.0.1", "localhost"] {
      guard case .failure(.rejected(let text)) = await send(to: "http://\(host):\(server.port)/T0k3n", egress: policy)
      else {
        Issue.record("not rejected")
        return
      }
      #expect(text.hasPrefix("not allowed by the egress policy: ") && !text.contains("T0k3n"), "\(text)")
    }
    guard case .failure(.rejected) = await send(to: "http://169.254.169.254/latest/meta-data") else {
      Issue.record("not rejected")
      return
    }
    #expect(server.requests.isEmpty)
  }

  @Test func `by a secret of two lines gets no header of its own`() async throws {
    let server = try LoopbackHTTPServer { _ in .init() }
    var spec = WebhookSpec(pool: pool(server.url))
    spec.secretHeaders = [Label("X-Api-Key", "key")]
    let secrets = ["key": "one\r\nX-Injected: two"]
    let result = await result(of: WebhookChannel(spec, context: context(secrets: secrets)))
    #expect(
      result
        == .failure(
          .rejected("can't be sent: the value of header 'X-Api-Key' holds a line break or another control byte")))
    #expect(server.requests.isEmpty)
  }

  // MARK: Methods and proxies

  @Test(arguments: WebhookSpec.Method.allCases)
  func `or behaves gets what it is to get`(method: WebhookSpec.Method) async throws {
    let server = try LoopbackHTTPServer { _ in .init(status: 204) }
    let result = await send(to: server.url + "/hook?a=b") {
      $0.method = method
      $0.parameters = [Label("state", "{{ .Status }}")]
    }
    #expect(result == .success(Receipt(detail: "answered 204")))
    let request = try #require(server.requests.first)
    #expect(request.method == method.rawValue)
    #expect(request.target == "/hook?a=b&state=firing")
    #expect(request.body.isEmpty == !method.hasUsualBody)
    #expect(request.header("Content-Type") == (method.hasUsualBody ? "application/json" : nil))
  }

  @Test func `or not is reached by the proxy that is named`() async throws {
    let proxy = try LoopbackHTTPServer { _ in .init(status: 503, body: "proxy says no") }
    let result = await send(to: "http://hooks.invalid/x") { $0.pool.http.proxy = proxy.url }
    #expect(result == .failure(.unreachable("answered 503: proxy says no")))
    #expect(proxy.requests.map(\.target) == ["http://hooks.invalid/x"])
  }
}

// MARK: - Certificates

/// Secrets of which some are files.
private struct FileSecrets: SecretResolver {
  var texts: [String: String] = [:]
  var files: [String: String] = [:]

  func secret(_ name: String, for scope: Scope) throws(SecretError) -> Secret {
    guard let text = texts[name] else { throw .missing(name: name, scope: scope) }
    return Secret(text)
  }

  func file(_ name: String, for scope: Scope) throws(SecretError) -> String {
    guard let file = files[name] else { throw .missing(name: name, scope: scope) }
    return file
  }
}

private let env = "/usr/bin/env"

@Suite(
  .enabled(if: ["/usr/bin/openssl", env].allSatisfy(RealServer.isInstalled), "needs openssl"), .timeLimit(.minutes(2)))
struct `A destination whose certificate isn't good` {
  /// A server with the certificate that `word` names; gives it, its directory and its port.
  private func launch(_ word: String) async throws -> (RealServer, directory: String, port: Int) {
    var directory = ""
    let server = try RealServer(env, files: ["server.py": Self.program]) { place, address in
      directory = place
      return ["python3", place + "/server.py", place, address, word]
    }
    while access(directory + "/ready", F_OK) != 0 { try await ContinuousClock().sleep(for: .milliseconds(20)) }
    return (server, directory, Int(server.url.split(separator: ":").last ?? "") ?? 0)
  }

  private func send(to url: String, authority: String?) async throws -> Result<Receipt, DeliveryError> {
    let transport = try CurlTransport(version: "test")
    var spec = WebhookSpec(pool: pool(url))
    spec.pool.http.bearerToken = "token"
    if authority != nil { spec.pool.http.ca = "ca" }
    spec.pool.timeout = .seconds(20)
    let secrets = FileSecrets(texts: ["token": "s3cr3t"], files: authority.map { ["ca": $0] } ?? [:])
    let context = ChannelContext(
      id: oncall, style: MessageStyle(), secrets: secrets, clock: TestClock(now: start), nonce: { "" })
    var outlet = Outlet(http: transport, mail: transport) { _ in }
    do throws(DeliveryError) {
      return .success(
        try await WebhookChannel(spec, context: context).send(SampleMessage.firing.post, through: &outlet))
    } catch {
      return .failure(error)
    }
  }

  private func isNotTrusted(_ result: Result<Receipt, DeliveryError>, because reason: String = "") -> Bool {
    guard case .failure(.rejected(let text)) = result else { return false }
    return text.hasPrefix("not trusted: the certificate of '") && text.contains(reason)
  }

  @Test func `is told apart from one of an authority of our own`() async throws {
    let (server, directory, port) = try await launch("good")
    #expect(
      try await send(to: "https://localhost:\(port)/", authority: directory + "/ca.pem")
        == .success(Receipt(detail: "answered 200")))
    let unknown = try await send(to: "https://localhost:\(port)/", authority: nil)
    #expect(isNotTrusted(unknown), "\(unknown)")
    let wrongHost = try await send(to: "https://127.0.0.2:\(port)/", authority: directory + "/ca.pem")
    #expect(isNotTrusted(wrongHost), "\(wrongHost)")
    withExtendedLifetime(server) {}
  }

  @Test func `since its time is over gets nothing`() async throws {
    let (server, directory, port) = try await launch("expired")
    let result = try await send(to: "https://localhost:\(port)/", authority: directory + "/ca.pem")
    #expect(isNotTrusted(result, because: "expired"), "\(result)")
    withExtendedLifetime(server) {}
  }

  @Test func `since it speaks for itself gets nothing`() async throws {
    let (server, directory, port) = try await launch("own")
    let result = try await send(to: "https://localhost:\(port)/", authority: directory + "/ca.pem")
    #expect(isNotTrusted(result), "\(result)")
    withExtendedLifetime(server) {}
  }

  private static let program = """
    import http.server, os, ssl, subprocess, sys
    directory, address, word = sys.argv[1:]
    os.chdir(directory)
    def run(*arguments): subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    open("names", "w").write("subjectAltName=DNS:localhost,IP:127.0.0.1")
    run("openssl", "req", "-x509", *key, "-days", "2", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Authority")
    if word == "own":
        run("openssl", "req", "-x509", *key, "-days", "2", "-keyout", "key", "-out", "pem", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost")
    else:
        run("openssl", "req", *key, "-keyout", "key", "-out", "csr", "-subj", "/CN=localhost")
        run("openssl", "x509", "-req", "-in", "csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "2",
            "-days", "-1" if word == "expired" else "2", "-extfile", "names", "-out", "pem")
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
        def log_message(self, *arguments): pass
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("pem", "key")
    server = http.server.ThreadingHTTPServer(("0.0.0.0", int(address.split(":")[1])), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    open("ready", "w").close()
    server.serve_forever()
    """
}

// MARK: - Mail

@Suite(.timeLimit(.minutes(2))) struct `A mail server that misbehaves` {
  /// A server that behaves as `word` says.
  private func launch(_ word: String) async throws -> (RealServer, port: Int) {
    var directory = ""
    let server = try RealServer(env, files: ["server.py": Self.program]) { place, address in
      directory = place
      return ["python3", place + "/server.py", place, address, word]
    }
    while access(directory + "/ready", F_OK) != 0 { try await ContinuousClock().sleep(for: .milliseconds(20)) }
    return (server, Int(server.url.split(separator: ":").last ?? "") ?? 0)
  }

  private func send(to port: Int, user: String? = nil) async throws -> Result<Receipt, DeliveryError> {
    let transport = try CurlTransport(version: "test")
    var spec = EmailSpec(
      to: ["ana@example.com", "gone@example.com"], from: "belfry@example.com", host: "127.0.0.1", port: port,
      security: .none)
    spec.username = user
    spec.password = user == nil ? nil : "password"
    var outlet = Outlet(http: transport, mail: transport) { _ in }
    let channels = Channels(
      secrets: ScriptedSecrets(secrets: ["password": "Pl4nted-P4ssword"]), clock: TestClock(now: start), nonce: { "" })
    let channel = channels.channel(oncall, ChannelSpec(destination: .email(spec)), style: MessageStyle())
    do throws(DeliveryError) {
      return .success(try await channel.send(SampleMessage.firing.post, through: &outlet))
    } catch {
      return .failure(error)
    }
  }

  @Test func `by putting us off takes it the next time`() async throws {
    let (server, port) = try await launch("greylist")
    guard case .failure(.unreachable(let text)) = try await send(to: port) else {
      Issue.record("not unreachable")
      return
    }
    #expect(text.contains("450"), "\(text)")
    #expect(try await send(to: port) == .success(Receipt(detail: "2.0.0 queued")))
    withExtendedLifetime(server) {}
  }

  @Test func `by refusing the login hears no more, and its words hold no password`() async throws {
    let (server, port) = try await launch("login")
    let result = try await send(to: port, user: "ana")
    guard case .failure(.unauthorised(let text)) = result else {
      Issue.record("\(result)")
      return
    }
    #expect(text.contains("535") && !text.contains("Pl4nted"), "\(text)")
    #expect(!text.contains(Array("\0ana\0Pl4nted-P4ssword".utf8).base64), "\(text)")
    withExtendedLifetime(server) {}
  }

  @Test func `by hanging up in the middle may have taken it`() async throws {
    let (server, port) = try await launch("drop")
    let result = try await send(to: port)
    guard case .failure(let error) = result else {
      Issue.record("\(result)")
      return
    }
    #expect(error.reason == "contextDeadlineExceeded" || error.reason == "serverError", "\(error)")
    withExtendedLifetime(server) {}
  }

  @Test func `by refusing one of two reaches the other`() async throws {
    let (server, port) = try await launch("one")
    let result = try await send(to: port)
    guard case .success(let receipt) = result else {
      Issue.record("\(result)")
      return
    }
    #expect(receipt.detail.contains("gone@example.com") && receipt.detail.contains("550"), "\(receipt.detail)")
    withExtendedLifetime(server) {}
  }

  private static let program = """
    import base64, socketserver, sys
    directory, address, word = sys.argv[1:]
    seen = []
    class Handler(socketserver.StreamRequestHandler):
        def say(self, text): self.wfile.write((text + "\\r\\n").encode())
        def handle(self):
            self.say("220 mx.example.com")
            seen.append(1)
            while True:
                line = self.rfile.readline().decode().strip()
                verb = line.upper()
                if not line: return
                if verb.startswith("EHLO"):
                    self.say("250-mx.example.com")
                    self.say("250 AUTH PLAIN" if word == "login" else "250 SIZE")
                elif verb.startswith("AUTH"):
                    if len(line.split()) < 3:
                        self.say("334 ")
                        line += " " + self.rfile.readline().decode().strip()
                    told = base64.b64decode(line.split()[-1]).decode().replace("\\0", " ")
                    self.say("535 5.7.8 who is " + told + " " + line)
                elif verb.startswith("RCPT") and word == "greylist" and len(seen) < 4:
                    self.say("450 4.7.1 come back later")
                elif verb.startswith("RCPT") and word == "one" and "gone" in line:
                    self.say("550 5.1.1 no such mailbox")
                elif verb.startswith("DATA"):
                    self.say("354 go on")
                    if word == "drop":
                        self.rfile.readline()
                        return
                    while self.rfile.readline() not in (b".\\r\\n", b""): pass
                    self.say("250 2.0.0 queued")
                elif verb.startswith("QUIT"):
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")
    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True
    server = Server(("127.0.0.1", int(address.split(":")[1])), Handler)
    open(directory + "/ready", "w").close()
    server.serve_forever()
    """
}
