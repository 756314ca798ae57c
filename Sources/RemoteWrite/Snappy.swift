import CSnappy

/// Snappy's block format, by libsnappy.
package enum Snappy {
  /// `bytes` compressed. Only a bug in the library could make it `nil`.
  static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
    var count = snappy_max_compressed_length(bytes.count)
    var isDone = false
    let compressed = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      bytes.withUnsafeBytes { input in
        buffer.withMemoryRebound(to: CChar.self) { output in
          let source = input.assumingMemoryBound(to: CChar.self).baseAddress
          isDone = snappy_compress(source, input.count, output.baseAddress, &count) == SNAPPY_OK
        }
      }
      initialized = isDone ? count : 0
    }
    return isDone ? compressed : nil
  }

  /// What `bytes` were before they were compressed; `nil` when they are not in the format, or larger than `limit`.
  package static func uncompressed(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    bytes.withUnsafeBytes { input -> [UInt8]? in
      let source = input.assumingMemoryBound(to: CChar.self).baseAddress
      var count = 0
      guard snappy_uncompressed_length(source, input.count, &count) == SNAPPY_OK, count <= limit else { return nil }
      var isDone = false
      let plain = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        buffer.withMemoryRebound(to: CChar.self) { output in
          isDone = snappy_uncompress(source, input.count, output.baseAddress, &count) == SNAPPY_OK
        }
        initialized = isDone ? count : 0
      }
      return isDone ? plain : nil
    }
  }
}
