import Model
package import Specs

/// A message as a mail: plain text and HTML, both base64, every line ended by CR LF.
package struct MailMessage: Sendable {
  private let post: Post
  private let content: MessageContent
  private let spec: EmailSpec
  private let sender: MailAddress
  private let recipients: [MailAddress]

  /// The most that both bodies may take before they are encoded. Servers take some 10 MB; readers don't.
  private static let bodyLimit = 256 << 10

  /// - Throws: ``DeliveryError/rejected(_:)`` when an address is none.
  package init(_ post: Post, _ content: MessageContent, spec: EmailSpec) throws(DeliveryError) {
    self.post = post
    self.content = content
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

  /// Each once.
  package var recipientAddresses: [String] {
    var seen: Set<String> = []
    return recipients.map(\.address).filter { seen.insert($0).inserted }
  }

  /// Headers and body.
  package var bytes: [UInt8] {
    let bodies = content.fitted { content in
      (text: content.text(in: PlainText.self, isBelowTitle: false) + "\n", html: content.html ?? MailPage(content).html)
    } accept: {
      $0.text.utf8.count + $0.html.utf8.count <= Self.bodyLimit
    }
    var lines = headers.map { $0.name + ": " + $0.value }
    lines += ["MIME-Version: 1.0", "Content-Type: multipart/alternative; boundary=\"\(boundary)\"", ""]
    lines += part("text/plain", bodies.text.endingLinesAsInMail)
    lines += part("text/html", bodies.html.endingLinesAsInMail)
    lines += ["--" + boundary + "--", ""]
    return Array(lines.joined(separator: "\r\n").utf8)
  }

  // MARK: Headers

  private var headers: [Label] {
    var headers = [
      Label("From", sender.header),
      Label("To", recipients.header),
      Label("Subject", EncodedWord.headerValue(content.title)),
      Label("Date", post.first.at.mailDate),
      Label("Message-ID", "<" + id + end),
    ]
    // No mail has this id; programs put all mails that refer to it into one thread.
    if let thread { headers += [Label("In-Reply-To", thread), Label("References", thread)] }
    headers += [Label("Auto-Submitted", "auto-generated"), Label("X-Auto-Response-Suppress", "All")]
    if content.state != .resolved, content.level == .critical { headers.append(Label("Importance", "high")) }
    for header in spec.headers { headers.set(header) }
    return headers
  }

  /// The same each time that one message is tried, so that duplicates collapse.
  private var id: String {
    "alert-" + hash(post.messages.map { [$0.groupKey, $0.channel.description, $0.reason.rawValue] }.joined())
      + "-" + String(post.first.at.millisecondsSinceEpoch, radix: 36)
  }

  /// The thread of the group, where mails are threaded; a digest belongs to none.
  private var thread: String? {
    guard !post.isDigest, !post.isTest else { return nil }
    let root = "<alert-" + hash([post.first.groupKey])
    switch spec.threading {
    case .off: return nil
    case .none: return root + end
    case .daily: return root + "-" + CivilTime(post.first.at).dateText + end
    }
  }

  private func hash(_ texts: some Sequence<String>) -> String {
    var hash = FNV1a()
    hash.combine(post.first.owner.description)
    for text in texts {
      hash.combine(byte: 0xff)
      hash.combine(text)
    }
    return Fingerprint(value: hash.value).description
  }

  private var end: String { "@" + sender.domain + ">" }

  // MARK: Body

  private var boundary: String { "=_" + id }

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

extension [Label] {
  private static let fixed: Set = [
    "mime-version", "content-type", "content-transfer-encoding", "bcc", "resent-bcc", "message-id",
  ]
  private static let addresses: Set = ["from", "to", "cc", "reply-to", "sender"]

  /// Sets a header as a spec has it, in place of the one of this name. What would break the mail is left out.
  fileprivate mutating func set(_ header: Label) {
    let name = header.name.lowercased()
    let isToken = header.name.utf8.allSatisfy { 0x21...0x7e ~= $0 && $0 != UInt8(ascii: ":") }
    guard isToken, 1...76 ~= name.utf8.count, !Self.fixed.contains(name) else { return }
    var value = EncodedWord.headerValue(header.value, limit: 900)
    if Self.addresses.contains(name) {
      guard let list = MailAddress.list(header.value) else { return }
      value = list.header
    }
    if let index = firstIndex(where: { $0.name.lowercased() == name }) {
      self[index].value = value
    } else {
      append(Label(header.name, value))
    }
  }
}

extension String {
  /// With CR LF at each end of a line, whatever stood there.
  fileprivate var endingLinesAsInMail: String {
    var bytes: [UInt8] = []
    var last: UInt8 = 0
    for byte in utf8 {
      switch byte {
      case UInt8(ascii: "\n") where last == UInt8(ascii: "\r"): break
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): bytes += [0x0d, 0x0a]
      default: bytes.append(byte)
      }
      last = byte
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
