/// Reads the fields of SSH's wire format one after the other (RFC 4251, section 5).
///
/// Each function gives `nil`, and moves nothing, where the bytes end too early.
package struct SSHFields: Sendable {
  private let bytes: [UInt8]
  private var position = 0

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Whether every byte was read.
  package var isAtEnd: Bool { position == bytes.count }

  /// That many bytes as they are.
  package mutating func raw(_ count: Int) -> [UInt8]? {
    guard count >= 0, count <= bytes.count - position else { return nil }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  /// `uint32`: four bytes, the highest first.
  package mutating func number() -> UInt32? {
    raw(4)?.reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// `string`: a length and that many bytes.
  package mutating func string() -> [UInt8]? {
    let start = position
    guard let length = number(), let bytes = raw(Int(length)) else {
      position = start
      return nil
    }
    return bytes
  }

  /// `mpint` that is positive: its bytes, the highest first, without zeros in front.
  ///
  /// One that is zero, negative, or has zeros it needn't have, gives `nil`, since two spellings would be two keys.
  package mutating func positiveInteger() -> [UInt8]? {
    let start = position
    guard let bytes = string(), let first = bytes.first, first < 0x80,
      first != 0 || (bytes.count > 1 && bytes[1] >= 0x80)
    else {
      position = start
      return nil
    }
    return first == 0 ? Array(bytes.dropFirst()) : bytes
  }
}

extension [UInt8] {
  /// These bytes as an SSH `string`: their count in four bytes, and themselves.
  package var sshString: [UInt8] {
    let count = UInt32(truncatingIfNeeded: count)
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> UInt32($0)) } + self
  }
}
