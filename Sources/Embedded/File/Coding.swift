import Foundation
import Model

/// Labels as bytes: each name and each value after its length.
enum LabelCoding {
  static func bytes(_ labels: Labels) -> Data {
    var data = Data()
    for pair in labels.pairs {
      for text in [pair.name, pair.value] {
        data.append(varint: UInt64(text.utf8.count))
        data.append(contentsOf: text.utf8)
      }
    }
    return data
  }

  /// `nil` for what isn't labels' bytes.
  static func labels(_ data: Data) -> Labels? {
    var reader = ByteReader(data)
    var pairs: [Label] = []
    while !reader.isAtEnd {
      guard let name = reader.text(), let value = reader.text() else { return nil }
      pairs.append(Label(name, value))
    }
    return Labels(adopting: pairs)
  }
}

/// Samples of many series in the order in which they came: series and time as differences, values as they are.
enum JournalCoding {
  static func bytes(_ samples: [Head.PendingSample]) -> Data {
    var data = Data(capacity: samples.count * 12)
    var (series, time) = (Int64(0), Int64(0))
    for sample in samples {
      data.append(varint: (sample.series &- series).zigzag)
      data.append(varint: (sample.time &- time).zigzag)
      withUnsafeBytes(of: sample.value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
      (series, time) = (sample.series, sample.time)
    }
    return data
  }

  /// `nil` for what isn't a journal entry's bytes.
  static func samples(_ data: Data) -> [Head.PendingSample]? {
    var reader = ByteReader(data)
    var samples: [Head.PendingSample] = []
    samples.reserveCapacity(data.count / 11)
    var (series, time) = (Int64(0), Int64(0))
    while !reader.isAtEnd {
      guard let seriesStep = reader.varint(), let timeStep = reader.varint(), let bits = reader.word() else {
        return nil
      }
      series &+= Int64(zigzag: seriesStep)
      time &+= Int64(zigzag: timeStep)
      samples.append(.init(series: series, time: time, value: Double(bitPattern: bits)))
    }
    return samples
  }
}

extension Chunk {
  /// The words, each from its lowest byte.
  var data: Data {
    words.withUnsafeBytes { Data($0) }
  }

  /// `nil` for what can't be a chunk.
  init?(first: Int64, last: Int64, count: Int, data: Data) {
    guard data.count.isMultiple(of: 8), count <= data.count * 4 else { return nil }
    let words = [UInt64](unsafeUninitializedCapacity: data.count / 8) { words, wordCount in
      wordCount = data.copyBytes(to: words) / 8
    }
    self.init(checking: first, last: last, count: count, words: words)
  }
}

extension Data {
  fileprivate mutating func append(varint number: UInt64) {
    var number = number
    while number > 0x7f {
      append(UInt8(truncatingIfNeeded: number) | 0x80)
      number >>= 7
    }
    append(UInt8(number))
  }
}

extension Int64 {
  /// Small for small differences of either sign.
  fileprivate var zigzag: UInt64 { UInt64(bitPattern: (self << 1) ^ (self >> 63)) }

  fileprivate init(zigzag: UInt64) {
    self = Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1)
  }
}

/// Reads bytes from the front; `nil` where there are too few.
private struct ByteReader {
  private let data: [UInt8]
  private var position = 0

  init(_ data: Data) {
    self.data = [UInt8](data)
  }

  var isAtEnd: Bool { position == data.count }

  mutating func varint() -> UInt64? {
    var number: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard position < data.count else { return nil }
      let byte = data[position]
      position += 1
      number |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return number }
    }
    return nil
  }

  mutating func word() -> UInt64? {
    guard data.count - position >= 8 else { return nil }
    defer { position += 8 }
    return data.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: UInt64.self)) }
  }

  mutating func text() -> String? {
    guard let length = varint(), length <= UInt64(data.count - position) else { return nil }
    defer { position += Int(length) }
    return String(decoding: data[position..<position + Int(length)], as: UTF8.self)
  }
}
