import Foundation
import GRDB
import Model
import TestKit
import Testing

@testable import Ledger

@Suite struct `Opening a ledger` {
  @Test func `begins one where there is none, and finds it again`() async throws {
    try await withFolder { folder in
      let path = folder + "/ledger.db"
      let (first, outcome) = try Ledger.open(at: path, now: .at(0))
      #expect(outcome == .fresh)
      try await first.write { $0.aliveAt = .at(7) }
      try first.close()
      await #expect(throws: LedgerError.self) { try await first.write { $0.aliveAt = .at(8) } }
      await #expect(throws: LedgerError.self) { try await first.lastAlive() }

      let (second, found) = try Ledger.open(at: path, now: .at(0))
      #expect(found == .existing(version: Schema.migrations.count))
      #expect(try await second.lastAlive() == .at(7))
    }
  }

  @Test func `is for one process: the second is told who has it`() async throws {
    try await withFolder { folder in
      let path = folder + "/ledger.db"
      let (first, _) = try Ledger.open(at: path, now: .at(0))
      let holder = ProcessInfo.processInfo.processIdentifier
      #expect(throws: LedgerError.inUse(path: path, holder: holder)) { try Ledger.open(at: path, now: .at(0)) }
      #expect(try run("flock", "-n", path + ".lock", "true") == 1)
      withExtendedLifetime(first) {}
    }
  }

  @Test func `lets go of the file when it ends`() async throws {
    try await withFolder { folder in
      let path = folder + "/ledger.db"
      try await writeOnce(path)
      #expect(try run("flock", "-n", path + ".lock", "true") == 0)
    }
  }

  @Test func `can be read while it is written`() async throws {
    try await withFolder { folder in
      let path = folder + "/ledger.db"
      let (ledger, _) = try Ledger.open(at: path, now: .at(0))
      try await ledger.write { $0.audit = [.example("one")] }
      let reader = try Ledger.inspect(path)
      #expect(try await reader.verifyAudit() == .intact(count: 1))
      try await ledger.write { $0.audit = [.example("two")] }
      #expect(try await reader.audit().map(\.subject) == ["two", "one"])
      await #expect(throws: LedgerError.self) { try await reader.write { $0.aliveAt = .at(1) } }
    }
  }

  @Test func `brings an older schema to the current one and keeps what it holds`() async throws {
    let step = Migration(version: 5, sql: "ALTER TABLE alerts ADD COLUMN note TEXT NOT NULL DEFAULT 'none'")
    try await withFolder { folder in
      let path = folder + "/ledger.db"
      try await writeOnce(path)
      let (ledger, outcome) = try Ledger.open(at: path, now: .at(0), migrations: Schema.migrations + [step])
      #expect(outcome == .existing(version: 4))
      #expect(try await ledger.lastAlive() == .at(7))
      let notes = try await ledger.pool.read { try $0.columns(in: "alerts").map(\.name) }
      #expect(notes.last == "note")
    }
  }

  @Test func `reads what the first version wrote`() async throws {
    try await withFolder { folder in
      let path = folder + "/ledger.db"
      let first = try DatabaseQueue(path: path)
      try Schema.migrator([Schema.migrations[0]]).migrate(first)
      try await first.write {
        try $0.execute(
          sql: """
            INSERT INTO deliveries VALUES (1, 'shop', '', '{}:{}', '["shop","","Channel","oncall"]', 2, 10, 20,
              'throttled', 'asked us to wait', 'first notification', 1, 0, '');
            INSERT INTO notification_log VALUES ('shop', '', '{}:{}', '["shop","","Channel","oncall"]', 10, 20, '', '')
            """)
      }
      try first.close()
      let (ledger, _) = try Ledger.open(at: path, now: .at(0))
      let record = try #require(try await ledger.deliveries().first)
      #expect((record.attempt, record.merged, record.bytes, record.endpoint) == (2, 1, 0, 0))
      #expect(record.error == "" && record.nextAttemptAt == nil)
      #expect(try await ledger.notificationLog().map(\.handle) == [nil])
    }
  }

  @Test func `refuses a newer schema and leaves the file alone`() async throws {
    let later = Schema.migrations + [Migration(version: 5, sql: "CREATE TABLE later (id INTEGER) STRICT")]
    try await withFolder { folder in
      let path = folder + "/ledger.db"
      _ = try Ledger.open(at: path, now: .at(0), migrations: later)
      #expect(throws: LedgerError.newerSchema(path: path, found: 5, known: 4)) {
        try Ledger.open(at: path, now: .at(0))
      }
      #expect(throws: LedgerError.newerSchema(path: path, found: 5, known: 4)) { try Ledger.inspect(path) }
      let (_, outcome) = try Ledger.open(at: path, now: .at(0), migrations: later)
      #expect(outcome == .existing(version: 5))
    }
  }

  @Test func `refuses another program's SQLite file`() async throws {
    try await withFolder { folder in
      let path = folder + "/ledger.db"
      let other = try DatabaseQueue(path: path)
      try await other.write { try $0.execute(sql: "CREATE TABLE notes (text TEXT)") }
      try other.close()
      #expect(throws: LedgerError.notALedger(path: path)) { try Ledger.open(at: path, now: .at(0)) }
    }
  }

  @Test func `says what is wrong with a folder that isn't there`() async throws {
    try await withFolder { folder in
      let path = folder + "/missing/ledger.db"
      #expect(throws: LedgerError.unwritable("'\(path).lock': no such file or directory")) {
        try Ledger.open(at: path, now: .at(0))
      }
    }
  }

  @Test func `tells people what to do`() {
    #expect(
      LedgerError.inUse(path: "/data/ledger.db", holder: 47).description
        == "the ledger '/data/ledger.db' is in use by process 47; give each controller a data directory of its own")
    #expect(
      LedgerError.newerSchema(path: "ledger.db", found: 4, known: 3).description
        == "the ledger 'ledger.db' has schema version 4, and this belfry knows up to 3; "
        + "run the version that wrote it, or begin with another data directory")
  }

  private func writeOnce(_ path: String) async throws {
    let (ledger, _) = try Ledger.open(at: path, now: .at(0))
    try await ledger.write { $0.aliveAt = .at(7) }
  }

  private func run(_ arguments: String...) throws -> Int32 {
    try Program.run("/usr/bin/env", arguments).code
  }
}
