import StatusAPI

/// The key that seals browsers' sessions: a file of the data folder, so that they outlive a restart.
enum SessionKey {
  static let file = "session.key"
  private static let length = 32

  /// Reads the key, or makes one up and keeps it; where that can't be, sessions end with the process.
  static func seal(in folder: String, _ log: EventLog) -> SessionSeal {
    let path = folder + "/" + file
    if let key = try? Files.read(path, limit: 4096), key.count == length { return SessionSeal(key: key) }
    var random = SystemRandomNumberGenerator()
    let key = (0..<length).map { _ in UInt8.random(in: 0 ... .max, using: &random) }
    do {
      try Files.write(key, to: path, mode: 0o600)
    } catch {
      log.event("session.key-unwritable", .warning, ["path": path, "error": "\(error)"])
    }
    return SessionSeal(key: key)
  }
}
