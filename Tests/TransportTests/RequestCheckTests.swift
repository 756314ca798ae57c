import Model
import TestKit
import Testing

@testable import Transport

@Suite struct `What can't be sent` {
  @Test(arguments: [
    ("http://example.com/a b", "the URL holds a space or a control byte; write it percent-encoded"),
    ("http://example.com/\r\nX: y", "the URL holds a space or a control byte; write it percent-encoded"),
    ("http://example.com/\u{0}", "the URL holds a space or a control byte; write it percent-encoded"),
    ("file:///etc/passwd", "the URL begins with neither 'http://' nor 'https://'; only these can be asked"),
    ("httpx://example.com", "the URL begins with neither 'http://' nor 'https://'; only these can be asked"),
    ("", "the URL begins with neither 'http://' nor 'https://'; only these can be asked"),
    ("http://ana:s3cr3t@example.com/", "the URL holds user information before its host; give credentials in a header"),
    ("https://@example.com?x", "the URL holds user information before its host; give credentials in a header"),
    ("http:///path", "the URL names no host"),
    ("http://?x", "the URL names no host"),
  ])
  func `a URL that is no plain address of HTTP`(url: String, reason: String) {
    #expect(throws: TransportError.unsendable(reason)) { try HTTPRequest(url: url).check() }
  }

  @Test(arguments: ["http://a", "HTTPS://a/b@c", "http://[::1]:80/?a@b", "http://a#@b", "https://例子.测试/路径"])
  func `URLs that can be`(url: String) throws {
    try HTTPRequest(url: url).check()
  }

  @Test(arguments: [
    (Label("X-A", "b\r\nX-Evil: c"), "the value of header 'X-A' holds a line break or another control byte"),
    (Label("X-A", "b\n"), "the value of header 'X-A' holds a line break or another control byte"),
    (Label("X-A", "\u{7f}"), "the value of header 'X-A' holds a line break or another control byte"),
    (
      Label("X-A: b\r\nX-Evil", "c"),
      "the name of header 1 holds a byte that isn't allowed there; names are letters, digits and '-'"
    ),
    (Label("", "c"), "the name of header 1 holds a byte that isn't allowed there; names are letters, digits and '-'"),
    (Label("Content-LENGTH", "1"), "header 'Content-LENGTH' follows from the body; leave it out"),
    (Label("Transfer-Encoding", "chunked"), "header 'Transfer-Encoding' follows from the body; leave it out"),
  ])
  func `a header that would say something else`(header: Label, reason: String) async throws {
    let transport = try CurlTransport(version: "1")
    let server = try LoopbackHTTPServer { _ in .init() }
    await #expect(throws: TransportError.unsendable(reason)) {
      try await transport.send(HTTPRequest(url: server.url, headers: [header]))
    }
    #expect(server.requests.isEmpty)
  }

  @Test func `a method that is no word`() {
    #expect(throws: TransportError.self) { try HTTPRequest(method: "GET /x\r\n", url: "http://a").check() }
    #expect(throws: TransportError.self) { try HTTPRequest(method: "", url: "http://a").check() }
  }

  private static let mail = MailSubmission(
    host: "mail.example.com", port: 25, security: .startTLS, hello: "alerts.example.com",
    sender: "alerts@example.com", recipients: ["ana@example.com"], message: Array("Subject: x\r\n\r\nbody\r\n".utf8))

  @Test func `a mail as it should be can be sent`() throws {
    try Self.mail.check()
  }

  @Test(arguments: [
    "a@b>\r\nRCPT TO:<evil@x", "a@b\n", "a b@c", "<a@b>", "a", "@b", "a@", "a@b@c", "ä@example.com",
    String(repeating: "a", count: 250) + "@b.cd",
  ])
  func `an address that is none`(address: String) {
    var mail = Self.mail
    mail.recipients = ["ana@example.com", address]
    #expect(throws: TransportError.self) { try mail.check() }
    mail = Self.mail
    mail.sender = address
    #expect(throws: TransportError.self) { try mail.check() }
  }

  @Test(arguments: [
    ("a\nb\r\n", "the message has a bare CR or LF at byte 1; its lines end with CR LF"),
    ("a\r\nb\n.\nc", "the message has a bare CR or LF at byte 4; its lines end with CR LF"),
    ("a\rb", "the message has a bare CR or LF at byte 2; its lines end with CR LF"),
    ("a\r", "the message ends with a bare CR; its lines end with CR LF"),
  ])
  func `a message with bare line ends`(message: String, reason: String) {
    var mail = Self.mail
    mail.message = Array(message.utf8)
    #expect(throws: TransportError.unsendable(reason)) { try mail.check() }
  }

  @Test func `hosts, names and credentials that are none`() {
    let changes: [(inout MailSubmission) -> Void] = [
      { $0.host = "a/b" }, { $0.host = "" }, { $0.host = "u@h" }, { $0.port = 0 }, { $0.port = 65536 },
      { $0.hello = "a b" }, { $0.hello = "a\r\nb" }, { $0.hello = "" }, { $0.recipients = [] },
      { $0.password = Secret("p") },
      {
        $0.username = "u"
        $0.password = Secret("p\n")
      },
    ]
    for change in changes {
      var mail = Self.mail
      change(&mail)
      #expect(throws: TransportError.self) { try mail.check() }
    }
  }
}
