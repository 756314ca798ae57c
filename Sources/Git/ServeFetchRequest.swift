import Dispatch
import Glibc

/// Reads one request, does it, writes the outcome: all that the child process of ``FetchChild`` does.
///
/// The process ends when its input is closed before the answer is written, so that it doesn't outlive its parent.
///
/// - Returns: the status to exit with: 0 where an outcome was written, 64 where no request was read.
package func serveFetchRequest(input: Int32 = 0, output: Int32 = 1) -> Int32 {
  var bytes: [UInt8] = []
  while !WireText.isWhole(bytes), readSome(input, into: &bytes) {}
  guard let request = FetchRequest(wire: bytes) else { return 64 }
  DispatchQueue(label: "belfry.git.parent").async {
    var rest: [UInt8] = []
    while readSome(input, into: &rest) {}
    _exit(1)
  }
  let outcome = fetchInProcess(request, isDurable: true)
  return writeAll(outcome.wireBytes, to: output) ? 0 : 1
}

/// Waits for bytes; `false` at the end of the stream.
private func readSome(_ descriptor: Int32, into bytes: inout [UInt8]) -> Bool {
  var buffer = [UInt8](repeating: 0, count: 16384)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { return false }
    bytes.append(contentsOf: buffer[..<count])
    return true
  }
}

private func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { return false }
    rest = rest.dropFirst(count)
  }
  return true
}
