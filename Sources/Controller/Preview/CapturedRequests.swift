import JSON
import Model
import Notifier
import Specs
import Synchronization

/// A transport that keeps what it is asked to send, and always gives the same answer.
final class CapturedRequests: HTTPTransport, MailTransport {
  /// Yes, in the words of all vendors; a channel takes one of them for it.
  static let consents = [
    HTTPResponse(
      status: 200,
      body: Array(
        (#"{"ok":true,"code":0,"StatusCode":0,"errcode":0,"Code":"OK","status":"success","ts":"1.2","channel":"C1","#
          + #""result":{"message_id":7},"id":"9","event":"message"}"#).utf8)),
    HTTPResponse(status: 200, body: Array("ok".utf8)), HTTPResponse(status: 202),
    HTTPResponse(status: 202, body: Array(#"{"status":"success"}"#.utf8)),
    HTTPResponse(status: 201, body: Array(#"{"sid":"SM1","status":"queued"}"#.utf8)),
  ]

  private let answer: HTTPResponse
  private let state = Mutex<(requests: [HTTPRequest], mails: [MailSubmission], lines: [String])>(([], [], []))

  init(answer: HTTPResponse) {
    self.answer = answer
  }

  /// Where a channel may send to.
  var outlet: Outlet {
    Outlet(http: self, mail: self) { line in self.state.withLock { $0.lines.append(line) } }
  }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    state.withLock { $0.requests.append(request) }
    return answer
  }

  func submit(_ mail: MailSubmission) async throws(MailError) -> String {
    state.withLock { $0.mails.append(mail) }
    return "250 kept"
  }

  /// Everything as text for people: of requests the line, the headers and the body; of mails headers and parts.
  var text: String {
    state.withLock { state in
      let all = state.requests.map(Self.readable) + state.mails.map(Self.readable) + state.lines
      return all.joined(separator: "\n\n") + "\n"
    }
  }

  private static func readable(_ request: HTTPRequest) -> String {
    var lines = [request.method + " " + request.url]
    lines += request.headers.map {
      $0.name + ": " + ($0.name.lowercased() == "authorization" ? "‹redacted›" : $0.value)
    }
    let body = String(decoding: request.body, as: UTF8.self)
    let shown = (try? JSONValue(parsing: body)).map { String(decoding: $0.bytes(pretty: true), as: UTF8.self) } ?? body
    return lines.joined(separator: "\n") + "\n\n" + shown
  }

  /// The mail as it goes out, with the parts in base64 made readable.
  private static func readable(_ mail: MailSubmission) -> String {
    var lines = ["MAIL FROM " + mail.sender] + mail.recipients.map { "RCPT TO " + $0 } + [""]
    var encoded: String?
    for bytes in mail.message.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let line = String(decoding: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes, as: UTF8.self)
      if let text = encoded {
        guard line.hasPrefix("--") else {
          encoded = text + line
          continue
        }
        lines += decoded(text)
        encoded = nil
      }
      lines.append(line)
      if line.isEmpty, lines.suffix(4).contains("Content-Transfer-Encoding: base64") { encoded = "" }
    }
    return lines.joined(separator: "\n")
  }

  private static func decoded(_ text: String) -> [String] {
    guard let bytes = text.utf8.base64Decoded else { return [text] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
      .map(String.init)
  }
}

/// Stands in for secrets where nothing is sent: each shows as its name, in a form that its channel takes.
struct NamedSecrets: SecretResolver {
  let spec: ChannelSpec

  func secret(_ name: String, for scope: Scope) throws(SecretError) -> Secret {
    switch spec.destination {
    case .telegram: return Secret("123456:secret-" + name.filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
    case .webhook(let webhook) where webhook.signature?.secret == name:
      return Secret("whsec_" + "secret \(name)".utf8.base64)
    default: return Secret("{secret: \(name)}")
    }
  }

  func file(_ name: String, for scope: Scope) throws(SecretError) -> String { "{secret: \(name)}" }
}
