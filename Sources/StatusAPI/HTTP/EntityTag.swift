import Model

/// The weak validator of a document (RFC 9110 §8.8.3): equal while nothing that the reader may see has changed.
///
/// Weak, because the same generation may be told a few seconds older.
struct EntityTag: Hashable, Sendable {
  private let opaque: String

  /// A tag for one reader; `process` differs from one start to the next, since generations begin anew.
  init(process: UInt64, generation: UInt64, reader: Visibility) {
    var hash = FNV1a()
    hash.combine(reader.key)
    opaque = [process, generation, hash.value].map { String($0, radix: 36) }.joined(separator: "-")
  }

  /// As the `ETag` header has it.
  var text: String { "W/\"\(opaque)\"" }

  /// Whether an `If-None-Match` header names this tag, compared weakly.
  func isNamed(in header: String) -> Bool {
    header.split(separator: ",").contains { candidate in
      var candidate = candidate.drop { $0 == " " || $0 == "\t" }
      while candidate.last == " " || candidate.last == "\t" { candidate.removeLast() }
      if candidate == "*" { return true }
      if candidate.hasPrefix("W/") { candidate = candidate.dropFirst(2) }
      return candidate == "\"\(opaque)\""
    }
  }
}
