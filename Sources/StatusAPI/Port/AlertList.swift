package import Model

/// Entries ascending by ``AlertKey``, in chunks that copies share: a change costs what it concerns, not the whole.
package struct AlertList: Sendable, RandomAccessCollection {
  /// How many entries a chunk has at most.
  private static let chunkLimit = 512

  /// None is empty.
  private var chunks: [[AlertEntry]] = []
  /// The position of each chunk's first entry.
  private var starts: [Int] = []
  package private(set) var count = 0

  package init() {}

  /// These entries, in whatever order; the last one of a key counts.
  package init(_ entries: some Sequence<AlertEntry>) {
    apply(entries.map { .put($0) })
  }

  /// What becomes of one key.
  package enum Change: Sendable {
    case put(AlertEntry)
    case remove(AlertKey)

    fileprivate var key: AlertKey {
      switch self {
      case .put(let entry): entry.key
      case .remove(let key): key
      }
    }
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { count }

  package subscript(position: Int) -> AlertEntry {
    let chunk = starts.lastPosition { $0 <= position } ?? 0
    return chunks[chunk][position - starts[chunk]]
  }

  /// Walks by chunks, which is quicker than by position.
  package func makeIterator() -> some IteratorProtocol<AlertEntry> { chunks.joined().makeIterator() }

  package subscript(key: AlertKey) -> AlertEntry? {
    let position = position(after: key)
    guard position > 0 else { return nil }
    let entry = self[position - 1]
    return entry.key == key ? entry : nil
  }

  /// The alerts with this fingerprint: several where rules or scopes share labels.
  package func with(_ fingerprint: Fingerprint) -> [AlertEntry] {
    var position =
      chunks.lastPosition { $0[0].key.fingerprint < fingerprint }.map { chunk in
        starts[chunk] + (chunks[chunk].lastPosition { $0.key.fingerprint < fingerprint } ?? -1) + 1
      } ?? 0
    var found: [AlertEntry] = []
    while position < count, self[position].key.fingerprint == fingerprint {
      found.append(self[position])
      position += 1
    }
    return found
  }

  /// Where what stands behind `key` begins, whether or not that alert is still there.
  package func position(after key: AlertKey?) -> Int {
    guard let key, let chunk = chunks.lastPosition(where: { $0[0].key <= key }) else { return 0 }
    let within = chunks[chunk].lastPosition { $0.key <= key } ?? -1
    return starts[chunk] + within + 1
  }

  /// Applies changes of any number; the last one of a key counts. Chunks that none concerns stay shared.
  package mutating func apply(_ changes: [Change]) {
    guard !changes.isEmpty else { return }
    let sorted = changes.enumerated()
      .sorted { ($0.element.key, $0.offset) < ($1.element.key, $1.offset) }.map(\.element)
    var rest = sorted[...]
    var result: [[AlertEntry]] = []
    result.reserveCapacity(chunks.count + sorted.count / Self.chunkLimit + 1)
    if chunks.isEmpty { Self.merge([], rest, into: &result) }
    for (index, chunk) in chunks.enumerated() {
      // A chunk takes what comes before the next one begins.
      let end = index + 1 < chunks.count ? rest.prefix { $0.key < chunks[index + 1][0].key }.endIndex : rest.endIndex
      let own = rest[rest.startIndex..<end]
      rest = rest[end...]
      if own.isEmpty { result.append(chunk) } else { Self.merge(chunk, own, into: &result) }
    }
    chunks = result
    starts = []
    starts.reserveCapacity(chunks.count)
    count = 0
    for chunk in chunks {
      starts.append(count)
      count += chunk.count
    }
  }

  private static func merge(
    _ chunk: [AlertEntry], _ changes: ArraySlice<Change>, into result: inout [[AlertEntry]]
  ) {
    var merged: [AlertEntry] = []
    merged.reserveCapacity(chunk.count + changes.count)
    var position = 0
    for (index, change) in changes.enumerated() {
      let key = change.key
      while position < chunk.count, chunk[position].key < key {
        merged.append(chunk[position])
        position += 1
      }
      if position < chunk.count, chunk[position].key == key { position += 1 }
      let next = changes.startIndex + index + 1
      if next < changes.endIndex, changes[next].key == key { continue }
      if case .put(let entry) = change { merged.append(entry) }
    }
    merged += chunk[position...]
    var from = 0
    while from < merged.count {
      // Halves, so that the next additions don't split again.
      let take = merged.count - from > chunkLimit ? chunkLimit / 2 : merged.count - from
      result.append(Array(merged[from..<from + take]))
      from += take
    }
  }
}

extension RandomAccessCollection where Index == Int {
  /// The last position whose element fulfils what all elements before it do too; by halving.
  fileprivate func lastPosition(where isFulfilled: (Element) -> Bool) -> Int? {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if isFulfilled(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low > startIndex ? low - 1 : nil
  }
}
