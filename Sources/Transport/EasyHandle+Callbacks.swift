import CCurl
import Glibc
import Model

extension EasyHandle {
  /// The largest head of an answer, in bytes.
  static let headLimit = 64 << 10

  /// What libcurl calls, on the thread, while it works on a handle that its caller holds on to.
  static func callbacks(loop: OpaquePointer) -> ccurl_callbacks {
    ccurl_callbacks(
      on_head: { bytes, size, count, context in
        let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
        return EasyHandle.of(context: context)?.take(headLine: line) == true ? line.count : 0
      },
      on_body: { bytes, size, count, context in
        let part = UnsafeRawBufferPointer(start: bytes, count: size * count)
        return EasyHandle.of(context: context)?.take(body: part) == true ? part.count : 0
      },
      on_upload: { bytes, size, count, context in
        let space = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
        return EasyHandle.of(context: context)?.giveMessage(into: space) ?? 0
      },
      on_address: { context, bytes, length in
        let address = IPAddress(UnsafeBufferPointer(start: bytes, count: Int(length)))
        return EasyHandle.of(context: context)?.mayConnect(to: address) == true ? 0 : 1
      },
      on_socket_error: { context, error in
        let reason = "no socket could be opened: \(String(cString: strerror(error)).lowercased())"
        EasyHandle.of(context: context)?.progress.failure = .unreachable(reason)
      },
      context: nil,
      loop: loop,
      leaves_without_waiting: false,
      has_left: false)
  }

  static func of(context: UnsafeMutableRawPointer?) -> EasyHandle? {
    context.map { Unmanaged<EasyHandle>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Takes one line of a head or of the mail dialogue; `false` to break off.
  private func take(headLine line: UnsafeRawBufferPointer) -> Bool {
    if progress.mail != nil { return take(replyLine: line) }
    if line.starts(with: "HTTP/".utf8) {
      // A new head: what came before was a provisional answer such as 100.
      progress.head.removeAll(keepingCapacity: true)
      progress.isHeadWhole = false
    } else if progress.isHeadWhole {
      // A trailer, which came after the head was judged.
      return true
    }
    guard progress.head.count + line.count <= Self.headLimit else {
      progress.failure = .tooLarge(limit: Self.headLimit)
      return false
    }
    if let first = line.first, first == UInt8(ascii: "\r") || first == UInt8(ascii: "\n") {
      progress.isHeadWhole = true
    } else {
      progress.head.append(contentsOf: line)
    }
    return true
  }

  private func take(replyLine line: UnsafeRawBufferPointer) -> Bool {
    // The goodbye may still come in; it must not stand for the answer to the mail.
    if callbacks.pointee.has_left { return true }
    if progress.mail?.dialogue.take(line) != false { return true }
    progress.failure = .unsendable(
      "the mail server offers no login, but a user name is set; "
        + "remove the user name, or use a port and security with which the server offers AUTH")
    return false
  }

  /// Takes a part of the body, decompressed; `false` to break off.
  private func take(body part: UnsafeRawBufferPointer) -> Bool {
    let room = progress.responseLimit - progress.body.count
    guard part.count <= room else {
      if progress.cutsLongAnswers {
        progress.body.append(contentsOf: part.prefix(room))
        progress.isCut = true
        return false
      }
      progress.failure = .tooLarge(limit: progress.responseLimit)
      progress.body = []
      return false
    }
    progress.body.append(contentsOf: part)
    return true
  }

  /// Fills `space` with what comes next of the message, and says how much that is; 0 at its end.
  private func giveMessage(into space: UnsafeMutableRawBufferPointer) -> Int {
    guard let mail = progress.mail else { return 0 }
    let part = mail.message[mail.sent...].prefix(space.count)
    space.copyBytes(from: part)
    progress.mail?.sent += part.count
    return part.count
  }

  /// Asked before a socket is opened, so of each address that the name stands for.
  private func mayConnect(to address: IPAddress?) -> Bool {
    guard let address else { return false }
    if let reason = progress.egress.refusal(of: address) {
      progress.failure = .refusedByPolicy(reason)
      return false
    }
    if progress.mail?.needsLoopback == true, address.range != .loopback {
      progress.failure = .unsendable(
        "a password is sent only over TLS, and '\(address)' isn't loopback; use STARTTLS or implicit TLS")
      return false
    }
    return true
  }

  /// Asked before a request goes out, since a kept connection may have been opened under another policy.
  func mayUse(connectionTo text: UnsafePointer<CChar>?) -> Bool {
    guard let text else { return true }
    return mayConnect(to: IPAddress(String(cString: text)))
  }
}
