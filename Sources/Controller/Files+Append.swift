import Glibc

extension Files {
  /// Adds bytes at the end of a file, and makes the file where it isn't there.
  static func append(_ bytes: [UInt8], to path: String) throws(Failure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Failure(path: path, code: errno) }
    defer { close(descriptor) }
    var offset = 0
    while offset < bytes.count {
      let wrote = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + offset }, bytes.count - offset)
      }
      if wrote < 0, errno == EINTR { continue }
      guard wrote > 0 else { throw Failure(path: path, code: errno) }
      offset += wrote
    }
  }
}
