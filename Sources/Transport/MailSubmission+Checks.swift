import Model

extension MailSubmission {
  /// Refuses what would say something else in the SMTP dialogue than what is meant. All on bytes.
  func check() throws(TransportError) {
    guard !host.isEmpty, host.utf8.allSatisfy(isHostByte) else {
      throw .unsendable("the mail server's host holds a byte that isn't allowed there, or is empty")
    }
    guard (1...65535).contains(port) else { throw .unsendable("port \(port) isn't one; ports are 1 to 65535") }
    guard !hello.isEmpty, hello.utf8.allSatisfy({ isHostByte($0) && $0 < 0x80 }) else {
      throw .unsendable("the name for EHLO holds a byte that isn't allowed there, or is empty; it is a host's name")
    }
    try checkCredentials()
    try Self.checkMailbox(sender, as: "the sender")
    if recipients.isEmpty { throw .unsendable("the mail has no recipient") }
    for recipient in recipients { try Self.checkMailbox(recipient, as: "a recipient") }
    try checkLineEnds()
    try options.check()
  }

  private func checkCredentials() throws(TransportError) {
    for text in [username, password?.reveal()] {
      guard let text, text.utf8.contains(where: isControlByte) else { continue }
      throw .unsendable("user name or password holds a line break or another control byte")
    }
    if username == nil, password != nil {
      throw .unsendable("a password is set, but no user name; set both or neither")
    }
    if username != nil, security == .none, options.proxy != nil {
      throw .unsendable("a password is sent only over TLS when there is a proxy; use STARTTLS or implicit TLS")
    }
  }

  /// An address as RFC 5321 (4.1.2) writes it, without quoted local parts.
  private static func checkMailbox(_ mailbox: String, as role: String) throws(TransportError) {
    let bytes = mailbox.utf8
    guard !bytes.contains(where: { isControlByte($0) || $0 == 0x20 || $0 == 0x3c || $0 == 0x3e }) else {
      throw .unsendable("\(role) holds a space, a control byte, '<' or '>'; give the bare address")
    }
    let parts = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, bytes.count <= 254 else {
      throw .unsendable("\(role) isn't an address such as 'ana@example.com', of at most 254 bytes")
    }
    guard parts[0].allSatisfy({ $0 < 0x80 }) else {
      throw .unsendable("\(role) has letters beyond ASCII before the '@', which few servers take")
    }
  }

  /// A bare line feed could end the message early at the other side, and begin another one.
  private func checkLineEnds() throws(TransportError) {
    var before: UInt8 = 0
    for (offset, byte) in message.enumerated() {
      if (byte == 0x0a) != (before == 0x0d) {
        throw .unsendable("the message has a bare CR or LF at byte \(offset); its lines end with CR LF")
      }
      before = byte
    }
    if before == 0x0d { throw .unsendable("the message ends with a bare CR; its lines end with CR LF") }
  }
}

/// A name, an IPv4 or an IPv6 address. Names beyond ASCII are for libcurl to encode.
private func isHostByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x80...: true
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
  case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"): true
  default: false
  }
}
