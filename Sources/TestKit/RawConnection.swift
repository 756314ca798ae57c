import Dispatch
import Glibc

/// A connection on which bytes are written and read as they are.
package final class RawConnection: Sendable {
  /// What connecting failed with: the system's number.
  package struct Failure: Error { package let code: Int32 }

  private let descriptor: Int32

  /// Connects to `port` on loopback. `receiveBuffer`: how many bytes the system takes for it unread.
  package init(_ port: Int, receiveBuffer: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var size = receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    // Nothing hangs for ever.
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0 else {
      let failure = Failure(code: errno)
      close()
      throw failure
    }
  }

  /// Ends the connection.
  package func close() { _ = Glibc.close(descriptor) }

  /// Writes text, as far as the other end takes it.
  package func write(_ text: String) async throws { try await write(Array(text.utf8)) }

  /// Writes bytes, as far as the other end takes them.
  package func write(_ bytes: [UInt8]) async throws {
    let descriptor = descriptor
    try await blocking {
      var offset = 0
      while offset < bytes.count {
        let wrote = bytes.withUnsafeBytes {
          Glibc.send(descriptor, $0.baseAddress.map { $0 + offset }, bytes.count - offset, Int32(MSG_NOSIGNAL))
        }
        // Who was refused stops sending.
        guard wrote > 0 else { return }
        offset += wrote
      }
    }
  }

  /// Says that nothing more is written.
  package func finishWriting() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// Writes, then reads up to `end` in what comes, or to the end of the connection.
  package func send(_ text: String, until end: String?, keepsOpen: Bool = false) async throws -> String {
    try await write(text)
    let answer = try await read(until: end)
    if !keepsOpen { close() }
    return answer
  }

  /// Reads up to `end` in what comes, or to the end of the connection; what came behind `end` is in it too.
  package func read(until end: String?) async throws -> String {
    let descriptor = descriptor
    return try await blocking {
      var answer: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { break }
        answer += buffer[..<count]
        if let end, String(decoding: answer, as: UTF8.self).contains(end) { break }
      }
      return String(decoding: answer, as: UTF8.self)
    }
  }

  /// Runs what blocks on a thread that may.
  private func blocking<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async throws -> Value {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: body()) }
    }
  }
}
