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

  func mail(_ message: Message, spec: EmailSpec) throws -> MailMessage {
    let post = Post([message])
    return try MailMessage(post, MessageContent(post, MessageStyle()), spec: spec)
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

  /// What a mail server would get for each sample message.
  @Test(arguments: SampleMessage.allCases, MessageLanguage.allCases)
  func `says in text and HTML what happened, where and since when`(
    sample: SampleMessage, language: MessageLanguage
  ) async throws {
    let transport = ScriptedTransport(.success(HTTPResponse(status: 200)))
    let channel = EmailChannel(Self.spec(), context: context(language))
    _ = await outcome(of: sample.post, by: channel, over: transport)
    let mail = try #require(await transport.mails.first)
    let text = "MAIL FROM: \(mail.sender)\nRCPT TO: \(mail.recipients)\n\n" + Self.readable(mail.message)
    #expect(goldenDifference(text, "channel-email-\(sample.rawValue)-\(language.rawValue).txt") == nil)
    let lines = String(decoding: mail.message, as: UTF8.self).components(separatedBy: "\r\n")
    #expect(!lines.contains { $0.lowercased().hasPrefix("bcc") })
  }

  @Test func `takes headers of the channel, but none that would break it`() throws {
    let mail = try mail(
      message([highCPU]),
      spec: Self.spec {
        $0.headers = [
          Label("X-Team", "a\r\nBcc: evil@example.com"), Label("subject", "fixed\n subject"),
          Label("Content-Type", "text/html"), Label("Bcc", "evil@example.com"),
          Label("Reply-To", "Öl <bo@example.com>"),
          Label("Cc", "not an address"), Label("MIME-Version", "2"), Label("X Y", "z"),
          Label(String(repeating: "X", count: 2000), "z"),
        ]
      })
    let head = String(decoding: mail.bytes, as: UTF8.self).components(separatedBy: "\r\n\r\n")[0]
      .components(separatedBy: "\r\n")
    let names = head.filter { !$0.hasPrefix(" ") }.compactMap { $0.components(separatedBy: ":").first }
    #expect(
      names == [
        "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
        "X-Auto-Response-Suppress", "Importance", "X-Team", "Reply-To", "MIME-Version", "Content-Type",
      ])
    #expect(head.contains("Subject: fixed subject"))
    #expect(head.contains("X-Team: a Bcc: evil@example.com"))
    #expect(head.contains("Reply-To: =?UTF-8?B?w5Zs?= <bo@example.com>"))
  }

  @Test func `says what the channel's templates say, in text and in HTML`() throws {
    func bodies(_ change: (inout MessageContent) -> Void) throws -> [String] {
      let post = Post([message([highCPU])])
      var content = MessageContent(post, MessageStyle())
      change(&content)
      let bytes = try MailMessage(post, content, spec: Self.spec()).bytes
      return Self.readable(bytes).components(separatedBy: "--=_")
    }
    let text = try bodies {
      $0.title = "mine"
      $0.body = "a <b>\nc"
    }
    #expect(text[0].contains("\nSubject: mine\n"))
    #expect(text[1].contains("\n\na <b>\nc\n"))
    #expect(text[2].contains("pre-wrap\">a &lt;b&gt;\nc</div>"))
    #expect(text[2].contains(">mine</div>"))
    let html = try bodies { $0.html = "<p>mine</p>" }
    #expect(html[1].contains("CPU above 90%"))
    #expect(html[2].contains("\n\n<p>mine</p>"))
  }

  @Test func `stays small, whatever the annotations hold`() throws {
    let alerts = (0..<60).map { number in
      alert(
        ["alertname": "A", "instance": "i\(number)"],
        annotations: (0..<20).map { Label("a\($0)", String(repeating: "告", count: 5000) + String(number)) })
    }
    #expect(try mail(message(alerts), spec: Self.spec()).bytes.count < 400_000)
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
    let bytes = try mail(message([alert]), spec: spec).bytes
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
      try mail(message([highCPU]), spec: Self.spec { $0.to = [address] })
    }
  }

  private func header(_ name: String, _ message: Message, _ spec: EmailSpec) throws -> String? {
    let bytes = try mail(message, spec: spec).bytes
    return String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n").first { $0.hasPrefix(name + ": ") }
  }

  @Test func `has the same id each time it is tried, and one thread for its group`() throws {
    let first = message([highCPU])
    var later = message([highCPU.resolved(at: at(90))])
    later.at = at(330)
    var elsewhere = first
    elsewhere.channel = chat
    let spec = Self.spec()
    #expect(try header("Message-ID", first, spec) == header("Message-ID", first, spec))
    #expect(try header("Message-ID", first, spec) != header("Message-ID", later, spec))
    #expect(try header("Message-ID", first, spec) != header("Message-ID", elsewhere, spec))
    #expect(try header("References", first, spec) == header("References", later, spec))
    #expect(try header("In-Reply-To", first, spec) != nil)
    var other = first
    other.groupKey += "x"
    #expect(try header("References", first, spec) != header("References", other, spec))
  }

  @Test func `has a thread for each day, or none, where the channel wants that`() throws {
    let today = message([highCPU])
    var tomorrow = today
    tomorrow.at = at(86_400)
    let daily = Self.spec { $0.threading = .daily }
    #expect(try header("References", today, daily)?.hasSuffix("-2026-11-20@example.com>") == true)
    #expect(try header("References", today, daily) != header("References", tomorrow, daily))
    #expect(try header("References", today, Self.spec { $0.threading = .off }) == nil)
    #expect(try header("In-Reply-To", today, Self.spec { $0.threading = .off }) == nil)
  }

  @Test func `is handed to the server with its credentials`() async throws {
    let transport = ScriptedTransport(.success(HTTPResponse(status: 200)), mail: .success("250 queued as 17"))
    let channel = EmailChannel(
      Self.spec {
        $0.username = "alerts"
        $0.password = "mail"
      }, context: context(secrets: ["mail": "s3cr3t\n"]))
    let result = await outcome(of: Post([message([highCPU])]), by: channel, over: transport)
    #expect(result == .success(Receipt(detail: "250 queued as 17")))
    let mail = try #require(await transport.mails.first)
    #expect(mail.sender == "alerts@example.com")
    #expect(mail.recipients == ["ana@example.com", "bo@example.com"])
    #expect(mail.password == Secret("s3cr3t"))
    #expect(mail.security == .startTLS)
  }

  @Test(arguments: [
    (MailError.refused(code: 451, "try later"), DeliveryError.unreachable("mail server answered 451: try later")),
    (.refused(code: 535, "bad login"), .unauthorised("mail server answered 535: bad login")),
    (.refused(code: 450, "greylisted"), .unreachable("mail server answered 450: greylisted")),
    (.refused(code: 552, ""), .rejected("mail server answered 552")),
    (.transport(.brokenOff("reset")), .ambiguous("broke off before the answer was whole: reset")),
  ])
  func `takes a refusal for what it means`(refusal: MailError, error: DeliveryError) async {
    let transport = ScriptedTransport(.success(HTTPResponse(status: 200)), mail: .failure(refusal))
    let channel = EmailChannel(Self.spec(), context: context())
    #expect(await outcome(of: Post([message([highCPU])]), by: channel, over: transport) == .failure(error))
  }
}

@Suite struct `A mail to several` {
  /// Refuses some recipients, as a server does at RCPT: then nobody gets the mail.
  actor Server: MailTransport {
    let refusals: [String: MailError]
    private(set) var mails: [[String]] = []

    init(_ refusals: [String: MailError]) {
      self.refusals = refusals
    }

    func submit(_ mail: MailSubmission) async throws(MailError) -> String {
      for recipient in mail.recipients {
        if let refusal = refusals[recipient] { throw refusal }
      }
      mails.append(mail.recipients)
      return "queued as \(mails.count)"
    }
  }

  private func send(_ refusals: [String: MailError]) async -> (Result<Receipt, DeliveryError>, [[String]]) {
    let server = Server(refusals)
    let silent = ScriptedTransport(.failure(.cancelled))
    var outlet = Outlet(http: silent, mail: server) { _ in }
    let channel = EmailChannel(`A mail`.spec(), context: context())
    do throws(DeliveryError) {
      let receipt = try await channel.send(Post([message([highCPU])]), through: &outlet)
      return (.success(receipt), await server.mails)
    } catch {
      return (.failure(error), await server.mails)
    }
  }

  @Test func `goes out once when all are taken`() async {
    let (result, mails) = await send([:])
    #expect(result == .success(Receipt(detail: "queued as 1")))
    #expect(mails == [["ana@example.com", "bo@example.com"]])
  }

  @Test(arguments: [550, 452]) func `reaches the others when one is refused, and says so`(code: Int) async {
    let (result, mails) = await send(["ana@example.com": .refused(code: code, "no")])
    let detail = "taken for 1 of 2 recipients, not for ana@example.com (\(code)); queued as 1"
    #expect(result == .success(Receipt(detail: detail)))
    #expect(mails == [["bo@example.com"]])
  }

  @Test func `fails as before when all are refused`() async {
    let refusal = MailError.refused(code: 450, "greylisted")
    let (result, mails) = await send(["ana@example.com": refusal, "bo@example.com": refusal])
    #expect(result == .failure(.unreachable("mail server answered 450: greylisted")))
    #expect(mails.isEmpty)
  }

  @Test func `is not tried one by one when the login is refused`() async {
    let (result, _) = await send(["ana@example.com": .refused(code: 535, "")])
    #expect(result == .failure(.unauthorised("mail server answered 535")))
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
  @Test(arguments: SampleMessage.allCases, MessageLanguage.allCases)
  func `is one block of readable lines`(sample: SampleMessage, language: MessageLanguage) async throws {
    let written = Written()
    let silent = ScriptedTransport(.failure(.cancelled))
    var outlet = Outlet(http: silent, mail: silent) { written.append($0) }
    let receipt = try await ConsoleChannel(context: context(language)).send(sample.post, through: &outlet)
    #expect(receipt == Receipt(detail: "written"))
    #expect(goldenDifference(written.text + "\n", "channel-console-\(sample.rawValue)-\(language.rawValue).txt") == nil)
  }

  /// Keeps what was written.
  final class Written: Sendable {
    private let lines = Mutex("")

    var text: String { lines.withLock { $0 } }

    func append(_ text: String) { lines.withLock { $0 += text } }
  }
}
