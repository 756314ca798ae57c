import Dispatch
import Glibc

/// A connection on which bytes are written and read as they are.
final class RawConnection: Sendable {
  struct Failure: Error { let code: Int32 }

  private let descriptor: Int32

  init(_ port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
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
    guard code == 0 else { throw Failure(code: errno) }
  }

  func close() { _ = Glibc.close(descriptor) }

  func write(_ text: String) async throws {
    let bytes = Array(text.utf8)
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

  /// Writes, then reads up to `end` in what comes, or to the end of the connection.
  func send(_ text: String, until end: String?, keepsOpen: Bool = false) async throws -> String {
    try await write(text)
    let descriptor = descriptor
    let answer = try await blocking {
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
    if !keepsOpen { close() }
    return answer
  }

  /// Runs what blocks on a thread that may.
  private func blocking<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async throws -> Value {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: body()) }
    }
  }
}
