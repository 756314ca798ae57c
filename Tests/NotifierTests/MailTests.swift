import Foundation
import Model
import Notifier
import Specs
import Synchronization
import TestKit
import Testing

@Suite struct `A mail` {
  static func spec(_ change: (inout EmailSpec) -> Void = { _ in }) -> EmailSpec {
    var spec = EmailSpec(
      to: ["ana@example.com", "Bo Öl <bo@example.com>"], from: "Belfry <alerts@example.com>", host: "mail.example",
      port: 587, security: .startTLS)
    change(&spec)
    return spec
  }

  /// The mail, with its two bodies decoded in place.
  static func readable(_ bytes: [UInt8]) -> String {
    let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
    var (text, body, isBody): (String, String, Bool) = ("", "", false)
    for line in lines {
      if line.hasPrefix("--=_") {
        if let decoded = Data(base64Encoded: body) { text += String(decoding: decoded, as: UTF8.self) }
        (body, isBody) = ("", false)
      }
      if isBody { body += line } else { text += line + "\n" }
      if line.isEmpty, text.contains("base64") { isBody = true }
    }
    return text.replacingOccurrences(of: "\r", with: "")
  }

  @Test func `says in text and HTML what happened, where and since when`() throws {
    let mail = try MailMessage(MessageText(message([highCPU])), spec: Self.spec())
    #expect(goldenDifference(Self.readable(mail.bytes), "mail-firing.txt") == nil)
  }

  @Test func `is proof against hostile text`() throws {
    let resolved = alert(["alertname": "HighCPU", "instance": "b"], annotations: []).resolved(at: at(95))
    let mail = try MailMessage(
      MessageText(message([hostile, resolved], reason: .someResolved)),
      spec: Self.spec {
        $0.headers = [Label("X-Team", "a\r\nBcc: evil@example.com"), Label("Subject", "fixed\n subject")]
      })
    #expect(goldenDifference(Self.readable(mail.bytes), "mail-hostile.txt") == nil)
    let text = String(decoding: mail.bytes, as: UTF8.self)
    #expect(!text.components(separatedBy: "\r\n").contains { $0.lowercased().hasPrefix("bcc") })
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `has no line break but CR LF, no long line, and only ASCII`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    func text() -> String {
      let scalars: [Unicode.Scalar] = ["\r", "\n", "\u{0}", "a", "é", "告", "🔥", " ", "<", "\"", ":", "=", "?", "."]
      return String(String.UnicodeScalarView((0..<40).compactMap { _ in scalars.randomElement(using: &random) }))
    }
    let alert = alert(
      ["alertname": text(), "x": text()], annotations: [Label("summary", text())], rule: text(), file: text())
    let spec = Self.spec { $0.headers = [Label("X-A", text()), Label(text(), "b")] }
    let bytes = try MailMessage(MessageText(message([alert])), spec: spec).bytes
    for (index, byte) in bytes.enumerated() {
      #expect(byte < 0x80)
      if byte == 0x0a { #expect(index > 0 && bytes[index - 1] == 0x0d) }
      if byte == 0x0d { #expect(index + 1 < bytes.count && bytes[index + 1] == 0x0a) }
    }
    let lines = bytes.split(separator: 0x0a)
    #expect(lines.allSatisfy { $0.count <= 999 })
    // A body can't begin before the headers are whole.
    let head = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n\r\n")[0]
    #expect(head.contains("Content-Type: multipart/alternative"))
  }

  @Test(arguments: [
    "", "ana", "ana@", "@example.com", "a@b@c", "a b@example.com", "a@example.com\r\nRCPT TO:<evil@example.com>",
    "a@b>\r\nRCPT TO:<evil@x", "<a@b", "a@exämple.com", "x <a@b>c",
  ])
  func `goes to nobody whose address is none`(address: String) {
    #expect(throws: DeliveryError.rejected("'\(address)' is not a mail address")) {
      try MailMessage(MessageText(message([highCPU])), spec: Self.spec { $0.to = [address] })
    }
  }

  @Test func `has the same id each time it is tried, and one thread for its group`() throws {
    func header(_ name: String, _ message: Message) throws -> String? {
      let bytes = try MailMessage(MessageText(message), spec: Self.spec()).bytes
      return String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n").first { $0.hasPrefix(name + ": ") }
    }
    let first = message([highCPU])
    var later = message([highCPU.resolved(at: at(90))])
    later.at = at(330)
    #expect(try header("Message-ID", first) == header("Message-ID", first))
    #expect(try header("Message-ID", first) != header("Message-ID", later))
    #expect(try header("References", first) == header("References", later))
  }

  @Test func `is handed to the server with its credentials`() async throws {
    let transport = ScriptedTransport(.success(HTTPResponse(status: 200)), mail: .success("250 queued as 17"))
    let channel = EmailChannel(
      id: oncall,
      spec: Self.spec {
        $0.username = "alerts"
        $0.password = "mail"
      }, secrets: ScriptedSecrets(secrets: ["mail": "s3cr3t\n"]), transport: transport)
    #expect(try await channel.send(message([highCPU])) == Receipt(detail: "250 queued as 17"))
    let mail = try #require(await transport.mails.first)
    #expect(mail.sender == "alerts@example.com")
    #expect(mail.recipients == ["ana@example.com", "bo@example.com"])
    #expect(mail.password == Secret("s3cr3t"))
    #expect(mail.security == .startTLS)
  }

  @Test(arguments: [
    (MailError.refused(code: 451, "try later"), DeliveryError.unreachable("mail server answered 451: try later")),
    (.refused(code: 535, "bad login"), .rejected("mail server answered 535: bad login")),
    (.refused(code: 552, ""), .rejected("mail server answered 552")),
    (.transport(.brokenOff("reset")), .ambiguous("broke off before the answer was whole: reset")),
  ])
  func `takes a refusal for what it means`(refusal: MailError, error: DeliveryError) async {
    let transport = ScriptedTransport(.success(HTTPResponse(status: 200)), mail: .failure(refusal))
    let channel = EmailChannel(id: oncall, spec: Self.spec(), secrets: ScriptedSecrets(), transport: transport)
    await #expect(throws: error) { try await channel.send(message([highCPU])) }
  }
}

@Suite struct `A subject beyond ASCII` {
  @Test(arguments: [
    ("[FIRING:1] HighCPU", "[FIRING:1] HighCPU"),
    ("[告警:2] 生产集群 HighCPU 🔥", "=?UTF-8?B?W+WRiuitpjoyXSDnlJ/kuqfpm4bnvqQgSGlnaENQVSDwn5Sl?="),
    (
      "[告警:2] 生产集群 HighCPU 🔥 告警持续时间超过十五分钟请立即处理并确认负责人",
      "=?UTF-8?B?W+WRiuitpjoyXSDnlJ/kuqfpm4bnvqQgSGlnaENQVSDwn5SlIOWRiuitpg==?=\r\n "
        + "=?UTF-8?B?5oyB57ut5pe26Ze06LaF6L+H5Y2B5LqU5YiG6ZKf6K+356uL5Y2z5aSE55CG?=\r\n "
        + "=?UTF-8?B?5bm256Gu6K6k6LSf6LSj5Lq6?="
    ),
    ("a\r\nBcc: b", "a Bcc: b"), ("=?UTF-8?B?YQ==?=", "=?UTF-8?B?PT9VVEYtOD9CP1lRPT0/PQ==?="),
  ])
  func `is written in encoded words of at most 75 characters`(text: String, header: String) {
    #expect(EncodedWord.headerValue(text) == header)
    #expect(header.components(separatedBy: "\r\n ").allSatisfy { $0.utf8.count <= 75 })
  }
}

@Suite struct `A message on the console` {
  @Test func `is one block of readable lines`() async throws {
    let written = Written()
    let channel = ConsoleChannel { text in written.append(text) }
    var message = message([highCPU, alert(["alertname": "HighCPU", "instance": "b:9100"]).resolved(at: at(95))])
    message.mentions = ["@ana"]
    _ = try await channel.send(message)
    #expect(goldenDifference(written.text + "\n", "console.txt") == nil)
  }

  /// Keeps what was written.
  final class Written: Sendable {
    private let lines = Mutex("")

    var text: String { lines.withLock { $0 } }

    func append(_ text: String) { lines.withLock { $0 += text } }
  }
}
