import Glibc
import Model

/// One end of a TCP connection, read and written by one thread.
struct LoopbackSocket {
  /// What the system said when a port could not be had.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// `POLLRDHUP`, a macro that isn't imported.
  private static let otherSideGone: Int16 = 0x2000

  var descriptor: Int32

  /// Closes the descriptor in processes that the test starts, lest they hold the connection open.
  static func keepFromChildren(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  /// A listening socket on a free port of loopback.
  static func listening(ipv6: Bool) throws -> (descriptor: Int32, port: Int) {
    let family = ipv6 ? AF_INET6 : AF_INET
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Failure(description: "no socket: \(String(cString: strerror(errno)))") }
    keepFromChildren(descriptor)
    guard bindToLoopback(descriptor, ipv6: ipv6), listen(descriptor, 1024) == 0 else {
      let reason = String(cString: strerror(errno))
      close(descriptor)
      throw Failure(description: "no port on \(ipv6 ? "[::1]" : "127.0.0.1"): \(reason)")
    }
    return (descriptor, port(of: descriptor))
  }

  private static func bindToLoopback(_ descriptor: Int32, ipv6: Bool) -> Bool {
    if ipv6 {
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_addr = in6addr_loopback
      return withSocketAddress(&address) { bind(descriptor, $0, $1) == 0 }
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return withSocketAddress(&address) { bind(descriptor, $0, $1) == 0 }
  }

  private static func withSocketAddress<Address, Result>(
    _ address: inout Address, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<Address>.size)) }
    }
  }

  private static func port(of descriptor: Int32) -> Int {
    var address = sockaddr_in6()
    return withUnsafeMutablePointer(to: &address) { pointer in
      var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
      // The port lies at the same place in both families' addresses.
      return Int(UInt16(bigEndian: pointer.pointee.sin6_port))
    }
  }

  /// Adds what there is to `buffer`; `false` at the end of the stream or once the connection is gone.
  func read(into buffer: inout [UInt8]) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      buffer.append(contentsOf: chunk[..<count])
      return true
    }
  }

  /// Writes everything; `false` once the other side is gone.
  func write(_ bytes: some Collection<UInt8>) -> Bool {
    let bytes = Array(bytes)
    let noSignal = Int32(MSG_NOSIGNAL)
    return bytes.withUnsafeBytes { buffer in
      var sent = 0
      while sent < buffer.count {
        let count = send(descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent, noSignal)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }
  }

  /// Waits until the other side goes, whatever it says until then.
  func waitForEnd() {
    var ignored: [UInt8] = []
    while read(into: &ignored) { ignored.removeAll() }
  }

  /// Waits for `other` to become readable or for so long; `false` when the other side went first.
  func stays(until other: Int32?, atMost milliseconds: Int32) -> Bool {
    var descriptors = [pollfd(fd: descriptor, events: Self.otherSideGone, revents: 0)]
    if let other { descriptors.append(pollfd(fd: other, events: Int16(POLLIN), revents: 0)) }
    while poll(&descriptors, nfds_t(descriptors.count), milliseconds) < 0, errno == EINTR {}
    return descriptors[0].revents == 0
  }
}

/// Takes requests off a connection, one after the other.
struct LoopbackRequestReader {
  let socket: LoopbackSocket
  let connection: Int
  private var buffer: [UInt8] = []

  init(socket: LoopbackSocket, connection: Int) {
    self.socket = socket
    self.connection = connection
  }

  /// The next request, or `nil` when there is no more or it is not HTTP.
  mutating func next() -> LoopbackRequest? {
    while let line = line() {
      if line.isEmpty { continue }
      let words = line.split(separator: " ")
      guard words.count == 3, let headers = headers() else { return nil }
      var request = LoopbackRequest(
        method: String(words[0]), target: String(words[1]), headers: headers, body: [], connection: connection)
      guard let body = body(of: request) else { return nil }
      request.body = body
      return request
    }
    return nil
  }

  private mutating func headers() -> [Label]? {
    var headers: [Label] = []
    while let line = line() {
      if line.isEmpty { return headers }
      guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      headers.append(Label(String(line[..<colon]), String(value)))
    }
    return nil
  }

  private mutating func body(of request: LoopbackRequest) -> [UInt8]? {
    if request.header("Transfer-Encoding")?.lowercased() == "chunked" { return chunks() }
    guard let length = request.header("Content-Length") else { return [] }
    return Int(length).flatMap { bytes($0) }
  }

  private mutating func chunks() -> [UInt8]? {
    var body: [UInt8] = []
    while let line = line(), let size = Int(line.prefix { $0 != ";" }, radix: 16), let chunk = bytes(size) {
      body += chunk
      guard self.line() != nil else { return nil }
      if size == 0 { return body }
    }
    return nil
  }

  private mutating func line() -> String? {
    var searched = 0
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = buffer[..<end].last == UInt8(ascii: "\r") ? buffer[..<(end - 1)] : buffer[..<end]
        let text = String(decoding: line, as: UTF8.self)
        buffer.removeSubrange(...end)
        return text
      }
      searched = buffer.count
      guard socket.read(into: &buffer) else { return nil }
    }
  }

  private mutating func bytes(_ count: Int) -> [UInt8]? {
    while buffer.count < count {
      guard socket.read(into: &buffer) else { return nil }
    }
    let bytes = Array(buffer[..<count])
    buffer.removeSubrange(..<count)
    return bytes
  }
}

/// Puts one answer on a connection in the way it asks for.
struct LoopbackAnswerWriter {
  let socket: LoopbackSocket
  let request: LoopbackRequest
  let gate: LoopbackGate

  /// `false` when the connection is done with.
  func write(_ answer: LoopbackAnswer) -> Bool {
    switch answer.delivery {
    case .whole:
      return writeWhole(answer)
    case .held:
      return socket.stays(until: gate.descriptor, atMost: -1) && writeWhole(answer)
    case .after(let wait):
      let milliseconds = wait.components.seconds * 1000 + wait.components.attoseconds / 1_000_000_000_000_000
      return socket.stays(until: nil, atMost: Int32(clamping: milliseconds)) && writeWhole(answer)
    case .chunked(let size):
      return writeChunks(answer, size: size, total: answer.body.count)
    case .repeating(let total, let announced):
      return announced ? writeRepeatedly(answer, total: total) : writeChunks(answer, size: 64 << 10, total: total)
    case .cut(let count):
      _ = socket.write(head(of: answer, length: answer.body.count) + answer.body.prefix(count))
    case .stalling(let count):
      if socket.write(head(of: answer, length: answer.body.count) + answer.body.prefix(count)) { socket.waitForEnd() }
    case .silent:
      socket.waitForEnd()
    case .dropped:
      break
    }
    return false
  }

  private var goesOn: Bool { request.header("Connection")?.lowercased() != "close" }

  private func writeWhole(_ answer: LoopbackAnswer) -> Bool {
    let hasNoBody = answer.status == 204 || answer.status == 304
    let head = head(of: answer, length: hasNoBody ? nil : answer.body.count)
    let body = hasNoBody || request.method == "HEAD" ? [] : answer.body
    return socket.write(head + body) && goesOn
  }

  private func writeRepeatedly(_ answer: LoopbackAnswer, total: Int) -> Bool {
    guard socket.write(head(of: answer, length: total)) else { return false }
    var left = total
    while left > 0 {
      guard socket.write(answer.body.prefix(left)) else { return false }
      left -= min(left, answer.body.count)
    }
    return goesOn
  }

  private func writeChunks(_ answer: LoopbackAnswer, size: Int, total: Int) -> Bool {
    guard socket.write(head(of: answer, length: nil) + Array("Transfer-Encoding: chunked\r\n\r\n".utf8)) else {
      return false
    }
    var left = total
    var source = answer.body[...]
    while left > 0 {
      let chunk = source.prefix(min(size, left))
      guard socket.write(Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + Array("\r\n".utf8)) else {
        return false
      }
      left -= chunk.count
      source = source.dropFirst(chunk.count)
      if source.isEmpty { source = answer.body[...] }
    }
    return socket.write(Array("0\r\n\r\n".utf8)) && goesOn
  }

  /// Status line and headers. Ends with the empty line unless the body comes in chunks.
  private func head(of answer: LoopbackAnswer, length: Int?) -> [UInt8] {
    var head = "HTTP/1.1 \(answer.status) Status\r\n"
    for header in answer.headers { head += "\(header.name): \(header.value)\r\n" }
    switch (answer.delivery, length) {
    case (_, let length?): head += "Content-Length: \(length)\r\n\r\n"
    case (.chunked, nil), (.repeating, nil): break
    case (_, nil): head += "\r\n"
    }
    return Array(head.utf8)
  }
}
