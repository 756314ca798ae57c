import GRDB
import Model

/// The SQLite file behind a ``SampleStore``.
///
/// SQL appears only in this folder. One connection writes; others read beside it and never wait for it. The ledger's
/// lock on the data directory keeps a second process from writing this file too; another may read it.
final class ChunkFile: Sendable {
  let path: String
  let pool: DatabasePool
  /// Whether it belongs to another process, which is the one to act on damage.
  let isReadOnly: Bool

  init(path: String, pool: DatabasePool, isReadOnly: Bool = false) {
    self.path = path
    self.pool = pool
    self.isReadOnly = isReadOnly
  }

  func close() throws(StoreError) {
    do { try pool.close() } catch { throw StoreError(error, isWriting: true) }
  }

  /// The hour in which a chunk is kept: that of its first sample.
  static func bucket(_ time: Int64) -> Int64 {
    let (quotient, remainder) = time.quotientAndRemainder(dividingBy: StoreSettings.longestChunk)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// Runs `body` on the writing connection in one transaction.
  ///
  /// Cancelling the task doesn't end it: once begun, a write is finished, so that whoever is told knows.
  func transact<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreError) -> Value {
    let answer: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      pool.asyncWrite(body) { _, result in
        continuation.resume(returning: result.mapError { StoreError($0, isWriting: true) })
      }
    }
    return try noting(answer)
  }

  /// Asks on a connection of its own, in a snapshot that no write changes.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreError) -> Value {
    let answer: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      pool.asyncRead { access in
        continuation.resume(
          returning: Result { try body(access.get()) }.mapError { StoreError($0, isWriting: false) })
      }
    }
    return try noting(answer)
  }

  /// Leaves the mark that makes the next opening set the file aside, if damage was met.
  private func noting<Value>(_ answer: Result<Value, StoreError>) throws(StoreError) -> Value {
    if case .failure(.corrupt) = answer, !isReadOnly { markDamaged(path) }
    return try answer.get()
  }
}
