import Model
package import Specs

/// A message as a mail: plain text and HTML, both base64, every line ended by CR LF.
package struct MailMessage: Sendable {
  private let text: MessageText
  private let spec: EmailSpec
  private let sender: MailAddress
  private let recipients: [MailAddress]

  /// - Throws: ``DeliveryError/rejected(_:)`` when an address is none.
  package init(_ text: MessageText, spec: EmailSpec) throws(DeliveryError) {
    self.text = text
    self.spec = spec
    guard let sender = MailAddress(spec.from) else { throw .rejected("'\(spec.from)' is not a mail address") }
    self.sender = sender
    var recipients: [MailAddress] = []
    for address in spec.to {
      guard let recipient = MailAddress(address) else { throw .rejected("'\(address)' is not a mail address") }
      recipients.append(recipient)
    }
    self.recipients = recipients
  }

  package var senderAddress: String { sender.address }
  package var recipientAddresses: [String] { recipients.map(\.address) }

  /// Headers and body.
  package var bytes: [UInt8] {
    var lines = headers.map { $0.name + ": " + $0.value }
    lines += ["MIME-Version: 1.0", "Content-Type: multipart/alternative; boundary=\"\(boundary)\"", ""]
    lines += part("text/plain", text.lines.joined(separator: "\r\n") + "\r\n")
    lines += part("text/html", MailPage(text).html)
    lines += ["--" + boundary + "--", ""]
    return Array(lines.joined(separator: "\r\n").utf8)
  }

  private var headers: [Label] {
    var headers = [
      Label("From", sender.header),
      Label("To", recipients.map(\.header).joined(separator: ",\r\n ")),
      Label("Subject", EncodedWord.headerValue(text.title)),
      Label("Date", text.message.at.mailDate),
      Label("Message-ID", "<" + thread + "-" + String(text.message.at.millisecondsSinceEpoch, radix: 36) + end),
      // No mail has this id; programs put all mails that refer to it into one thread.
      Label("In-Reply-To", "<" + thread + end),
      Label("References", "<" + thread + end),
      Label("Auto-Submitted", "auto-generated"),
      Label("X-Auto-Response-Suppress", "All"),
    ]
    if text.message.status == .firing, text.severity == "critical" { headers.append(Label("Importance", "high")) }
    for header in spec.headers {
      let value = EncodedWord.headerValue(header.value, limit: 900)
      if let index = headers.firstIndex(where: { $0.name.lowercased() == header.name.lowercased() }) {
        headers[index].value = value
      } else if header.name.utf8.allSatisfy({ 0x21...0x7e ~= $0 && $0 != UInt8(ascii: ":") }) {
        headers.append(Label(header.name, value))
      }
    }
    return headers
  }

  /// The same for all mails about one group, and for each attempt to send one, so that duplicates collapse.
  private var thread: String {
    var hash = FNV1a()
    hash.combine(text.message.owner.description)
    hash.combine(byte: 0xff)
    hash.combine(text.message.groupKey)
    return "alert-" + Fingerprint(value: hash.value).description
  }

  private var end: String { "@" + sender.domain + ">" }

  private var boundary: String { "=_" + thread }

  private func part(_ type: String, _ body: String) -> [String] {
    var lines = [
      "--" + boundary, "Content-Type: " + type + "; charset=utf-8", "Content-Transfer-Encoding: base64", "",
    ]
    let encoded = Array(body.utf8.base64.utf8)
    for start in stride(from: 0, to: encoded.count, by: 76) {
      lines.append(String(decoding: encoded[start..<min(start + 76, encoded.count)], as: UTF8.self))
    }
    return lines
  }
}
