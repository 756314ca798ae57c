import Model
import Testing
import Webhook

@testable import Controller

@Suite struct `Looks by webhook` {
  private let commit = ObjectID(String(repeating: "a", count: 40))
  private let start = Timestamp(millisecondsSinceEpoch: 1_000_000)

  private func change(_ commit: ObjectID? = nil) -> RefChange { RefChange(ref: "refs/heads/main", commit: commit) }

  /// Runs the pacing from hint to hint; returns when it looked, in milliseconds since the start.
  private func looks(
    hints: [(at: Int64, change: RefChange)], until end: Int64 = 60_000, isThere: (Timestamp) -> Bool = { _ in true }
  ) -> [Int64] {
    var pacing = LookPacing()
    var looked: [Int64] = []
    func run(upTo instant: Timestamp) {
      while let due = pacing.nextDue, max(due, start) <= instant {
        let now = max(due, start)
        if pacing.takeDue(at: now, isThere: { _ in isThere(now) }).look {
          looked.append((now - start).wholeMilliseconds)
        }
      }
    }
    for hint in hints {
      let now = start + .milliseconds(hint.at)
      run(upTo: now - .milliseconds(1))
      pacing.hint([hint.change])
      if let due = pacing.nextDue, due <= now, pacing.takeDue(at: now, isThere: { _ in isThere(now) }).look {
        looked.append(hint.at)
      }
    }
    run(upTo: start + .milliseconds(end))
    return looked
  }

  @Test func `a first hint is acted on at once, and a burst comes to two looks`() {
    #expect(looks(hints: [(0, change())]) == [0])
    #expect(looks(hints: (0..<1000).map { (Int64($0) / 2, change()) }) == [0, 1000])
  }

  @Test func `a thousand hints over ten seconds come to a look a second, and the last isn't lost`() {
    let looked = looks(hints: (0..<1000).map { (Int64($0) * 10, change()) })
    #expect(looked == (0...10).map { Int64($0) * 1000 })
  }

  @Test func `an announced commit that isn't there is looked for again with growing pauses`() {
    #expect(looks(hints: [(0, change(commit))], isThere: { _ in false }) == [0, 1000, 3000, 7000])
    let start = start
    #expect(looks(hints: [(0, change(commit))], isThere: { $0 >= start + .milliseconds(2500) }) == [0, 1000])
    #expect(looks(hints: [(0, change(commit))]) == [0])
  }

  @Test func `a commit that never comes is given up`() {
    var pacing = LookPacing()
    pacing.hint([change(commit)])
    var givenUp: [ObjectID] = []
    var now = start
    var looks = 0
    while let due = pacing.nextDue {
      now = max(due, now)
      let decision = pacing.takeDue(at: now) { _ in false }
      looks += decision.look ? 1 : 0
      givenUp += decision.givenUp
    }
    #expect(looks == 4)
    #expect(givenUp == [commit].compactMap(\.self))
  }

  @Test func `followed refs are known by short and by full names`() {
    let refs = FollowedRefs(names: ["main", "refs/heads/quiet"])
    for ref in ["refs/heads/main", "refs/tags/main", "refs/heads/quiet"] { #expect(refs.contain(ref), "\(ref)") }
    for ref in ["refs/heads/mainly", "refs/heads/feature/main", "quiet", "refs/heads/refs/heads/quiet"] {
      #expect(!refs.contain(ref), "\(ref)")
    }
    #expect(FollowedRefs(names: []).contain("refs/heads/anything"))
  }
}

@Suite struct `Timings of a sync` {
  private let start = Timestamp(millisecondsSinceEpoch: 1_000_000)

  private func stages(_ timings: SyncTimings) -> [String] {
    timings.stages.map { "\($0.stage) \(Int($0.milliseconds))" }
  }

  @Test func `run from the push to the first evaluation`() {
    var timings = SyncTimings(pushed: .announced(start - .milliseconds(1400)), started: start)
    timings.end("fetch", at: start + .milliseconds(200))
    timings.end("plan", at: start + .milliseconds(230))
    let added = timings.complete(evaluatedAt: start + .milliseconds(5230))
    #expect(stages(timings) == ["pushToSeen 1400", "fetch 200", "plan 30", "toFirstEvaluation 5000", "total 6630"])
    #expect(added.map(\.stage) == ["toFirstEvaluation", "total"])
  }

  @Test func `say when the push is known by the commit's date alone, and never go backwards`() {
    var timings = SyncTimings(pushed: .committed(start + .seconds(30)), started: start)
    timings.end("fetch", at: start + .milliseconds(10))
    _ = timings.complete(evaluatedAt: nil)
    #expect(stages(timings) == ["commitToSeen 0", "fetch 10", "total 10"])
    var early = SyncTimings(pushed: nil, started: start)
    early.end("apply", at: start + .milliseconds(10))
    _ = early.complete(evaluatedAt: start + .milliseconds(5))
    #expect(stages(early) == ["apply 10", "toFirstEvaluation 0", "total 10"])
  }

  @Test func `fall into buckets that add up`() {
    var histograms = StageHistograms()
    histograms.observe([0.5, 1, 30, 400_000].map { .init(stage: "plan", milliseconds: $0) })
    let counts = histograms.stages["plan"]
    #expect(counts?.buckets == [2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1])
    #expect(counts?.count == 4)
  }

  @Test func `keep the first announcement of a commit, and the newest few`() {
    var receipts = PushReceipts()
    let commits = (0..<300).compactMap { ObjectID(String(repeating: "0", count: 37) + String(1000 + $0).suffix(3)) }
    for (index, commit) in commits.enumerated() { receipts.note(commit, at: start + .seconds(index)) }
    receipts.note(commits[299], at: start + .seconds(999))
    #expect(receipts[commits[299]] == start + .seconds(299))
    #expect(receipts[commits[0]] == nil)
  }
}
