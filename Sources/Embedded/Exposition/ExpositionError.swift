/// Why a text is not an exposition, and in which line.
struct ExpositionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// From 1.
  var line: Int
  var message: String

  var description: String { "line \(line): \(message)" }
}
