import CoreFoundation
import Glibc

/// The few things that are done with files, as the operating system offers them.
enum Files {
  /// Why a file couldn't be read or written.
  struct Failure: Error, CustomStringConvertible {
    let path: String
    let code: Int32

    var description: String { "\(path): \(String(cString: strerror(code)))" }
  }

  /// The bytes of a regular file.
  ///
  /// `limit`: larger files are refused with `EFBIG`. `links`: whether a symbolic link is followed; else it is refused
  /// with `ELOOP`.
  static func read(_ path: String, limit: Int = .max, links: Bool = true) throws(Failure) -> [UInt8] {
    // Opening a pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (links ? 0 : O_NOFOLLOW))
    guard descriptor >= 0 else { throw Failure(path: path, code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Failure(path: path, code: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Failure(path: path, code: EISDIR) }
    guard Int(status.st_size) <= limit else { throw Failure(path: path, code: EFBIG) }
    let expected = Int(status.st_size)
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: expected) { buffer, count in
      while count < expected {
        let got = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, expected - count)
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { return }
        count += got
      }
    }
    guard failure == 0 else { throw Failure(path: path, code: failure) }
    return bytes
  }

  /// Writes a file whole: into a new file beside it, which then takes its place.
  static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws(Failure) {
    let temporary = path + ".new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw Failure(path: path, code: errno) }
    var offset = 0
    while offset < bytes.count {
      let wrote = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + offset }, bytes.count - offset)
      }
      if wrote < 0, errno == EINTR { continue }
      guard wrote > 0 else {
        let code = errno
        close(descriptor)
        unlink(temporary)
        throw Failure(path: path, code: code)
      }
      offset += wrote
    }
    close(descriptor)
    guard rename(temporary, path) == 0 else { throw Failure(path: path, code: errno) }
  }

  /// Makes a folder and those above it.
  static func makeFolder(_ path: String, mode: mode_t = 0o755) throws(Failure) {
    if isFolder(path) { return }
    let parent = path.split(separator: "/", omittingEmptySubsequences: true).dropLast().joined(separator: "/")
    if !parent.isEmpty { try makeFolder((path.hasPrefix("/") ? "/" : "") + parent, mode: mode) }
    guard mkdir(path, mode) == 0 || errno == EEXIST else { throw Failure(path: path, code: errno) }
  }

  /// Removes a file, if it is there.
  static func remove(_ path: String) {
    unlink(path)
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func exists(_ path: String) -> Bool {
    access(path, F_OK) == 0
  }
}
