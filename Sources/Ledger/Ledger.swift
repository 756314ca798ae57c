package import Model

import GRDB

/// SQLite: what was seen, applied, fired, sent, and by whom.
///
/// One connection writes, others read beside it and never wait for it. Writing goes through ``write(_:)``: a whole
/// ``LedgerBatch`` or nothing. SQL appears only in this module, and SQLite's types in no signature of it.
package final class Ledger: Sendable {
  /// How a file was found.
  package enum OpenOutcome: Hashable, Sendable {
    /// There was no ledger; an empty one was begun.
    case fresh
    /// A ledger of this schema version was there; it has the current version now.
    case existing(version: Int)
    /// The file was damaged. It has the name given here now, and an empty ledger was begun.
    case setAside(oldPath: String)
  }

  /// The file.
  package let path: String
  let pool: DatabasePool
  /// Held for as long as this process may write; `nil` for ``inspect(_:)``.
  private let lock: FileLock?

  init(path: String, pool: DatabasePool, lock: FileLock?) {
    self.path = path
    self.pool = pool
    self.lock = lock
  }

  /// Opens the ledger for this process alone, or begins one.
  ///
  /// The folder of `path` must exist; `now` names a damaged file that is set aside. Blocks while an older schema is
  /// brought to the current one and the tables that a start needs are checked.
  /// - Returns: the ledger, and how the file was found.
  /// - Throws: ``LedgerError/inUse(path:holder:)``, ``LedgerError/newerSchema(path:found:known:)``,
  ///   ``LedgerError/notALedger(path:)``, ``LedgerError/unwritable(_:)``.
  package static func open(at path: String, now: Timestamp) throws(LedgerError) -> (Ledger, OpenOutcome) {
    try open(at: path, now: now, migrations: Schema.migrations)
  }

  /// Opens a ledger to read it, also while a controller writes it. Every write throws.
  package static func inspect(_ path: String) throws(LedgerError) -> Ledger {
    guard fileExists(path) else { throw .unreadable("'\(path)': no such file") }
    var configuration = Configuration()
    configuration.readonly = true
    configuration.maximumReaderCount = 1
    configuration.busyMode = .timeout(2)
    do {
      let pool = try DatabasePool(path: path, configuration: configuration)
      _ = try pool.read { database in try Self.version(of: database, path: path, migrations: Schema.migrations) }
      return Ledger(path: path, pool: pool, lock: nil)
    } catch {
      throw LedgerError(error, while: .reading)
    }
  }

  /// Closes the file after the transactions under way, and lets another process have it.
  ///
  /// Calls after this throw. Without it, the last reference closes the file.
  package func close() throws(LedgerError) {
    do { try pool.close() } catch { throw LedgerError(error, while: .writing) }
    lock?.release()
  }
}
