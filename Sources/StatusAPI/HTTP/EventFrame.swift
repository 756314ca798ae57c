import NIOCore

/// How events stand on the wire (WHATWG HTML, "Server-sent events").
enum EventFrame {
  /// What a stream begins with: how long a browser waits before it connects again, in milliseconds.
  static let opening = ByteBuffer(string: "retry: 3000\n\n")

  /// A comment, so that proxies and readers see that the stream lives.
  static let heartbeat = ByteBuffer(string: ": still here\n\n")

  /// What is said when the stream is ended by the server, and is to be opened again.
  static let farewell = ByteBuffer(string: ": goodbye\n\n")

  /// What tells a reader to read everything again: its place in the stream is lost.
  static let lost = ByteBuffer(string: "event: status\ndata: {\"lost\":true}\n\n")

  /// One event. A line break in the data, which no JSON of one line has, begins a line of its own.
  static func bytes(of event: StatusEvent, process: UInt64) -> ByteBuffer {
    var buffer = ByteBuffer()
    buffer.reserveCapacity(event.data.count + 64)
    buffer.writeString("id: \(EventPosition(process: process, number: event.id).text)\nevent: \(event.kind.rawValue)\n")
    for line in event.data.split(omittingEmptySubsequences: false, whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
      buffer.writeString("data: ")
      buffer.writeBytes(line)
      buffer.writeString("\n")
    }
    buffer.writeString("\n")
    return buffer
  }
}

/// A place in the stream of events: its id on the wire.
struct EventPosition: Hashable, Sendable {
  /// Which process counted; numbers begin anew with each.
  var process: UInt64
  var number: UInt64

  init(process: UInt64, number: UInt64) {
    self.process = process
    self.number = number
  }

  /// Reads ``text``.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard
      parts.count == 2, let process = UInt64(parts[0], radix: 36), let number = UInt64(parts[1], radix: 36)
    else { return nil }
    self.init(process: process, number: number)
  }

  var text: String { String(process, radix: 36) + "-" + String(number, radix: 36) }
}
