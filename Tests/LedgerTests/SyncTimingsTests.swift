import Model
import Testing

@testable import Ledger

@Suite struct `Timings found out later` {
  private func change(_ sync: SyncRecord, _ stages: [String]) -> SyncTimingsChange {
    SyncTimingsChange(
      commit: sync.revision.commit, startedAt: sync.startedAt, finishedAt: sync.finishedAt,
      timings: stages.map { .init(stage: $0, milliseconds: 5) })
  }

  @Test func `replace those of their sync's row, and of no other`() async throws {
    let first = try SyncRecord.example("a", at: 1)
    let again = try SyncRecord.example("a", at: 2)
    let other = try SyncRecord.example("b", at: 1)
    try await withLedger { ledger in
      // The row and its change may come to be written together, also in one batch.
      var batch = LedgerBatch()
      batch.syncs = [first, again, other]
      batch.syncTimings = [change(first, ["fetch", "total"])]
      try await ledger.write(batch)
      var later = LedgerBatch()
      later.syncTimings = [change(again, ["plan", "toFirstEvaluation", "total"])]
      #expect(!later.isEmpty)
      try await ledger.write(later)
      let syncs = try await ledger.syncs().reversed().map { $0.timings.map(\.stage) }
      #expect(syncs == [["fetch", "total"], ["plan", "toFirstEvaluation", "total"], other.timings.map(\.stage)])
    }
  }

  @Test func `of a row that isn't there are no failure, and wait in order behind it`() async throws {
    let sync = try SyncRecord.example("a", at: 1)
    try await withLedger { ledger in
      var orphan = LedgerBatch()
      orphan.syncTimings = [change(sync, ["total"])]
      try await ledger.write(orphan)
      var batch = LedgerBatch()
      batch.syncs = [sync]
      batch.append(orphan)
      try await ledger.write([batch])
      #expect(try await ledger.syncs().map { $0.timings.map(\.stage) } == [["total"]])
    }
  }
}
