import Model

/// Instants on the command line.
enum Instants {
  /// A time, or a duration back from now.
  static func read(_ text: String, flag: String) throws -> Timestamp {
    if let instant = Timestamp(rfc3339: text) { return instant }
    if let duration = try? Duration(prometheus: text) { return SystemClock().now - duration }
    throw CommandFailure(
      .usage, "--\(flag) '\(text)': a time such as 2026-11-20T08:00:00Z, or a duration such as 1h, is accepted")
  }
}
