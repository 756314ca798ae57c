import CZlib
import NIOCore

/// Compression of whole answers with zlib.
enum Gzip {
  /// What is shorter gains nothing: it goes in one packet either way.
  static let least = 1024

  /// From this size on the fastest level: five times as fast as the usual one, for a tenth more bytes.
  static let large = 256 * 1024

  /// `bytes` as one gzip member; `nil` where it would not be smaller, or zlib has no memory.
  static func compressed(_ bytes: ByteBuffer) -> ByteBuffer? {
    let length = bytes.readableBytes
    guard length >= least, length < Int(UInt32.max) else { return nil }
    var output = ByteBuffer()
    var written = 0
    let level: Int32 = length < large ? 4 : 1
    let capacity = belfry_gzip_bound(length)
    let code = bytes.withUnsafeReadableBytes { input in
      output.writeWithUnsafeMutableBytes(minimumWritableBytes: capacity) { space in
        let code = belfry_gzip(
          input.bindMemory(to: UInt8.self).baseAddress, length, space.bindMemory(to: UInt8.self).baseAddress,
          min(space.count, capacity), level, &written)
        return code == Z_OK ? written : 0
      }
    }
    guard code > 0, written < length else { return nil }
    // The bound is about as much as the document; what was needed is a tenth of it.
    return ByteBuffer(buffer: output)
  }
}
