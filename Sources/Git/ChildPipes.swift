import CLibgit2
import Glibc

/// The three streams of a child.
///
/// Standard input is a socket, so that writing to a child that is gone is an error and not a signal.
struct ChildPipes {
  private var input: (ours: Int32, theirs: Int32) = (-1, -1)
  private var output: (ours: Int32, theirs: Int32) = (-1, -1)
  private var errors: (ours: Int32, theirs: Int32) = (-1, -1)

  /// Which of the child's descriptors are to be which of these.
  var childEnds: [(target: Int32, source: Int32)] { [(0, input.theirs), (1, output.theirs), (2, errors.theirs)] }

  /// Makes the streams; zero, or the system's error number.
  mutating func open() -> Int32 {
    var pair: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else { return errno }
    input = (pair[0], pair[1])
    guard belfry_git_pipe(&pair) == 0 else { return errno }
    output = (pair[0], pair[1])
    guard belfry_git_pipe(&pair) == 0 else { return errno }
    errors = (pair[0], pair[1])
    for descriptor in [output.ours, errors.ours] { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    return 0
  }

  /// Closes what only the child needs, so that its end shows here as end of file.
  mutating func closeChildEnds() {
    Self.close(&input.theirs)
    Self.close(&output.theirs)
    Self.close(&errors.theirs)
  }

  /// Closes all.
  mutating func close() {
    closeChildEnds()
    Self.close(&input.ours)
    Self.close(&output.ours)
    Self.close(&errors.ours)
  }

  private static func close(_ descriptor: inout Int32) {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
  }

  /// Writes what fits into the socket's buffer, which a request always does.
  func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(input.ours, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Waits for output, at most so long, and takes what is there.
  ///
  /// A stream that has ended is closed here, so that it doesn't wake the wait again.
  mutating func receive(_ result: inout ChildProcess.Result, within limit: Duration) {
    var polled = [output.ours, errors.ours].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let hasEnded = polled.allSatisfy { $0.fd < 0 }
    // Between the end of its output and its own end a child needs a moment only.
    let milliseconds = Int32(
      clamping: hasEnded
        ? 1 : max(1, limit.components.seconds * 1000 + limit.components.attoseconds / 1_000_000_000_000_000))
    guard poll(&polled, nfds_t(polled.count), milliseconds) > 0 else { return }
    if polled[0].revents != 0, !Self.read(output.ours, into: &result.output) { Self.close(&output.ours) }
    if polled[1].revents != 0, !Self.read(errors.ours, into: &result.complaint) { Self.close(&errors.ours) }
    if result.complaint.count > 4096 { result.complaint.removeFirst(result.complaint.count - 2048) }
  }

  /// Takes what was still in the streams of a child that has ended.
  mutating func drain(_ result: inout ChildProcess.Result) {
    if output.ours >= 0 { _ = Self.read(output.ours, into: &result.output) }
    if errors.ours >= 0 { _ = Self.read(errors.ours, into: &result.complaint) }
  }

  /// Reads all that is there; `false` at the end of the stream.
  private static func read(_ descriptor: Int32, into bytes: inout [UInt8]) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 16384)
    while bytes.count < 8 << 20 {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return count < 0 && errno == EAGAIN }
      bytes.append(contentsOf: buffer[..<count])
    }
    return true
  }
}
