#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// An exclusive lock that keeps a second controller away from a data directory.
///
/// `flock` on a file beside the ledger, and not on the ledger, because SQLite's own locks are `fcntl` locks of that
/// file. The kernel releases it when the process ends, however it ends. The file holds the process's number.
final class FileLock: Sendable {
  private let descriptor: Int32

  /// - Throws: ``LedgerError/inUse(path:holder:)``, or ``LedgerError/unwritable(_:)`` when the file can't be made.
  init(besides path: String) throws(LedgerError) {
    descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .unwritable("'\(path).lock': \(lastSystemError())") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let holder = Self.holder(descriptor)
      close(descriptor)
      throw .inUse(path: path, holder: holder)
    }
    // The number is a help for people: on a full disk the lock holds without it.
    let text = Array("\(getpid())\n".utf8)
    if ftruncate(descriptor, 0) == 0 { pwrite(descriptor, text, text.count, 0) }
  }

  deinit {
    release()
    close(descriptor)
  }

  /// Lets another have the lock.
  ///
  /// Unlocking, and not just closing: a child being started has a copy of the descriptor until it executes its program.
  func release() {
    flock(descriptor, LOCK_UN)
  }

  private static func holder(_ descriptor: Int32) -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    return Int32(String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
  }
}

/// What the operating system said of the last call.
func lastSystemError() -> String {
  String(cString: strerror(errno)).lowercased()
}

/// Whether a file of this path exists.
func fileExists(_ path: String) -> Bool {
  access(path, F_OK) == 0
}

/// Makes an empty file that only this user may read, unless there is one.
func touchFile(_ path: String) throws(LedgerError) {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
  guard descriptor >= 0 else { throw .unwritable("'\(path)': \(lastSystemError())") }
  close(descriptor)
}

/// Removes a file if there is one.
func removeFile(_ path: String) {
  unlink(path)
}

/// Gives a file another name; does nothing where there is no such file.
func renameFile(_ path: String, to other: String) throws(LedgerError) {
  guard fileExists(path) else { return }
  guard rename(path, other) == 0 else { throw .unwritable("'\(path)' to '\(other)': \(lastSystemError())") }
}

/// Brings a file's content, or a folder's entries, to the disk.
func syncFile(_ path: String) throws(LedgerError) {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw .unwritable("'\(path)': \(lastSystemError())") }
  defer { close(descriptor) }
  guard fsync(descriptor) == 0 else { throw .unwritable("'\(path)': \(lastSystemError())") }
}
