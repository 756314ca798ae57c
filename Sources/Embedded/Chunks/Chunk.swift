/// Some samples of one series, compressed: times as differences of differences, values as differences of bits.
///
/// The method is that of Gorilla (Pelkonen and others, VLDB 2015) with steps that suit milliseconds. `words` is a
/// stream of bits, the highest of each word first:
/// - the first time and the bits of the first value, 64 each;
/// - then for each sample its time: `0` when the step is as before, else the change of the step in two's complement
///   after `10` (7 bits), `110` (13), `1110` (21) or `1111` (64);
/// - and its value, XOR the one before: `0` when equal, `10` and the bits of the window used before, or `11`, five bits
///   of leading zeros, six bits of width less one, and so many bits.
///
/// Times ascend strictly.
struct Chunk: Hashable, Sendable {
  /// The time of the first sample, in milliseconds since the epoch.
  var first: Int64
  /// That of the last.
  var last: Int64
  var count: Int
  var words: [UInt64]

  /// What it takes in memory, about.
  var bytes: Int { words.count * 8 + Self.overhead }

  /// Of the value, the array's head and what the allocator adds.
  static let overhead = 80

  /// Whether a sample may lie after `after` and not after `through`.
  func overlaps(_ after: Int64, _ through: Int64) -> Bool {
    last > after && first <= through
  }
}

extension Chunk {
  /// A chunk from a file; `nil` when the numbers can't be a chunk's.
  init?(checking first: Int64, last: Int64, count: Int, words: [UInt64]) {
    // A sample after the first takes two bits at least.
    guard count > 0, words.count >= 2, first <= last, count - 1 <= (words.count - 2) * 32 else { return nil }
    (self.first, self.last, self.count, self.words) = (first, last, count, words)
  }
}
