import Model
import TestKit
import Testing

@testable import Transport

@Suite struct `Which addresses may be asked` {
  @Test(arguments: [
    ("8.8.8.8", IPAddress.Range.everywhere), ("126.255.255.255", .everywhere), ("128.0.0.1", .everywhere),
    ("127.0.0.1", .loopback), ("127.255.255.254", .loopback), ("0x7f.1", .loopback), ("2130706433", .loopback),
    ("::1", .loopback), ("[::1]", .loopback), ("::ffff:127.0.0.1", .loopback), ("64:ff9b::7f00:1", .loopback),
    ("10.0.0.1", .private), ("9.255.255.255", .everywhere), ("11.0.0.0", .everywhere),
    ("172.15.255.255", .everywhere), ("172.16.0.0", .private), ("172.31.255.255", .private),
    ("172.32.0.0", .everywhere), ("192.168.0.1", .private), ("192.167.0.1", .everywhere),
    ("100.63.255.255", .everywhere), ("100.64.0.0", .private), ("100.127.255.255", .private),
    ("100.128.0.0", .everywhere), ("::ffff:10.1.2.3", .private), ("2002:0a00:0001::", .private),
    ("fc00::1", .private), ("fdff::1", .private), ("fe00::1", .everywhere), ("fec0::1", .private),
    ("169.254.0.1", .linkLocal), ("169.253.0.1", .everywhere), ("fe80::1", .linkLocal),
    ("fe80::1%eth0", .linkLocal), ("febf::1", .linkLocal), ("::ffff:169.254.1.1", .linkLocal),
    ("169.254.169.254", .metadata), ("::ffff:169.254.169.254", .metadata), ("::169.254.169.254", .metadata),
    ("fd00:ec2::254", .metadata), ("fd20:ce::254", .metadata), ("100.100.100.200", .metadata),
    ("192.0.0.192", .metadata), ("168.63.129.16", .metadata), ("64:ff9b::a9fe:a9fe", .metadata),
    ("2002:a9fe:a9fe::1", .metadata),
    ("0.0.0.0", .nobody), ("0.1.2.3", .nobody), ("::", .nobody), ("224.0.0.1", .nobody), ("239.1.1.1", .nobody),
    ("255.255.255.255", .nobody), ("ff02::1", .nobody), ("::ffff:0.0.0.0", .nobody),
    ("2001:db8::1", .everywhere), ("2606:4700::1111", .everywhere),
  ])
  func `every address is of one range`(text: String, range: IPAddress.Range) throws {
    #expect(try #require(IPAddress(text)).range == range)
  }

  @Test(arguments: ["", "example.com", "1.2.3.4.5", "300.1.1.1", ":::"])
  func `what is no address`(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test(arguments: [
    ("8.8.8.8", true, true, true), ("10.0.0.1", false, false, true), ("10.0.0.1", true, false, false),
    ("10.0.0.1", false, true, true), ("127.0.0.1", false, false, true), ("127.0.0.1", false, true, false),
    ("127.0.0.1", true, false, true), ("169.254.169.254", false, false, false), ("fe80::1", false, false, false),
    ("0.0.0.0", false, false, false), ("224.0.0.1", false, false, false),
  ])
  func `the policy decides of loopback and private ones only`(
    text: String, denyPrivate: Bool, denyLoopback: Bool, isAllowed: Bool
  ) throws {
    let policy = EgressPolicy(denyPrivate: denyPrivate, denyLoopback: denyLoopback)
    #expect((policy.refusal(of: try #require(IPAddress(text))) == nil) == isAllowed)
  }

  @Test(arguments: [
    (
      "http://169.254.169.254/latest/meta-data",
      "'169.254.169.254' is a cloud's metadata service; requests to it are always refused"
    ),
    (
      "http://0xA9FEA9FE/latest/meta-data",
      "'169.254.169.254' is a cloud's metadata service; requests to it are always refused"
    ),
    ("http://[fe80::1]/", "'fe80::1' is link-local; requests to such addresses are always refused"),
    ("http://0.0.0.0/", "'0.0.0.0' is not the address of one host; requests to such addresses are always refused"),
  ])
  func `a refused address is not connected to`(url: String, reason: String) async throws {
    let transport = try CurlTransport(version: "1")
    await #expect(throws: TransportError.refusedByPolicy(reason)) { try await transport.send(HTTPRequest(url: url)) }
    let proxied = HTTPRequest(url: url, options: ConnectionOptions(proxy: "http://127.0.0.1:9"))
    await #expect(throws: TransportError.refusedByPolicy(reason)) { try await transport.send(proxied) }
  }

  @Test func `a connection kept from another policy is not used`() async throws {
    let transport = try CurlTransport(version: "1")
    let server = try LoopbackHTTPServer { _ in .init() }
    _ = try await transport.send(HTTPRequest(url: server.url))
    let options = ConnectionOptions(egress: EgressPolicy(denyLoopback: true))
    let reason = "'127.0.0.1' is loopback, which the egress policy of this installation denies"
    await #expect(throws: TransportError.refusedByPolicy(reason)) {
      try await transport.send(HTTPRequest(url: server.url, options: options))
    }
    let byName = HTTPRequest(url: "http://localhost:\(server.port)", options: options)
    await #expect(throws: TransportError.self) { try await transport.send(byName) }
    #expect(server.requests.count == 1)
  }
}
