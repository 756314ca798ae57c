import Model

/// Everything a ``SampleStore`` has in memory, and every decision about it. Time is an argument.
struct Head: Sendable {
  /// A sample that the journal doesn't have yet.
  struct PendingSample: Hashable, Sendable {
    var series: Int64
    var time: Int64
    var value: Double
  }

  let settings: StoreSettings
  /// Whether there is a file that what is appended must reach.
  let hasFile: Bool
  var index = SeriesIndex()
  /// By place.
  var series: [StoredSeries] = []
  var counts = SampleCounts()
  var refusedSeries = 0
  var lostSamples = 0
  var damagedChunks = 0
  /// What chunks take, and what series take.
  var chunkBytes = 0
  var seriesBytes = 0

  var pending: [PendingSample] = []
  /// Places of series that the file doesn't have yet, and numbers of those it must give up.
  var unsaved: [SeriesReference] = []
  var removed: [Int64] = []
  /// The number of the journal's next entry.
  var sequence: Int64 = 1
  var nextID: Int64 = 1
  var writing: StoreStatus.Writing
  /// Whether a flush is under way: there is one at a time.
  var isFlushing = false
  var diskBytes = 0
  /// Below so many bytes another look for samples that could leave memory is in vain.
  var triedAt = 0

  /// Pending samples beyond this are not journaled: with the file failing, only their chunks will be.
  static let mostPending = 2_000_000

  init(settings: StoreSettings, hasFile: Bool) {
    self.settings = settings
    self.hasFile = hasFile
    writing = hasFile ? .working(last: nil) : .memoryOnly
  }

  var memoryBytes: Int { chunkBytes + seriesBytes + pending.count * MemoryLayout<PendingSample>.stride }

  var status: StoreStatus {
    StoreStatus(
      writing: writing, series: index.count, memoryBytes: memoryBytes, diskBytes: diskBytes, counts: counts,
      refusedSeries: refusedSeries, lostSamples: lostSamples, damagedChunks: damagedChunks)
  }

  // MARK: - Series

  /// The series of these labels, made where there is none; `nil` when there are too many.
  mutating func reference(for labels: Labels) -> SeriesReference? {
    if let place = index.place(of: labels) { return index.reference(place) }
    // Half of the memory for series: the other half is for samples.
    guard index.count < settings.maxSeries, seriesBytes < settings.maxMemory / 2 else {
      refusedSeries += 1
      return nil
    }
    let reference = insert(labels, id: nextID)
    if hasFile { unsaved.append(reference) }
    return reference
  }

  /// Takes in a series that isn't there, with a number of its own.
  @discardableResult
  mutating func insert(_ labels: Labels, id: Int64) -> SeriesReference {
    let place = index.insert(labels)
    let made = StoredSeries(id: id)
    if Int(place) == series.count { series.append(made) } else { series[Int(place)] = made }
    nextID = max(nextID, id + 1)
    seriesBytes += Self.bytes(of: labels)
    return index.reference(place)
  }

  mutating func remove(_ place: UInt32) {
    let gone = series[Int(place)]
    seriesBytes -= Self.bytes(of: index.labels[Int(place)])
    index.remove(place)
    chunkBytes -= gone.closed.reduce(gone.open.words.count * 8) { $0 + $1.bytes }
    series[Int(place)] = StoredSeries(id: 0)
    if hasFile { removed.append(gone.id) }
  }

  /// What a series takes without samples, about: its state, its labels, its entries in the index.
  private static func bytes(of labels: Labels) -> Int {
    labels.pairs.reduce(MemoryLayout<StoredSeries>.stride + 200) { sum, pair in
      sum + MemoryLayout<Label>.stride + 8 + (pair.value.utf8.count > 15 ? pair.value.utf8.count + 32 : 0)
    }
  }

  // MARK: - Samples

  /// Adds one sample and counts what became of it; `false` for a reference that is outdated.
  mutating func append(
    _ time: Int64, _ value: Double, to reference: SeriesReference, _ window: ClosedRange<Int64>,
    _ counts: inout SampleCounts
  ) -> Bool {
    guard index.isCurrent(reference) else { return false }
    guard window.contains(time) else {
      if time < window.lowerBound { counts.tooOld += 1 } else { counts.tooFarAhead += 1 }
      return true
    }
    let place = Int(reference.place)
    switch series[place].append(time, value, sequence: sequence, bytes: &chunkBytes) {
    case .appended:
      counts.appended += 1
      if hasFile, pending.count < Self.mostPending {
        pending.append(PendingSample(series: series[place].id, time: time, value: value))
      }
    case .repeated: break
    case .duplicate: counts.duplicates += 1
    case .outOfOrder: counts.outOfOrder += 1
    }
    return true
  }

  /// The times that are accepted.
  func window(_ now: Timestamp) -> ClosedRange<Int64> {
    guard let retention = settings.retention else { return .min ... .max }
    let oldest = (now - retention).millisecondsSinceEpoch
    return oldest...max(oldest, (now + StoreSettings.longestAhead).millisecondsSinceEpoch)
  }

  /// When memory is full, the oldest samples have to leave: those that the file has, or, without a file, all.
  ///
  /// With a file that fails, samples that it hasn't got go too, and are counted.
  mutating func makeRoom() {
    guard memoryBytes > max(settings.maxMemory, triedAt) else { return }
    defer { triedAt = memoryBytes + settings.maxMemory / 20 }
    // To a tenth below, so that this is seldom.
    let goal = memoryBytes - settings.maxMemory / 10 * 9
    if case .failing = writing {
      dropOldest(bytes: goal, unsavedToo: true)
    } else {
      dropOldest(bytes: goal, unsavedToo: !hasFile)
    }
  }

  private mutating func dropOldest(bytes goal: Int, unsavedToo: Bool) {
    // Bytes by hour of the chunk's end: the hours that go are whole.
    var byHour: [Int64: Int] = [:]
    for item in series {
      for chunk in item.closed.prefix(unsavedToo ? item.closed.count : item.saved) {
        byHour[chunk.last / StoreSettings.longestChunk, default: 0] += chunk.bytes
      }
    }
    var (sum, cut) = (0, Int64.min)
    for (hour, bytes) in byHour.sorted(by: { $0.key < $1.key }) where sum < goal {
      sum += bytes
      let (end, overflow) = (hour + 1).multipliedReportingOverflow(by: StoreSettings.longestChunk)
      cut = overflow ? .max : end
    }
    for place in series.indices { drop(place, endingBefore: cut, unsavedToo: unsavedToo) }
  }

  /// Takes closed chunks out of memory, the oldest first.
  mutating func drop(_ place: Int, endingBefore cut: Int64, unsavedToo: Bool) {
    let item = series[place]
    let limit = unsavedToo ? item.closed.count : item.saved
    let count = item.closed.prefix(limit).prefix { $0.last < cut }.count
    guard count > 0 else { return }
    chunkBytes -= item.closed.prefix(count).reduce(0) { $0 + $1.bytes }
    let saved = min(count, item.saved)
    if saved > 0 { series[place].diskThrough = max(item.diskThrough, item.closed[saved - 1].last) }
    if hasFile { lostSamples += item.closed[saved..<count].reduce(0) { $0 + $1.count } }
    series[place].closed.removeFirst(count)
    series[place].saved -= saved
  }
}
