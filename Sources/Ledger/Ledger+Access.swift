import GRDB

extension Ledger {
  /// Asks on a connection of its own, in a snapshot that no write changes.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(LedgerError) -> Value {
    let answer: Result<Value, LedgerError> = await withCheckedContinuation { continuation in
      pool.asyncRead { access in
        continuation.resume(returning: Self.outcome(.reading) { try body(access.get()) })
      }
    }
    return try noting(answer)
  }

  /// Runs `body` in one transaction on the writing connection: all of its writes happen, or none do.
  ///
  /// Cancelling the task doesn't end it: once begun, a write is finished, so that whoever is told knows.
  func transact<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(LedgerError) -> Value {
    let answer: Result<Value, LedgerError> = await withCheckedContinuation { continuation in
      pool.asyncWriteWithoutTransaction { database in
        let outcome = Self.outcome(.writing) {
          var value: Value?
          try database.inTransaction(.immediate) {
            value = try body(database)
            return .commit
          }
          guard let value else { throw LedgerError.unwritable("the transaction did not run") }
          return value
        }
        continuation.resume(returning: outcome)
      }
    }
    return try noting(answer)
  }

  private static func outcome<Value>(
    _ activity: LedgerError.Activity, _ body: () throws -> Value
  ) -> Result<Value, LedgerError> {
    do { return .success(try body()) } catch { return .failure(LedgerError(error, while: activity)) }
  }

  /// Leaves the mark that makes the next opening check the whole file, if damage was met.
  private func noting<Value>(_ answer: Result<Value, LedgerError>) throws(LedgerError) -> Value {
    if case .failure(.corrupt) = answer, !pool.configuration.readonly { try? touchFile(Self.damageMark(path)) }
    return try answer.get()
  }
}
