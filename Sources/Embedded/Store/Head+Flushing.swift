import Model

/// What one writing brings to the file, in one transaction.
struct FlushBatch: Sendable {
  /// A chunk that is closed, and where it came from.
  struct SavedChunk: Sendable {
    var series: Int64
    var reference: SeriesReference
    var chunk: Chunk
  }

  var series: [(id: Int64, labels: Labels)] = []
  /// References of `series`, to be offered again when the writing fails.
  var references: [SeriesReference] = []
  var removed: [Int64] = []
  var sequence: Int64 = 0
  var samples: [Head.PendingSample] = []
  var chunks: [SavedChunk] = []
  /// Journal entries before this one aren't needed once this batch is written.
  var journalFrom: Int64 = 0

  var isEmpty: Bool { series.isEmpty && removed.isEmpty && samples.isEmpty && chunks.isEmpty }
}

extension Head {
  /// What there is to write now; ends with ``finish(_:diskBytes:at:)`` or ``fail(_:_:at:)``. `nil` while one is written.
  mutating func takeBatch(now: Timestamp) -> FlushBatch? {
    guard hasFile, !isFlushing else { return nil }
    isFlushing = true
    var batch = FlushBatch()
    batch.sequence = sequence
    sequence += 1
    swap(&batch.samples, &pending)
    swap(&batch.removed, &removed)
    batch.references = unsaved.filter(index.isCurrent)
    batch.series = batch.references.map { (series[Int($0.place)].id, index.labels[Int($0.place)]) }
    unsaved = []
    collectChunks(into: &batch, now)
    return batch
  }

  /// Closes chunks that have become too old to wait for, so that the journal stays short, and takes the closed ones.
  private mutating func collectChunks(into batch: inout FlushBatch, _ now: Timestamp) {
    let oldest = now.millisecondsSinceEpoch &- StoreSettings.longestChunk
    batch.journalFrom = sequence
    for place in series.indices {
      if series[place].open.count > 0, series[place].open.first < oldest { series[place].close(bytes: &chunkBytes) }
      if series[place].open.count > 0 { batch.journalFrom = min(batch.journalFrom, series[place].openSince) }
      guard series[place].saved < series[place].closed.count else { continue }
      let reference = index.reference(UInt32(place))
      for chunk in series[place].closed[series[place].saved...] {
        batch.chunks.append(.init(series: series[place].id, reference: reference, chunk: chunk))
      }
    }
  }

  /// Notes that a batch is in the file.
  mutating func finish(_ batch: FlushBatch, diskBytes: Int, at now: Timestamp) {
    isFlushing = false
    self.diskBytes = diskBytes
    writing = .working(last: now)
    for item in batch.chunks where index.isCurrent(item.reference) {
      let place = Int(item.reference.place)
      // Room may have been made meanwhile, from the front.
      guard series[place].saved < series[place].closed.count,
        series[place].closed[series[place].saved].first == item.chunk.first
      else { continue }
      series[place].saved += 1
    }
    triedAt = 0
    makeRoom()
  }

  /// Puts back what wasn't written; it is tried again with the next batch.
  mutating func fail(_ batch: FlushBatch, _ reason: String, at now: Timestamp) {
    isFlushing = false
    if case .failing(let since, _) = writing {
      writing = .failing(since: since, reason: reason)
    } else {
      writing = .failing(since: now, reason: reason)
    }
    removed = batch.removed + removed
    unsaved = batch.references + unsaved
    pending = batch.samples + pending
    // What is beyond the limit is in memory still, and in the file once its chunk is.
    if pending.count > Self.mostPending { pending.removeFirst(pending.count - Self.mostPending) }
    triedAt = 0
    makeRoom()
  }

  /// Forgets what is older than the retention, series with nothing younger among them.
  ///
  /// When there are as many series as may be, those whose last sample is an hour old or older go too, the longest ended
  /// first, until a twentieth is free.
  mutating func retire(now: Timestamp) {
    if let retention = settings.retention {
      let cut = (now - retention).millisecondsSinceEpoch
      for place in series.indices where series[place].id != 0 {
        if series[place].last < cut { remove(UInt32(place)) } else { forget(place, before: cut) }
      }
    }
    guard index.count >= settings.maxSeries else { return }
    let ended = now.millisecondsSinceEpoch &- StoreSettings.longestChunk
    let candidates = series.indices.filter { series[$0].id != 0 && series[$0].last < ended }
      .sorted { series[$0].last < series[$1].last }
    let excess = index.count - settings.maxSeries / 20 * 19
    for place in candidates.prefix(excess) { remove(UInt32(place)) }
  }

  private mutating func forget(_ place: Int, before cut: Int64) {
    guard let first = series[place].closed.first, first.last < cut else { return }
    let lost = lostSamples
    drop(place, endingBefore: cut, unsavedToo: true)
    lostSamples = lost
  }
}
