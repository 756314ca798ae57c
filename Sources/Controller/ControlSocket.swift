import Dispatch
import Glibc
import JSON
// The structs of time belong to whichever module the compiler read first, which differs with the files around.
import SwiftOverlayShims

/// The local socket of a running controller, for those who may open files of its user: `<data-dir>/control.sock`.
///
/// One request and one answer per connection, both JSON, at most 64 KiB, within two seconds.
struct ControlSocket: Sendable {
  /// A request that came, and who sent it.
  struct Call: Sendable {
    fileprivate let descriptor: Int32
    /// The sender's user id, as the kernel tells it.
    let user: UInt32

    /// What was asked; `nil` when it isn't JSON, or didn't come in time.
    func request() -> JSONValue? {
      guard let bytes = ControlSocket.readAll(descriptor) else { return nil }
      return try? JSONValue(parsing: bytes)
    }

    /// Answers, and ends the connection.
    func answer(_ value: JSONValue) {
      ControlSocket.writeAll(value.bytes(), to: descriptor)
      close(descriptor)
    }
  }

  private let listener: Int32
  private let path: String

  static func path(in folder: String) -> String { folder + "/control.sock" }

  /// Begins to listen; a socket left by a process that is gone is replaced.
  init(at path: String) throws(Files.Failure) {
    unlink(path)
    let descriptor = Self.makeSocket()
    guard descriptor >= 0 else { throw Files.Failure(path: path, code: errno) }
    let mask = umask(0o177)
    let code = Self.withAddress(path) { bind(descriptor, $0, $1) }
    umask(mask)
    guard code == 0, listen(descriptor, 8) == 0 else {
      let code = code == nil ? ENAMETOOLONG : errno
      close(descriptor)
      throw Files.Failure(path: path, code: code)
    }
    listener = descriptor
    self.path = path
  }

  /// The calls that come, until the task is cancelled.
  func calls() -> AsyncStream<Call> {
    AsyncStream { continuation in
      let source = DispatchSource.makeReadSource(fileDescriptor: listener, queue: .global())
      source.setEventHandler(qos: .default, flags: []) { [listener] in
        let accepted = accept(listener, nil, nil)
        guard accepted >= 0 else { return }
        _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
        Self.limitTime(accepted)
        continuation.yield(Call(descriptor: accepted, user: Self.user(of: accepted)))
      }
      source.setCancelHandler { [listener, path] in
        close(listener)
        unlink(path)
      }
      source.activate()
      continuation.onTermination = { [held = HeldSource(source)] _ in held.cancel() }
    }
  }

  /// Sends one request to a controller and returns what it says.
  static func ask(_ request: [UInt8], at path: String) throws(CommandFailure) -> String {
    let descriptor = makeSocket()
    guard descriptor >= 0 else { throw CommandFailure(.failed, String(cString: strerror(errno))) }
    defer { close(descriptor) }
    guard withAddress(path, { connect(descriptor, $0, $1) }) == 0 else {
      throw CommandFailure(
        .unreachable,
        "no controller listens at \(path): \(String(cString: strerror(errno))); run this on its machine, with its --data-dir"
      )
    }
    limitTime(descriptor)
    writeAll(request, to: descriptor)
    shutdown(descriptor, Int32(SHUT_WR))
    guard let bytes = readAll(descriptor), let answer = try? JSONValue(parsing: bytes) else {
      throw CommandFailure(.unreachable, "the controller at \(path) gave no answer")
    }
    if let error = answer["error"]?.string { throw CommandFailure(.failed, error) }
    return answer["done"]?.string ?? ""
  }

  // MARK: The operating system's calls

  private static func makeSocket() -> Int32 {
    socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  }

  /// `nil` when the path is too long for a socket's address.
  private static func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
  }

  private static func limitTime(_ descriptor: Int32) {
    var limit = timeval()
    limit.tv_sec = 2
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  private static func user(of descriptor: Int32) -> UInt32 {
    // struct ucred: pid, uid, gid.
    var credentials: (Int32, UInt32, UInt32) = (0, .max, .max)
    var length = socklen_t(MemoryLayout<(Int32, UInt32, UInt32)>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length)
    return credentials.1
  }

  private static func readAll(_ descriptor: Int32) -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while bytes.count <= 1 << 16 {
      let got = read(descriptor, &buffer, buffer.count)
      if got == 0 { return bytes }
      guard got > 0 else { return nil }
      bytes += buffer[..<got]
    }
    return nil
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
    var offset = 0
    while offset < bytes.count {
      let sent = bytes.withUnsafeBytes {
        send(descriptor, $0.baseAddress.map { $0 + offset }, bytes.count - offset, Int32(MSG_NOSIGNAL))
      }
      guard sent > 0 else { return }
      offset += sent
    }
  }
}
