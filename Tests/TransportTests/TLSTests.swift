import Model
import Synchronization
import TestKit
import Testing
import Transport

@Suite(.enabled(if: Installed.openssl && Installed.python, "needs openssl and python3"))
struct `HTTP over TLS` {
  private func start(_ arguments: String...) async throws -> (Certificates, Peer, Int) {
    let certificates = try await Certificates.shared()
    let files = [certificates.serverCertificate, certificates.serverKey, certificates.authority]
    let peer = try Peer(["python3", "-c", tlsServer] + files + arguments)
    return (certificates, peer, try await peer.port())
  }

  private func reason(_ request: HTTPRequest) async throws -> String {
    let transport = try CurlTransport(version: "1")
    do throws(TransportError) {
      return "answered: \(try await transport.send(request).status)"
    } catch .untrusted(let reason) {
      return reason
    } catch {
      return "\(error)"
    }
  }

  @Test func `a certificate of an authority that is named is trusted, others aren't`() async throws {
    let (certificates, peer, port) = try await start("any")
    let transport = try CurlTransport(version: "1")
    for host in ["localhost", "127.0.0.1"] {
      let url = "https://\(host):\(port)/"
      let options = ConnectionOptions(caFile: certificates.authority)
      let response = try await transport.send(HTTPRequest(url: url, options: options))
      #expect(response.status == 200)
      #expect(try await reason(HTTPRequest(url: url)).hasPrefix("the certificate of '\(host):\(port)' isn't trusted: "))
      let insecure = ConnectionOptions(insecureSkipVerify: true)
      #expect(try await reason(HTTPRequest(url: url, options: insecure)) == "answered: 200")
      // What was let through unchecked is not used again for a request that wants the check.
      await #expect(throws: TransportError.self) { try await transport.send(HTTPRequest(url: url)) }
    }
    withExtendedLifetime(peer) {}
  }

  @Test func `the name must be in the certificate`() async throws {
    let (certificates, peer, port) = try await start("any")
    let options = ConnectionOptions(caFile: certificates.authority)
    let text = try await reason(HTTPRequest(url: "https://127.0.0.2:\(port)/", options: options))
    #expect(text.hasPrefix("the certificate of '127.0.0.2:\(port)' isn't trusted: "))
    withExtendedLifetime(peer) {}
  }

  @Test func `TLS before 1.2 is refused`() async throws {
    let (certificates, peer, port) = try await start("old")
    let options = ConnectionOptions(caFile: certificates.authority)
    let text = try await reason(HTTPRequest(url: "https://localhost:\(port)/", options: options))
    #expect(text.hasPrefix("no TLS handshake with 'localhost:\(port)': "), "\(text)")
    withExtendedLifetime(peer) {}
  }

  @Test func `a client certificate is shown`() async throws {
    let (certificates, peer, port) = try await start("client")
    let options = ConnectionOptions(
      caFile: certificates.authority, clientCertificateFile: certificates.clientCertificate,
      clientKeyFile: certificates.clientKey)
    let transport = try CurlTransport(version: "1")
    let response = try await transport.send(HTTPRequest(url: "https://localhost:\(port)/", options: options))
    #expect(response.body == Array("ana".utf8))
    withExtendedLifetime(peer) {}
  }

  @Test func `files that aren't there are named as the reason`() async throws {
    let (certificates, peer, port) = try await start("any")
    let url = "https://localhost:\(port)/"
    let noAuthority = ConnectionOptions(caFile: "/nowhere/ca.pem")
    #expect(
      try await reason(HTTPRequest(url: url, options: noAuthority))
        .hasPrefix("the CA file for 'localhost:\(port)' can't be read: "))
    let noClient = ConnectionOptions(caFile: certificates.authority, clientCertificateFile: "/nowhere/client.pem")
    #expect(
      try await reason(HTTPRequest(url: url, options: noClient))
        .hasPrefix("the client certificate or key for 'localhost:\(port)' can't be used: "))
    withExtendedLifetime(peer) {}
  }

  @Test func `a server that speaks no TLS is untrusted`() async throws {
    let server = try LoopbackHTTPServer { _ in .init() }
    let text = try await reason(HTTPRequest(url: "https://127.0.0.1:\(server.port)/"))
    #expect(text.hasPrefix("unreachable") || text.contains("TLS handshake"), "\(text)")
  }

  @Test(.enabled(if: Installed.node, "needs node, for a server that speaks HTTP/2"))
  func `many requests share one connection of HTTP/2`() async throws {
    let certificates = try await Certificates.shared()
    let peer = try Peer(["node", "-e", http2Server, certificates.serverCertificate, certificates.serverKey])
    let url = "https://localhost:\(try await peer.port())/"
    let options = ConnectionOptions(caFile: certificates.authority)
    let transport = try CurlTransport(version: "1")
    // Fewer than the 100 streams that libcurl counts on before the server has named its limit.
    let bodies = await withTaskGroup(of: String.self) { group in
      for number in 0..<90 {
        group.addTask {
          let body = [UInt8](repeating: 65, count: number * 100)
          let request = HTTPRequest(method: "POST", url: url + "\(number)", body: body, options: options)
          guard let response = try? await transport.send(request) else { return "none" }
          let text = String(decoding: response.body.prefix(20), as: UTF8.self)
          return text.hasPrefix("2.0 \(number) \(number * 100) ") && response.body.count > 30_000 ? "2.0" : text
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(bodies.filter { $0 == "2.0" }.count == 90)
    // The peer prints a line for its port and one for each connection.
    _ = try await peer.line(1)
    #expect(peer.lines.count == 2)
  }
}

private let tlsServer = """
  import http.server, os, ssl, sys, threading
  certificate, key, authority, mode = sys.argv[1:]
  class Handler(http.server.BaseHTTPRequestHandler):
      protocol_version = "HTTP/1.1"
      def do_GET(self):
          shown = self.connection.getpeercert()
          name = dict(part[0] for part in shown["subject"])["commonName"] if shown else "nobody"
          self.send_response(200)
          self.send_header("Content-Length", str(len(name)))
          self.end_headers()
          self.wfile.write(name.encode())
      def log_message(self, *arguments): pass
  class Server(http.server.ThreadingHTTPServer):
      def handle_error(self, *arguments): pass
  context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
  context.load_cert_chain(certificate, key)
  if mode == "client":
      context.verify_mode = ssl.CERT_REQUIRED
      context.load_verify_locations(authority)
  if mode == "old":
      context.set_ciphers("ALL:@SECLEVEL=0")
      context.minimum_version = ssl.TLSVersion.TLSv1
      context.maximum_version = ssl.TLSVersion.TLSv1_1
  server = Server(("0.0.0.0", 0), Handler)
  server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
  threading.Thread(target=server.serve_forever, daemon=True).start()
  print(server.server_address[1], flush=True)
  sys.stdin.read()
  os._exit(0)
  """

private let http2Server = """
  const [certificate, key] = process.argv.slice(1);
  const fs = require('fs');
  const server = require('http2').createSecureServer(
    { cert: fs.readFileSync(certificate), key: fs.readFileSync(key), allowHTTP1: true });
  server.on('secureConnection', () => console.log('connection'));
  server.on('request', (request, response) => {
    let size = 0;
    request.on('data', (part) => { size += part.length; });
    request.on('end', () => response.end(
      `${request.httpVersion} ${request.url.slice(1)} ${size} `.padEnd(40000, 'x')));
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
  process.stdin.on('end', () => process.exit(0)).resume();
  """
