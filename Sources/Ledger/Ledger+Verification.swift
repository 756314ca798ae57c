import GRDB
import Model

/// What became of walking along the audit's chain of hashes.
package enum AuditVerification: Hashable, Sendable {
  /// Every row present has the hash that it must have.
  case intact(count: Int)
  /// The first row that doesn't follow from the one before: it was changed, or its neighbour was.
  case broken(at: Int64, expected: String, found: String)
  /// The first row that isn't there.
  case missing(at: Int64)
}

extension Ledger {
  /// Checks the audit from where retention left it to its newest row.
  package func verifyAudit() async throws(LedgerError) -> AuditVerification {
    try await read { database in
      var link = try AuditChain.anchor(database)
      var count = 0
      let rows = try Row.fetchCursor(database, sql: "\(AuditRecord.selectSQL) WHERE id > \(link.id) ORDER BY id")
      while let row = try rows.next() {
        // By the columns as they are, so that no value that isn't read back as it stands there passes.
        let (id, form, found) = (row["id"] as Int64? ?? 0, row["form"] as Int64? ?? 0, row["hash"] as String? ?? "")
        guard id == link.id + 1 else { return .missing(at: link.id + 1) }
        let values = row.databaseValues.dropFirst().prefix(AuditRecord.hashedCount(form: form))
        let expected = AuditChain.hash(id: id, values, form: form, after: link)
        guard found == expected else { return .broken(at: id, expected: expected, found: found) }
        link = AuditChain.Link(id: id, hash: found)
        count += 1
      }
      return try AuditChain.newestID(database) > link.id ? .missing(at: link.id + 1) : .intact(count: count)
    }
  }
}
