import Model

/// The head of an answer as it came over the wire.
enum HTTPHead {
  /// The fields of `head`, in order, names as they were written. The status line and what isn't a field is left out.
  static func headers(in head: [UInt8]) -> [Label] {
    head.withUnsafeBufferPointer { head in
      var headers: [Label] = []
      headers.reserveCapacity(12)
      for line in head.split(separator: UInt8(ascii: "\n")).dropFirst() {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
        headers.append(Label(text(line[..<colon]), text(trimmed(line[(colon + 1)...]))))
      }
      return headers
    }
  }

  private static func text(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: bytes), as: UTF8.self)
  }

  private static func trimmed(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Slice<UnsafeBufferPointer<UInt8>> {
    var bytes = bytes.drop(while: isBlank)
    while let last = bytes.last, isBlank(last) { bytes.removeLast() }
    return bytes
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0d
  }
}
