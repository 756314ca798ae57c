package import Model
package import PromQL

/// The samples that wait for a server, and when which of them are sent next; it is told the time.
///
/// Samples leave in the order in which they came, one request at a time, so that each series stays in order. Each has a
/// number, counted from 0; ``settled`` says up to which all were sent or dropped.
package struct RemoteWriteQueue: Sendable {
  /// What to do next.
  package enum Step: Hashable, Sendable {
    /// Send this `WriteRequest` (not yet compressed), then call ``finished(_:at:jitter:)``.
    case send([UInt8])
    case wait(until: Timestamp)
    /// Nothing, until samples come or the request under way ends.
    case idle
  }

  private struct Entry: Sendable {
    var labels: Labels
    var value: Double
    var at: Timestamp
    var size: Int
  }

  package let settings: RemoteWriteSettings
  package private(set) var status = RemoteWriteStatus()
  /// Whether no samples are taken any more.
  package private(set) var isClosed = false
  /// The number that the next sample gets.
  package private(set) var nextNumber: UInt64 = 0

  private var waiting = Line<Entry>()
  private var waitingBytes = 0
  /// The samples of the request under way, or of the one to be repeated, and their first number.
  private var batch: [Entry] = []
  private var batchStart: UInt64 = 0
  private var isUnderWay = false
  private var failures = 0
  /// When the next request may go, after a failure.
  private var retryAt: Timestamp?
  /// Until when samples wait for others; `nil` when they are to go at once.
  private var lingersUntil: Timestamp?

  package init(_ settings: RemoteWriteSettings = .init()) {
    self.settings = settings
  }

  package var isEmpty: Bool { batch.isEmpty && waiting.count == 0 }

  /// Every sample with a smaller number was sent or dropped.
  package var settled: UInt64 { batch.isEmpty ? nextNumber - UInt64(waiting.count) : batchStart }

  /// The numbers of the samples of the request under way, or of the one to be repeated.
  package var batchNumbers: Range<UInt64> { batchStart..<batchStart + UInt64(batch.count) }

  // MARK: - In

  /// Takes samples of one instant; the oldest go when there is no room. Urgent ones wait for no others.
  package mutating func append(
    _ samples: [QuerySample], at instant: Timestamp, isUrgent: Bool = false, now: Timestamp
  ) {
    guard !isClosed else { return status.dropped.shutdown += samples.count }
    if waiting.count == 0 { lingersUntil = now + settings.linger }
    for sample in samples {
      let size = WriteRequestEncoding.size(of: sample.labels, at: instant)
      guard size <= min(settings.bytesPerSend, settings.queuedBytes) else {
        status.dropped.tooLarge += 1
        continue
      }
      waiting.append(Entry(labels: sample.labels, value: sample.value, at: instant, size: size))
      waitingBytes += size
      status.pendingBytes += size
      status.pending += 1
      nextNumber += 1
    }
    if isUrgent { lingersUntil = nil }
    if !samples.isEmpty { status.highestQueued = max(instant, status.highestQueued ?? instant) }
    dropOldest()
  }

  /// Takes no samples from now on; what is there goes without waiting for others.
  package mutating func close() {
    isClosed = true
    lingersUntil = nil
  }

  /// Gives up whatever is left.
  package mutating func discard() {
    status.dropped.shutdown += status.pending
    batch = []
    waiting = Line()
    (waitingBytes, status.pending, status.pendingBytes) = (0, 0, 0)
  }

  /// Makes room: first of a request that waits for its repetition, then of what waits behind it.
  private mutating func dropOldest() {
    if !isUnderWay {
      var spare = 0
      while isOverfull, spare < batch.count {
        drop(batch[spare])
        spare += 1
      }
      batch.removeFirst(spare)
      batchStart += UInt64(spare)
    }
    while isOverfull, let oldest = waiting.removeFirst() {
      waitingBytes -= oldest.size
      drop(oldest)
    }
  }

  private var isOverfull: Bool {
    status.pending > settings.queuedSamples || status.pendingBytes > settings.queuedBytes
  }

  private mutating func drop(_ entry: Entry) {
    status.pending -= 1
    status.pendingBytes -= entry.size
    status.dropped.queueFull += 1
  }

  // MARK: - Out

  /// What to do at `now`. After ``Step/send(_:)`` nothing more until that request has ended.
  package mutating func next(at now: Timestamp) -> Step {
    guard !isUnderWay else { return .idle }
    if batch.isEmpty {
      guard waiting.count > 0 else { return .idle }
      if let lingersUntil, now < lingersUntil, !isBatchFull { return .wait(until: lingersUntil) }
    }
    if let retryAt, now < retryAt { return .wait(until: retryAt) }
    if batch.isEmpty { takeBatch(at: now) }
    isUnderWay = true
    return .send(encodedBatch)
  }

  private var isBatchFull: Bool {
    waiting.count >= settings.samplesPerSend || waitingBytes >= settings.bytesPerSend
  }

  private mutating func takeBatch(at now: Timestamp) {
    batchStart = settled
    var bytes = 0
    while batch.count < settings.samplesPerSend, let next = waiting.first, bytes + next.size <= settings.bytesPerSend {
      waiting.removeFirst()
      bytes += next.size
      batch.append(next)
    }
    waitingBytes -= bytes
  }

  private var encodedBatch: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(batch.reduce(0) { $0 + $1.size })
    for entry in batch { WriteRequestEncoding.append(entry.labels, entry.value, at: entry.at, to: &bytes) }
    return bytes
  }

  /// Ends the request under way; `jitter` between 0 and 1 spreads repetitions.
  package mutating func finished(_ outcome: SendOutcome, at now: Timestamp, jitter: Double) {
    guard isUnderWay else { return }
    isUnderWay = false
    if outcome != .interrupted { status.requests += 1 }
    switch outcome {
    case .sent: succeeded(at: now)
    case .interrupted: break
    case .refused(let words):
      fail(words, at: now)
      status.dropped.refused += batch.count
      settleBatch()
    case .retry(let words, let after):
      fail(words, at: now)
      failures += 1
      status.failingSince = status.failingSince ?? now
      let asked = min(after ?? .zero, settings.longestRetryAfter)
      retryAt = now + max(asked, settings.pause(afterFailures: failures, jitter: jitter))
      dropOldest()
    }
  }

  private mutating func succeeded(at now: Timestamp) {
    status.sent += batch.count
    status.lastSentAt = now
    if let highest = batch.lazy.map(\.at).max() { status.highestSent = max(highest, status.highestSent ?? highest) }
    settleBatch()
  }

  private mutating func fail(_ words: String, at now: Timestamp) {
    status.failedRequests += 1
    (status.lastError, status.lastErrorAt) = (words, now)
  }

  /// The server answered for the batch, one way or the other.
  private mutating func settleBatch() {
    status.pendingBytes -= batch.reduce(0) { $0 + $1.size }
    status.pending -= batch.count
    batch = []
    failures = 0
    (retryAt, status.failingSince) = (nil, nil)
  }
}

/// First in, first out, without moving what waits at each step.
private struct Line<Element: Sendable>: Sendable {
  private var elements: [Element?] = []
  private var head = 0

  var count: Int { elements.count - head }
  var first: Element? { head < elements.count ? elements[head] : nil }

  mutating func append(_ element: Element) {
    elements.append(element)
  }

  @discardableResult
  mutating func removeFirst() -> Element? {
    guard head < elements.count else { return nil }
    let element = elements[head]
    elements[head] = nil
    head += 1
    if head > 64, head * 2 > elements.count {
      elements.removeFirst(head)
      head = 0
    }
    return element
  }
}
