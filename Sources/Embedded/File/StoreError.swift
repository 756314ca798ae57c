import GRDB

/// Why a store's file could not be used; each case says what may be done next.
package enum StoreError: Error, Hashable, Sendable {
  /// A later Belfry wrote this file; it is left as it is.
  case newerSchema(path: String, found: Int, known: Int)
  /// A SQLite file of somebody else; it is left as it is.
  case notAStore(path: String)
  /// Can't be written at present: a full disk, missing rights, an I/O error. The same write may be tried again.
  case unwritable(String)
  /// Can't be read at present. The same question may be asked again.
  case unreadable(String)
  /// The file is damaged; the next ``SampleStore/open(at:settings:now:)`` sets it aside.
  case corrupt(String)
}

extension StoreError: CustomStringConvertible {
  /// One line for people.
  package var description: String {
    switch self {
    case .newerSchema(let path, let found, let known):
      "the samples in '\(path)' have schema version \(found), and this belfry knows up to \(known); "
        + "run the version that wrote them, or begin with another data directory"
    case .notAStore(let path):
      "'\(path)' is a SQLite file, but not one of samples; name another data directory"
    case .unwritable(let text): "the file of samples can't be written: \(text)"
    case .unreadable(let text): "the file of samples can't be read: \(text)"
    case .corrupt(let text): "the file of samples is damaged: \(text); it is set aside at the next start"
    }
  }
}

extension StoreError {
  /// Sorts an error of SQLite's by what may be done about it.
  init(_ error: any Error, isWriting: Bool) {
    switch error {
    case let known as StoreError: self = known
    case let failure as DatabaseError:
      let text = failure.message ?? "SQLite result \(failure.resultCode.rawValue)"
      switch failure.resultCode {
      case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(text)
      default: self = isWriting ? .unwritable(text) : .unreadable(text)
      }
    default: self = isWriting ? .unwritable("\(error)") : .unreadable("\(error)")
    }
  }
}
