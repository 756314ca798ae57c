import GRDB

extension Ledger {
  /// Copies the ledger as it is at this instant to a file that isn't there yet, without stopping those who write.
  ///
  /// The copy has its name only when it is whole and on the disk.
  /// - Throws: ``LedgerError/refused(_:)`` where the file exists, ``LedgerError/unwritable(_:)``.
  package func backup(to destination: String) async throws(LedgerError) {
    guard !fileExists(destination) else { throw .refused("'\(destination)' exists already; name a new file") }
    let partial = destination + ".partial"
    removeFile(partial)
    do {
      try await read { database in try Self.copy(database, to: partial) }
      try syncFile(partial)
      try renameFile(partial, to: destination)
    } catch {
      removeFile(partial)
      throw error
    }
  }

  private static func copy(_ database: Database, to path: String) throws {
    do {
      try touchFile(path)
      let copy = try DatabaseQueue(path: path)
      try copy.inDatabase { try database.backup(to: $0) }
      try copy.close()
    } catch {
      throw LedgerError(error, while: .writing)
    }
  }
}
