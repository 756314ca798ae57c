import JSON
import Model
import Notifier
import Specs
import TestKit
import Testing

/// Answers with what it is given, and keeps what it was asked; the last answer is given again and again.
actor ScriptedTransport: HTTPTransport, MailTransport {
  private var answers: [Result<HTTPResponse, TransportError>]
  private let mailAnswer: Result<String, MailError>
  private(set) var requests: [HTTPRequest] = []
  private(set) var mails: [MailSubmission] = []

  init(_ answers: [Result<HTTPResponse, TransportError>], mail: Result<String, MailError> = .success("queued")) {
    self.answers = answers
    mailAnswer = mail
  }

  init(_ answers: Result<HTTPResponse, TransportError>..., mail: Result<String, MailError> = .success("queued")) {
    self.init(answers, mail: mail)
  }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    requests.append(request)
    let answer = answers.count > 1 ? answers.removeFirst() : answers.first ?? .failure(.cancelled)
    return try answer.get()
  }

  func submit(_ mail: MailSubmission) async throws(MailError) -> String {
    mails.append(mail)
    return try mailAnswer.get()
  }
}

/// Secrets in memory.
struct ScriptedSecrets: SecretResolver {
  var secrets: [String: String] = [:]

  func secret(_ name: String, for scope: Scope) throws(SecretError) -> Secret {
    guard let text = secrets[name] else { throw .missing(name: name, scope: scope) }
    return Secret(text)
  }

  func file(_ name: String, for scope: Scope) throws(SecretError) -> String { "/secrets/" + name }
}

/// The surroundings of the channel `oncall`: a clock that stands at `start`, and a nonce of digits.
func context(
  _ language: MessageLanguage = .english, mentions: [String] = [], secrets: [String: String] = [:],
  clock: TestClock = TestClock(now: start)
) -> ChannelContext {
  ChannelContext(
    id: oncall, style: MessageStyle(language: language, mentions: mentions.map(Mention.init(ofMessage:))),
    secrets: ScriptedSecrets(secrets: secrets), clock: clock, nonce: { "0123456789abcdef0123456789abcdef" })
}

/// A pool of one plain address.
func pool(_ url: String, secret: String? = nil) -> EndpointPool {
  EndpointPool([ChannelEndpoint(url: .plain(url), signingSecret: secret)])
}

/// An answer with a text as its body.
func answer(_ status: Int = 200, _ body: String = "", _ headers: [Label] = []) -> Result<HTTPResponse, TransportError> {
  .success(HTTPResponse(status: status, headers: headers, body: Array(body.utf8)))
}

/// What became of one try.
func outcome(
  of post: Post, by channel: any Channel, over transport: ScriptedTransport
) async -> Result<Receipt, DeliveryError> {
  var outlet = Outlet(http: transport, mail: transport) { _ in }
  do throws(DeliveryError) {
    return .success(try await channel.send(post, through: &outlet))
  } catch {
    return .failure(error)
  }
}

/// An outlet for what never sends.
var silentOutlet: Outlet {
  let transport = ScriptedTransport(.failure(.cancelled))
  return Outlet(http: transport, mail: transport) { _ in }
}

/// The states of a message that every channel has a golden file for.
enum SampleMessage: String, CaseIterable, CustomTestStringConvertible {
  case firing, resolved, many, long, hostile, digest

  var testDescription: String { rawValue }

  var post: Post {
    switch self {
    case .firing: Post([message([highCPU])])
    case .resolved: Post([message([highCPU.resolved(at: at(330))], reason: .allResolved)])
    case .many: Post([message(Self.hosts(60) + [highCPU.resolved(at: at(90))], reason: .newAlerts)])
    case .long:
      Post([
        message([
          alert(
            ["alertname": "HighCPU", "instance": "a:9100", "severity": "warning"],
            annotations: [
              Label("description", String(repeating: "处理器负载过高🔥 and still rising. ", count: 900)),
              Label("summary", String(repeating: "CPU above 90% 告警 ", count: 400)),
            ])
        ])
      ])
    case .hostile: Post([message([Self.attack], group: Self.attack.labels)])
    case .digest:
      Post([
        message([highCPU]), message(Self.hosts(3), group: ["alertname": "HostDown"]),
        message([alert(["alertname": "DiskFull", "severity": "info"]).resolved(at: at(60))], reason: .allResolved),
      ])
    }
  }

  private static func hosts(_ count: Int) -> [Alert] {
    (0..<count).map { number in
      alert(
        ["alertname": "HostDown", "instance": "host-\(number):9100", "severity": "warning"], value: Double(number),
        annotations: [Label("summary", "host-\(number) is down")], rule: "HostDown")
    }
  }

  /// Label values and annotations that try to be markup, mentions, links, headers or line breaks.
  private static let attack = alert(
    [
      "alertname": "*bold* _it_ ~x~ `c` [l](https://evil.example) <b>&amp; <!channel> <@U1> @all <at id=all></at>",
      "instance": "a\r\nBcc: evil@example.com\n# h\n> q\n- l", "path": #"C:\x\"y" | ' $(rm) ;"#,
      "rtl": "\u{202e}gnp.exe\u{202c}\u{200b}\u{200d}", "severity": "<script>", "emoji": "👨‍👩‍👧 e\u{301}",
    ],
    annotations: [
      Label("runbook_url", "javascript:alert(1)"), Label("summary", "}}{{ \"x\" }} </p></body>]]> **b** ||s|| <u>"),
    ], rule: "a\r\nBcc: x", file: "tenants/shop/`x`.yaml")
}

/// Everything that a channel would send for each sample message in both languages, as one readable text for each
/// golden file `channel-<name>-<message>-<language>.txt`; gives the differences.
///
/// `make`: the channel in a context. `answers`: what the destination says, one after the other.
func goldenDifferences(
  _ name: String, secrets: [String: String] = [:], mentions: [String] = [],
  answers: [Result<HTTPResponse, TransportError>], _ messages: [SampleMessage] = SampleMessage.allCases,
  make: (ChannelContext) -> any Channel
) async -> [String] {
  var differences: [String] = []
  for sample in messages {
    for language in MessageLanguage.allCases {
      let transport = ScriptedTransport(answers)
      let channel = make(context(language, mentions: mentions, secrets: secrets))
      let result = await outcome(of: sample.post, by: channel, over: transport)
      var text = ""
      for request in await transport.requests { text += readable(request) }
      text += "=> \(result)\n"
      let file = "channel-\(name)-\(sample.rawValue)-\(language.rawValue).txt"
      if let difference = goldenDifference(text, file) { differences.append(difference) }
    }
  }
  return differences
}

/// A request as text: JSON bodies are indented.
private func readable(_ request: HTTPRequest) -> String {
  var text = request.method + " " + request.url + "\n"
  for header in request.headers { text += header.name + ": " + header.value + "\n" }
  let body = String(decoding: request.body, as: UTF8.self)
  return text + "\n"
    + ((try? JSONValue(parsing: body)).map { String(decoding: $0.bytes(pretty: true), as: UTF8.self) } ?? body) + "\n\n"
}
