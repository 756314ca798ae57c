import GRDB

/// Why the ledger could not do what was asked; each case says what may be done next.
package enum LedgerError: Error, Hashable, Sendable {
  /// Another process has this file open for writing; its number, where the lock file tells it.
  case inUse(path: String, holder: Int32?)
  /// A later Belfry wrote this file; it is left as it is.
  case newerSchema(path: String, found: Int, known: Int)
  /// A SQLite file of somebody else; it is left as it is.
  case notALedger(path: String)
  /// Can't be written at present: a full disk, missing rights, an I/O error. The same write may be tried again.
  case unwritable(String)
  /// Can't be read at present. The same question may be asked again.
  case unreadable(String)
  /// The file is damaged; the next ``Ledger/open(at:now:)`` sets it aside.
  case corrupt(String)
  /// SQLite will never take this write, or this question, as it is.
  case refused(String)
}

extension LedgerError: CustomStringConvertible {
  /// One line for people.
  package var description: String {
    switch self {
    case .inUse(let path, let holder):
      "the ledger '\(path)' is in use by " + (holder.map { "process \($0)" } ?? "another process")
        + "; give each controller a data directory of its own"
    case .newerSchema(let path, let found, let known):
      "the ledger '\(path)' has schema version \(found), and this belfry knows up to \(known); "
        + "run the version that wrote it, or begin with another data directory"
    case .notALedger(let path):
      "'\(path)' is a SQLite file, but not a ledger; name another data directory"
    case .unwritable(let text): "the ledger can't be written: \(text)"
    case .unreadable(let text): "the ledger can't be read: \(text)"
    case .corrupt(let text): "the ledger is damaged: \(text); it is set aside at the next start"
    case .refused(let text): "the ledger does not take this: \(text)"
    }
  }
}

extension LedgerError {
  /// What was being done when SQLite refused.
  enum Activity {
    case reading, writing
  }

  /// Sorts an error of SQLite's by what may be done about it.
  init(_ error: any Error, while activity: Activity) {
    switch error {
    case let known as LedgerError: self = known
    case let row as UnreadableRow: self = .corrupt(row.description)
    case let failure as DatabaseError: self.init(failure, while: activity)
    default: self = activity == .writing ? .unwritable("\(error)") : .unreadable("\(error)")
    }
  }

  private init(_ failure: DatabaseError, while activity: Activity) {
    let text = failure.message ?? "SQLite result \(failure.resultCode.rawValue)"
    switch failure.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(text)
    case .SQLITE_CONSTRAINT, .SQLITE_TOOBIG, .SQLITE_MISMATCH, .SQLITE_ERROR, .SQLITE_RANGE: self = .refused(text)
    default: self = activity == .writing ? .unwritable(text) : .unreadable(text)
    }
  }
}
