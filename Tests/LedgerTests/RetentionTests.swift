import Foundation
@testable import Ledger
import Model
import Testing

@Suite struct `Keeping the history short` {
  @Test(arguments: [1, 3, 1000])
  func `takes what is too old from each table, slice by slice`(slice: Int) async throws {
    let sync = try SyncRecord.example()
    try await withLedger { ledger in
      try await ledger.write { batch in
        batch.transitions = (0..<10).map { .example(1, at: Int64($0)) }
        batch.deliveries = (0..<10).map { .example(at: $0) }
        batch.syncs = (0..<10).map {
          var record = sync
          record.finishedAt = .at(Int64($0))
          return record
        }
        batch.notificationLog = (0..<10).map { .put(.example(group: Int64($0), expiresAt: .at(Int64($0)))) }
        batch.alerts = [.put(.example(1))]
      }
      let retention = Retention(
        transitions: .seconds(3), deliveries: .seconds(5), syncs: .seconds(3), syncsKept: 6)
      let pruned = try await ledger.prune(now: .at(9), retention: retention, slice: slice)
      #expect(pruned.transitions == 6)
      #expect(pruned.deliveries == 4)
      #expect(pruned.syncs == 4)
      #expect(pruned.notificationLog == 9)
      #expect(try await ledger.transitions().map(\.id) == [10, 9, 8, 7])
      #expect(try await ledger.syncs().count == 6)
      #expect(try await ledger.activeAlerts().count == 1)
      #expect(try await ledger.prune(now: .at(9), retention: retention, slice: slice) == Pruned())
    }
  }

  @Test func `never gives an id twice`() async throws {
    try await withLedger { ledger in
      try await ledger.write { $0.transitions = [.example(1)] }
      _ = try await ledger.prune(now: .at(100), retention: .init(transitions: .zero))
      try await ledger.write { $0.transitions = [.example(1, at: 200)] }
      #expect(try await ledger.transitions().map(\.id) == [2])
    }
  }
}

@Suite struct `A backup` {
  @Test func `is a ledger like the one it was taken from`() async throws {
    try await withLedger { ledger in
      try await ledger.write { $0.alerts = [.put(.example(1))] }
      let copy = ledger.path + ".backup"
      try await ledger.backup(to: copy)
      try await ledger.write { $0.alerts = [.put(.example(2))] }
      let (found, outcome) = try Ledger.open(at: copy, now: .at(0))
      #expect(outcome == .existing(version: Schema.migrations.count))
      #expect(try await found.activeAlerts() == [.example(1)])
      #expect(!FileManager.default.fileExists(atPath: copy + ".partial"))
    }
  }

  @Test func `never overwrites a file`() async throws {
    try await withLedger { ledger in
      await #expect(throws: LedgerError.refused("'\(ledger.path)' exists already; name a new file")) {
        try await ledger.backup(to: ledger.path)
      }
      await #expect(throws: LedgerError.self) { try await ledger.backup(to: ledger.path + "/inside") }
    }
  }
}

extension NotificationLogEntry {
  static func example(group: Int64, expiresAt: Timestamp) -> NotificationLogEntry {
    NotificationLogEntry(
      key: .init(
        owner: .tenant("shop"), groupKey: "{}:{a=\"\(group)\"}",
        channel: ResourceID(.tenant("shop"), .channel, "oncall")),
      sentAt: .at(0), expiresAt: expiresAt, firing: [Fingerprint(value: 1)], resolved: []
    )
  }
}
