import Glibc

/// What commands print: results on stdout, everything else on stderr; colour only on a terminal.
enum Console {
  static func result(_ text: String) {
    write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO)
  }

  static func note(_ text: String) {
    write(text.hasSuffix("\n") ? text : text + "\n", to: STDERR_FILENO)
  }

  static func bytes(_ bytes: [UInt8]) {
    write(bytes, to: STDOUT_FILENO)
  }

  /// Whether stderr may carry colours: it is a terminal, and `NO_COLOR` isn't set.
  static var colourful: Bool {
    isatty(STDERR_FILENO) == 1 && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
  }

  /// Whether stdout is a terminal.
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Whether stdout may carry colours: it is a terminal that has some, and `NO_COLOR` isn't set.
  static var mayColourOutput: Bool {
    isTerminal && (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb"
  }

  /// Writes to stdout as it is, without ending the line.
  static func write(_ text: String) {
    write(text, to: STDOUT_FILENO)
  }

  /// Whether somebody watches stderr.
  static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

  private static func write(_ text: String, to descriptor: Int32) {
    write(Array(text.utf8), to: descriptor)
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var offset = 0
    while offset < bytes.count {
      let wrote = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + offset }, bytes.count - offset)
      }
      if wrote < 0, errno == EINTR || errno == EAGAIN { continue }
      guard wrote > 0 else { return }
      offset += wrote
    }
  }
}

/// The process's environment.
func environment(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}
