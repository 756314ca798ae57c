import Model

/// Remote write's messages in protocol buffers' wire format, written by hand: see `docs/decisions/0006`.
///
/// `WriteRequest { repeated TimeSeries = 1 }`, `TimeSeries { repeated Label = 1; repeated Sample = 2 }`,
/// `Label { string name = 1; string value = 2 }`, `Sample { double value = 1; int64 timestamp = 2 }`
/// (prometheus/prometheus `prompb/remote.proto`, `prompb/types.proto`).
enum WriteRequestEncoding {
  /// A field's number and how its value is written, in one byte.
  private enum Key {
    static let first: UInt8 = 0x0a
    static let second: UInt8 = 0x12
    static let value: UInt8 = 0x09
    static let timestamp: UInt8 = 0x10
  }

  /// What one sample takes in a request, in bytes.
  static func size(of labels: Labels, at instant: Timestamp) -> Int {
    delimited(seriesSize(labels, instant))
  }

  /// Adds a series with one sample to a request.
  static func append(_ labels: Labels, _ value: Double, at instant: Timestamp, to bytes: inout [UInt8]) {
    bytes.append(Key.first)
    bytes.append(varint: UInt64(seriesSize(labels, instant)))
    for label in labels.pairs {
      bytes.append(Key.first)
      bytes.append(varint: UInt64(labelSize(label)))
      bytes.append(Key.first)
      bytes.append(text: label.name)
      bytes.append(Key.second)
      bytes.append(text: label.value)
    }
    bytes.append(Key.second)
    bytes.append(varint: UInt64(sampleSize(instant)))
    bytes.append(Key.value)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(Key.timestamp)
    bytes.append(varint: UInt64(bitPattern: instant.millisecondsSinceEpoch))
  }

  private static func seriesSize(_ labels: Labels, _ instant: Timestamp) -> Int {
    labels.pairs.reduce(delimited(sampleSize(instant))) { $0 + delimited(labelSize($1)) }
  }

  private static func labelSize(_ label: Label) -> Int {
    delimited(label.name.utf8.count) + delimited(label.value.utf8.count)
  }

  private static func sampleSize(_ instant: Timestamp) -> Int {
    1 + 8 + 1 + varintSize(UInt64(bitPattern: instant.millisecondsSinceEpoch))
  }

  /// The size of a field of `count` bytes with its key and length.
  private static func delimited(_ count: Int) -> Int { 1 + varintSize(UInt64(count)) + count }

  private static func varintSize(_ number: UInt64) -> Int {
    max(1, (64 - number.leadingZeroBitCount + 6) / 7)
  }
}

extension [UInt8] {
  /// Seven bits in each byte, the lowest first; the eighth says that more follow.
  fileprivate mutating func append(varint number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  fileprivate mutating func append(text: String) {
    append(varint: UInt64(text.utf8.count))
    append(contentsOf: text.utf8)
  }
}
