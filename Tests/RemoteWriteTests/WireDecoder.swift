import Model

/// A series of a `WriteRequest` as a receiver reads it.
struct DecodedSeries: Hashable {
  var labels: [Label] = []
  var samples: [DecodedSample] = []
}

/// A sample as a receiver reads it, its value by bits.
struct DecodedSample: Hashable {
  var bits: UInt64 = 0
  var at: Int64 = 0
}

/// Reads protocol buffers without knowing anything of how they were written.
struct WireDecoder {
  struct Malformed: Error {}

  private let bytes: ArraySlice<UInt8>
  private var offset: Int

  private init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    offset = bytes.startIndex
  }

  static func series(_ message: [UInt8]) throws -> [DecodedSeries] {
    try fields(message[...]).map { field in
      guard case (1, .bytes(let bytes)) = field else { throw Malformed() }
      return try series(bytes)
    }
  }

  private static func series(_ message: ArraySlice<UInt8>) throws -> DecodedSeries {
    var series = DecodedSeries()
    for field in try fields(message) {
      switch field {
      case (1, .bytes(let bytes)): series.labels.append(try label(bytes))
      case (2, .bytes(let bytes)): series.samples.append(try sample(bytes))
      default: throw Malformed()
      }
    }
    return series
  }

  private static func label(_ message: ArraySlice<UInt8>) throws -> Label {
    var label = Label("", "")
    for field in try fields(message) {
      switch field {
      case (1, .bytes(let bytes)): label.name = String(decoding: bytes, as: UTF8.self)
      case (2, .bytes(let bytes)): label.value = String(decoding: bytes, as: UTF8.self)
      default: throw Malformed()
      }
    }
    return label
  }

  private static func sample(_ message: ArraySlice<UInt8>) throws -> DecodedSample {
    var sample = DecodedSample()
    for field in try fields(message) {
      switch field {
      case (1, .fixed(let bits)): sample.bits = bits
      case (2, .number(let number)): sample.at = Int64(bitPattern: number)
      default: throw Malformed()
      }
    }
    return sample
  }

  private enum Value {
    case number(UInt64)
    case fixed(UInt64)
    case bytes(ArraySlice<UInt8>)
  }

  private static func fields(_ message: ArraySlice<UInt8>) throws -> [(Int, Value)] {
    var decoder = WireDecoder(message)
    var fields: [(Int, Value)] = []
    while decoder.offset < message.endIndex {
      let key = try decoder.varint()
      fields.append((Int(key >> 3), try decoder.value(UInt8(key & 7))))
    }
    return fields
  }

  private mutating func value(_ type: UInt8) throws -> Value {
    switch type {
    case 0: return .number(try varint())
    case 1: return .fixed(try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) })
    case 2: return .bytes(try take(Int(try varint())))
    default: throw Malformed()
    }
  }

  private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, bytes.endIndex - offset >= count else { throw Malformed() }
    defer { offset += count }
    return bytes[offset..<offset + count]
  }

  private mutating func varint() throws -> UInt64 {
    var number: UInt64 = 0
    for shift in stride(from: 0, to: 64, by: 7) {
      guard let byte = try take(1).first else { throw Malformed() }
      number |= UInt64(byte & 0x7f) << UInt64(shift)
      if byte < 0x80 { return number }
    }
    throw Malformed()
  }
}
