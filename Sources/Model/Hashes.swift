/// The identity of a label set: FNV-1a 64 over its sorted labels, each name and value followed by the byte 0xFF.
///
/// Alertmanager's fingerprint, byte for byte; printed as 16 lower-case hexadecimal digits.
package struct Fingerprint: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let value: UInt64

  package init(value: UInt64) {
    self.value = value
  }

  package init(_ labels: Labels) {
    var hash = FNV1a()
    for pair in labels.pairs {
      hash.combine(pair.name)
      hash.combine(byte: 0xff)
      hash.combine(pair.value)
      hash.combine(byte: 0xff)
    }
    value = hash.value
  }

  /// Reads the 16 digits of ``description``.
  package init?(_ text: String) {
    guard text.utf8.count == 16, let value = UInt64(text, radix: 16) else { return nil }
    self.value = value
  }

  package var description: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// The 64-bit FNV-1a hash: cheap, stable between runs, not for secrets.
package struct FNV1a: Sendable {
  package private(set) var value: UInt64 = 14_695_981_039_346_656_037

  package init() {}

  package mutating func combine(byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 1_099_511_628_211
  }

  package mutating func combine(_ text: String) {
    combine(text.utf8)
  }

  package mutating func combine(_ bytes: some Sequence<UInt8>) {
    var hash = self
    let isDone: Void? = bytes.withContiguousStorageIfAvailable { buffer in
      for byte in buffer { hash.combine(byte: byte) }
    }
    if isDone == nil {
      for byte in bytes { hash.combine(byte: byte) }
    }
    self = hash
  }

  package mutating func combine(_ number: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) { combine(byte: UInt8(truncatingIfNeeded: number >> shift)) }
  }
}

/// The 64-bit xxHash with seed 0, as Prometheus uses it for group offsets and Alertmanager in its notification log.
///
/// The algorithm is that of the xxHash specification (XXH64).
package func xxHash64(_ bytes: [UInt8]) -> UInt64 {
  let p1: UInt64 = 0x9E37_79B1_85EB_CA87
  let p2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  let p3: UInt64 = 0x1656_67B1_9E37_79F9
  let p4: UInt64 = 0x85EB_CA77_C2B2_AE63
  let p5: UInt64 = 0x27D4_EB2F_1656_67C5
  func rotated(_ x: UInt64, _ by: UInt64) -> UInt64 { (x << by) | (x >> (64 - by)) }
  func round(_ accumulator: UInt64, _ lane: UInt64) -> UInt64 { rotated(accumulator &+ lane &* p2, 31) &* p1 }
  func word(_ at: Int, _ size: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in (0..<size).reversed() { value = value << 8 | UInt64(bytes[at + index]) }
    return value
  }

  var offset = 0
  var hash: UInt64
  if bytes.count >= 32 {
    var lanes = [p1 &+ p2, p2, 0, 0 &- p1]
    while offset + 32 <= bytes.count {
      for lane in 0..<4 { lanes[lane] = round(lanes[lane], word(offset + lane * 8, 8)) }
      offset += 32
    }
    hash = rotated(lanes[0], 1) &+ rotated(lanes[1], 7) &+ rotated(lanes[2], 12) &+ rotated(lanes[3], 18)
    for lane in lanes { hash = (hash ^ round(0, lane)) &* p1 &+ p4 }
  } else {
    hash = p5
  }
  hash &+= UInt64(bytes.count)
  while offset + 8 <= bytes.count {
    hash = rotated(hash ^ round(0, word(offset, 8)), 27) &* p1 &+ p4
    offset += 8
  }
  if offset + 4 <= bytes.count {
    hash = rotated(hash ^ (word(offset, 4) &* p1), 23) &* p2 &+ p3
    offset += 4
  }
  while offset < bytes.count {
    hash = rotated(hash ^ (UInt64(bytes[offset]) &* p5), 11) &* p1
    offset += 1
  }
  hash = (hash ^ (hash >> 33)) &* p2
  hash = (hash ^ (hash >> 29)) &* p3
  return hash ^ (hash >> 32)
}
