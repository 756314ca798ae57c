import GRDB
import Model
import Testing

@testable import Ledger

@Suite struct `The audit's chain of hashes` {
  @Test func `has a hash that anybody can compute`() async throws {
    // python3: sha256(bytes(32) + every field as its length in 8 bytes and its bytes), in the order of AuditChain.
    let commit = try #require(ObjectID(String(repeating: "c", count: 40)))
    let record = AuditRecord(
      id: 1, at: .at(0), actor: "ana@example.com", action: "sync.applied",
      scope: .project(tenant: "shop", project: "checkout"), commit: commit, subject: "é", before: "", after: "{}",
      form: 1
    )
    #expect(
      AuditChain.hash(of: record, after: .start)
        == "cf4b70fe3114036449fa365687a65e93db3116cf8374c25ec698a3777e47291b")
  }

  @Test func `joins rows across batches and openings`() async throws {
    try await withFolder { folder in
      let path = folder + "/ledger.db"
      for round in 0..<3 {
        let (ledger, _) = try Ledger.open(at: path, now: .at(0))
        try await ledger.write { $0.audit = [.example("a\(round)"), .example("b\(round)")] }
        #expect(try await ledger.verifyAudit() == .intact(count: 2 * (round + 1)))
      }
    }
  }

  @Test(arguments: [
    "actor = 'mallory'", "at = at + 1", "subject = subject || ' '", "commit_id = NULL", "state_after = '{}'",
    "tenant = 'bank'", "committer = 'mallory'", "merger = 'mallory'", "approvers = '[\"Acked-by\",\"Mallory\"]'",
    "pull_request = '#1'", "path = 'other.yaml'", "line = 7", "kind = 'Route'", "name = 'other'", "form = 1",
    "started_by = 'poll'", "revision = '" + String(repeating: "d", count: 40) + "'",
    "hash = '" + String(repeating: "0", count: 64) + "'", "hash = ''",
  ])
  func `tells which row was changed`(change: String) async throws {
    try await withAudit(5) { ledger in
      try ledger.tamper("DROP TRIGGER audit_keeps_words; UPDATE audit SET \(change) WHERE id = 3")
      guard case .broken(at: 3, _, _) = try await ledger.verifyAudit() else {
        Issue.record("row 3 was not found")
        return
      }
    }
  }

  @Test(arguments: [("id = 1", 1), ("id = 3", 3), ("id = 5", 5), ("id >= 4", 4)] as [(String, Int64)])
  func `misses a row that was taken out, the last one too`(which: String, id: Int64) async throws {
    try await withAudit(5) { ledger in
      try ledger.tamper("DROP TRIGGER audit_keeps_rows; DELETE FROM audit WHERE \(which)")
      #expect(try await ledger.verifyAudit() == .missing(at: id))
    }
  }

  @Test func `tells the first of two rows that were swapped`() async throws {
    try await withAudit(5) { ledger in
      try ledger.tamper(
        "DROP TRIGGER audit_keeps_words; UPDATE audit SET id = -1 WHERE id = 2; UPDATE audit SET id = 2 WHERE id = 4; "
          + "UPDATE audit SET id = 4 WHERE id = -1")
      guard case .broken(at: 2, _, _) = try await ledger.verifyAudit() else {
        Issue.record("the swap was not found")
        return
      }
    }
  }

  @Test func `goes on across the second schema, whose rows keep their hashes`() async throws {
    try await withFolder { folder in
      let path = folder + "/ledger.db"
      let old = try DatabaseQueue(path: path)
      try Schema.migrator(Array(Schema.migrations.prefix(2))).migrate(old)
      var link = AuditChain.Link.start
      for number in 1...4 {
        var record = AuditRecord.example("row \(number)", at: Int64(number * 100))
        record.id = Int64(number)
        record.form = 1
        record.hash = AuditChain.hash(of: record, after: link)
        link = AuditChain.Link(id: record.id, hash: record.hash)
        let written = record
        try await old.write {
          try $0.execute(
            sql: "INSERT INTO audit VALUES (?, ?, ?, ?, 'shop', '', NULL, ?, '', '', ?)",
            arguments: [
              written.id, written.at.millisecondsSinceEpoch, written.actor, written.action, written.subject,
              written.hash,
            ])
        }
      }
      try old.close()
      let (ledger, _) = try Ledger.open(at: path, now: .at(0))
      #expect(try await ledger.verifyAudit() == .intact(count: 4))
      try await ledger.write { $0.audit = [.example("new", at: 500), .example("newer", at: 600)] }
      #expect(try await ledger.verifyAudit() == .intact(count: 6))
      #expect(try await ledger.audit().map(\.form) == [2, 2, 1, 1, 1, 1])
      // Retention takes three of the old rows; the last of them anchors what is left.
      _ = try await ledger.prune(now: .at(1000), retention: .init(audit: .seconds(650)))
      #expect(try await ledger.verifyAudit() == .intact(count: 3))
      try ledger.tamper("DROP TRIGGER audit_keeps_words; UPDATE audit SET form = 2 WHERE id = 4")
      guard case .broken(at: 4, _, _) = try await ledger.verifyAudit() else {
        Issue.record("the changed form was not found")
        return
      }
    }
  }

  @Test func `still misses a last row after another was written`() async throws {
    try await withAudit(3) { ledger in
      try ledger.tamper("DROP TRIGGER audit_keeps_rows; DELETE FROM audit WHERE id = 3")
      try await ledger.write { $0.audit = [.example("later")] }
      guard case .missing(at: 3) = try await ledger.verifyAudit() else {
        Issue.record("row 3 was not missed")
        return
      }
    }
  }

  @Test(arguments: ["UPDATE audit SET actor = 'x'", "DELETE FROM audit", "DELETE FROM audit WHERE id = 1"])
  func `is guarded by the file itself`(sql: String) async throws {
    try await withAudit(2) { ledger in
      #expect(throws: DatabaseError.self) { try ledger.tamper(sql) }
      let verification = try await ledger.verifyAudit()
      #expect(verification == .intact(count: 2))
    }
  }

  @Test(arguments: [1, 2, 1000])
  func `survives retention, which takes only the oldest rows`(slice: Int) async throws {
    try await withLedger { ledger in
      // The third row's clock went back; it stays because the second one stays.
      let ages: [Int64] = [0, 100, 1, 101, 102]
      try await ledger.write { batch in batch.audit = ages.map { .example("row", at: $0) } }
      let retention = Retention(audit: .seconds(100))
      #expect(try await ledger.prune(now: .at(150), retention: retention, slice: slice).audit == 1)
      #expect(try await ledger.verifyAudit() == .intact(count: 4))
      #expect(try await ledger.prune(now: .at(300), retention: retention, slice: slice).audit == 4)
      #expect(try await ledger.verifyAudit() == .intact(count: 0))
      try await ledger.write { $0.audit = [.example("new", at: 300)] }
      #expect(try await ledger.verifyAudit() == .intact(count: 1))
      #expect(try await ledger.audit().map(\.id) == [6])
      #expect(throws: DatabaseError.self) { try ledger.tamper("DELETE FROM audit") }
    }
  }

  @Test func `is kept for ever unless somebody asks otherwise`() async throws {
    try await withAudit(3) { ledger in
      let pruned = try await ledger.prune(now: .at(1_000_000_000), retention: .init())
      #expect(pruned.audit == 0)
    }
  }

  private func withAudit(_ count: Int, _ body: (Ledger) async throws -> Void) async throws {
    let commit = ObjectID(String(repeating: "c", count: 40))
    try await withLedger { ledger in
      try await ledger.write { batch in
        batch.audit = (0..<count).map { number in
          var record = AuditRecord.example("row \(number)")
          record.commit = commit
          return record
        }
      }
      try await body(ledger)
    }
  }
}
