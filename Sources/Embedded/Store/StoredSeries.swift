/// One series: the chunk that grows, and those before it that are in memory.
struct StoredSeries: Sendable {
  /// The number in the file, never used twice.
  var id: Int64
  var open = ChunkEncoder()
  /// The number of the journal entry with the first sample of `open`, or an earlier one.
  var openSince: Int64 = 0
  /// Ascending; the first `saved` are in the file as well.
  var closed: [Chunk] = []
  var saved = 0
  /// The time of the last sample that is in the file and not here.
  var diskThrough = Int64.min
  /// The newest sample.
  var last = Int64.min
  var lastBits: UInt64 = 0

  init(id: Int64) {
    self.id = id
  }

  /// What became of one sample.
  enum Verdict {
    case appended, repeated, duplicate, outOfOrder
  }

  /// Adds a sample; `sequence` is the number that the journal's next entry will have. `bytes` is kept up to date.
  mutating func append(_ time: Int64, _ value: Double, sequence: Int64, bytes: inout Int) -> Verdict {
    let bits = value.bitPattern
    guard time > last || last == .min else {
      guard time == last else { return .outOfOrder }
      return bits == lastBits ? .repeated : .duplicate
    }
    if open.count >= StoreSettings.samplesPerChunk || (open.count > 0 && !open.reaches(time)) { close(bytes: &bytes) }
    if open.count == 0 { openSince = sequence }
    let words = open.words.count
    open.append(time, bits)
    bytes += (open.words.count - words) * 8
    last = time
    lastBits = bits
    return .appended
  }

  /// Ends the chunk that grows, if it has begun.
  mutating func close(bytes: inout Int) {
    guard var chunk = open.chunk else { return }
    // A copy of the exact size: arrays that grow have room to spare.
    chunk.words = chunk.words.withUnsafeBufferPointer(Array.init)
    closed.append(chunk)
    open = ChunkEncoder()
    bytes += Chunk.overhead
  }

  /// What is in memory for a window.
  func chunks(_ after: Int64, _ through: Int64) -> [Chunk] {
    var end = closed.count
    while end > 0, closed[end - 1].first > through { end -= 1 }
    var start = end
    while start > 0, closed[start - 1].last > after { start -= 1 }
    let hasOpen = open.count > 0 && open.last > after && open.first <= through
    var chunks: [Chunk] = []
    chunks.reserveCapacity(end - start + (hasOpen ? 1 : 0))
    chunks += closed[start..<end]
    if hasOpen, let chunk = open.chunk { chunks.append(chunk) }
    return chunks
  }
}

extension ChunkEncoder {
  /// Whether a chunk with a sample of this time is not too long.
  fileprivate func reaches(_ time: Int64) -> Bool {
    let (span, overflow) = time.subtractingReportingOverflow(first)
    return !overflow && span < StoreSettings.longestChunk
  }
}
