import Hummingbird
import HummingbirdTesting
import NIOSSL
import StatusAPI
import TestKit
import Testing

@Suite(.enabled(if: ServerCertificates.isPossible, "openssl makes the certificates"))
struct `A server with a certificate` {
  /// Asks over TLS, trusting the tests' authority; gives the answer, and the certificate's name.
  private static func get(
    _ port: Int, _ certificates: ServerCertificates, client: String? = nil, maximum: TLSVersion? = nil,
    protocols: [String] = []
  ) async throws -> Answer {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .file(certificates.path("ca.pem"))
    configuration.maximumTLSVersion = maximum
    configuration.minimumTLSVersion = .tlsv1
    configuration.applicationProtocols = protocols
    if let client {
      configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificates.path(client + ".pem"))
        .map { .certificate($0) }
      configuration.privateKey = .privateKey(
        try NIOSSLPrivateKey(file: certificates.path(client + ".key"), format: .pem))
    }
    let settings = TestClient.Configuration(
      tlsConfiguration: configuration, timeout: .seconds(20), serverName: "localhost")
    return try await TestClient.withClient(host: "127.0.0.1", port: port, configuration: settings) { client in
      let response = try await client.execute(.init("/api/v1/status", method: .get, authority: "localhost"))
      return Answer(
        status: response.status.code, headers: response.headers, text: String(buffer: response.body ?? ByteBuffer()))
    }
  }

  @Test func `answers over TLS 1.2 and 1.3, and says that it always will`() async throws {
    let certificates = try ServerCertificates()
    try await Listening(identity: ServerIdentity(certificates.files())) { port async throws in
      for version in [TLSVersion.tlsv12, .tlsv13] {
        let answer = try await Self.get(port, certificates, maximum: version, protocols: ["h2", "http/1.1"])
        #expect(answer.status == 200)
        #expect(answer.headers[.strictTransportSecurity] == "max-age=31536000")
      }
      await #expect(throws: (any Error).self) { try await Self.get(port, certificates, maximum: .tlsv11) }
    }
  }

  @Test func `asks clients for a certificate of the authority`() async throws {
    let certificates = try ServerCertificates()
    try await Listening(identity: ServerIdentity(certificates.files(isMutual: true))) { port async throws in
      #expect(try await Self.get(port, certificates, client: "client").status == 200)
      await #expect(throws: (any Error).self) { try await Self.get(port, certificates) }
      await #expect(throws: (any Error).self) { try await Self.get(port, certificates, client: "stranger") }
      #expect(try await Self.get(port, certificates, client: "client").status == 200)
    }
  }

  @Test func `is told what it did, when a client speaks plain HTTP or nothing known`() async throws {
    let certificates = try ServerCertificates()
    var limits = StatusLimits()
    limits.headPatience = .seconds(2)
    try await Listening(limits: limits, identity: ServerIdentity(certificates.files())) { port async throws in
      let plain = try await RawConnection(port).send(head("/livez"), until: nil)
      #expect(plain.hasPrefix("HTTP/1.1 400 ") && plain.contains("this port speaks TLS; ask it with https://"))
      for garbage in ["\u{16}\u{3}\u{1}\u{2}\u{0}garbage", "\u{16}", "\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}"] {
        let answer = try await RawConnection(port).send(garbage, until: nil)
        #expect(!answer.contains("HTTP"))
      }
      #expect(try await Self.get(port, certificates).status == 200)
    }
  }

  @Test func `takes up a new certificate, and keeps the old while the new is broken`() async throws {
    let certificates = try ServerCertificates()
    let identity = try ServerIdentity(certificates.files())
    try await Listening(identity: identity) { port async throws in
      #expect(try identity.reload() == false)
      // Half of a renewal.
      try certificates.run("cp renewed.pem server.pem")
      #expect(throws: TLSFileError.self) { try identity.reload() }
      #expect(try await Self.get(port, certificates).status == 200)
      try certificates.run("cp renewed.key server.key")
      #expect(try identity.reload())
      #expect(try await Self.get(port, certificates).status == 200)
      let shown =
        "openssl s_client -connect 127.0.0.1:\(port) -servername localhost </dev/null | grep -q 'CN *= *renewed'"
      try certificates.run(shown)
      try certificates.run(": >server.key")
      #expect(throws: TLSFileError.noKey(certificates.path("server.key"))) { try identity.reload() }
      try certificates.run(shown)
    }
  }

  @Test func `says at its start what is wrong with its files`() throws {
    let certificates = try ServerCertificates()
    let (server, other) = (certificates.path("server.pem"), certificates.path("client.key"))
    #expect(throws: TLSFileError.unreadable(certificates.path("none.pem"), 2)) {
      try ServerIdentity(TLSFiles(certificate: certificates.path("none.pem"), key: other))
    }
    #expect(throws: TLSFileError.noCertificate(other)) { try ServerIdentity(TLSFiles(certificate: other, key: other)) }
    #expect(throws: TLSFileError.noKey(server)) { try ServerIdentity(TLSFiles(certificate: server, key: server)) }
    do throws(TLSFileError) {
      _ = try ServerIdentity(TLSFiles(certificate: server, key: other))
      Issue.record("a key of another certificate is taken")
    } catch {
      #expect(error.description.hasPrefix("the key in '\(other)' isn't that of the first certificate in '\(server)'"))
    }
    #expect(TLSFileError.unreadable("/a", 13).description.contains("chmod 640"))
  }
}
