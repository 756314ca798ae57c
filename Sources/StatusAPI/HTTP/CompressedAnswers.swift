import NIOCore
import Synchronization

/// The last answers that were compressed, so that many readers of one document cost one compression.
///
/// An answer is known by its plain bytes and not only by its tag: a weak tag may stand for a text that is a few seconds
/// older. Comparing costs a hundredth of compressing.
final class CompressedAnswers: Sendable {
  struct Entry {
    var plain: ByteBuffer
    var compressed: ByteBuffer
    /// The larger, the later it was asked for.
    var use: UInt64

    var size: Int { plain.readableBytes + compressed.readableBytes }
  }

  struct State {
    var entries: [String: Entry] = [:]
    var size = 0
    var uses: UInt64 = 0

    mutating func keep(_ plain: ByteBuffer, _ compressed: ByteBuffer, as name: String, limit: Int) {
      uses += 1
      let entry = Entry(plain: plain, compressed: compressed, use: uses)
      guard entry.size <= limit / 2 else { return }
      size -= entries.removeValue(forKey: name)?.size ?? 0
      // There are at most a few thousand, and only compressing leads here.
      while size + entry.size > limit, let oldest = entries.min(by: { $0.value.use < $1.value.use }) {
        size -= entries.removeValue(forKey: oldest.key)?.size ?? 0
      }
      entries[name] = entry
      size += entry.size
    }
  }

  /// What is smaller is compressed anew each time.
  static let least = 8 * 1024

  private let limit: Int
  private let state = Mutex(State())

  /// `limit`: of all plain and compressed bytes together.
  init(limit: Int = 32 << 20) {
    self.limit = limit
  }

  /// `plain` compressed; `nil` where that would not be smaller. `name` tells documents apart that replace each other:
  /// a target with its reader.
  func compressed(_ plain: ByteBuffer, of name: String) -> ByteBuffer? {
    guard plain.readableBytes >= Self.least else { return Gzip.compressed(plain) }
    let known: ByteBuffer? = state.withLock { state in
      guard let entry = state.entries[name], entry.plain == plain else { return nil }
      state.uses += 1
      state.entries[name]?.use = state.uses
      return entry.compressed
    }
    if let known { return known }
    guard let compressed = Gzip.compressed(plain) else { return nil }
    state.withLock { $0.keep(plain, compressed, as: name, limit: limit) }
    return compressed
  }

  /// How many bytes are held.
  var size: Int { state.withLock { $0.size } }
}
