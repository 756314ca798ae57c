import Model

/// When a commit was pushed, as far as is known.
enum PushTime: Hashable, Sendable {
  /// A webhook announced the commit then.
  case announced(Timestamp)
  /// Nobody announced it: the committer's own word, in whole seconds.
  case committed(Timestamp)

  var instant: Timestamp {
    switch self {
    case .announced(let instant), .committed(let instant): instant
    }
  }

  /// The stage up to the look that found the commit; its name says what it counts from.
  fileprivate var stage: String {
    switch self {
    case .announced: "pushToSeen"
    case .committed: "commitToSeen"
    }
  }
}

/// The stages of one sync, each from the end of the one before: from the push to the first evaluation of what changed.
struct SyncTimings: Sendable {
  private(set) var stages: [SyncRecord.Timing] = []
  private let origin: Timestamp
  private var last: Timestamp

  /// `pushed`: `nil` where the commit was there before anybody looked.
  /// `started`: when the look began that found it.
  init(pushed: PushTime?, started: Timestamp) {
    origin = min(pushed?.instant ?? started, started)
    last = origin
    if let pushed {
      end(pushed.stage, at: started)
    }
    last = started
  }

  /// A stage ended now.
  mutating func end(_ stage: String, at now: Timestamp) {
    stages.append(.init(stage: stage, milliseconds: Double(max(0, (now - last).wholeMilliseconds))))
    last = max(last, now)
  }

  /// Every group that the sync brought was evaluated once; `nil` where it brought none.
  ///
  /// - Returns: the stages that this adds.
  mutating func complete(evaluatedAt instant: Timestamp?) -> [SyncRecord.Timing] {
    let before = stages.count
    if let instant { end("toFirstEvaluation", at: instant) }
    stages.append(.init(stage: "total", milliseconds: Double(max(0, (last - origin).wholeMilliseconds))))
    return Array(stages[before...])
  }
}

/// A change of which every group was evaluated once.
struct EvaluatedChange: Hashable, Sendable {
  let number: UInt64
  let at: Timestamp
}

/// When webhooks announced commits: the newest few.
struct PushReceipts: Sendable {
  private static let limit = 256
  private var times: [ObjectID: Timestamp] = [:]
  private var order: [ObjectID] = []

  /// The first announcement of a commit counts.
  mutating func note(_ commit: ObjectID, at now: Timestamp) {
    guard times[commit] == nil else { return }
    times[commit] = now
    order.append(commit)
    if order.count > Self.limit { times[order.removeFirst()] = nil }
  }

  subscript(commit: ObjectID) -> Timestamp? { times[commit] }
}

/// How long each stage of syncs took, counted into Prometheus's classic histograms.
struct StageHistograms: Sendable {
  /// The upper bounds in seconds; a sync takes milliseconds, a poll and a rule's interval up to minutes.
  static let bounds = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300]

  /// One stage: how many at most each bound, not added up, and beyond the last.
  struct Counts: Sendable {
    var buckets = [Int](repeating: 0, count: StageHistograms.bounds.count + 1)
    var sum = 0.0
    var count: Int { buckets.reduce(0, +) }
  }

  private(set) var stages: [String: Counts] = [:]

  mutating func observe(_ timings: [SyncRecord.Timing]) {
    for timing in timings {
      let seconds = timing.milliseconds / 1000
      let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
      stages[timing.stage, default: Counts()].buckets[bucket] += 1
      stages[timing.stage]?.sum += seconds
    }
  }
}
