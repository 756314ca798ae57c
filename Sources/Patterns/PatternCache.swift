import Synchronization

/// Patterns that were compiled lately: a repository's expressions name the same few again and again, and compiling one
/// costs more than reading the expression around it.
enum PatternCache {
  private struct Key: Hashable {
    var text: String
    var dotMatchesLineBreaks: Bool
  }

  /// Beyond this all are forgotten.
  private static let capacity = 1024
  /// Longer texts are not kept, in bytes.
  private static let longest = 256
  private static let known = Mutex<[Key: Pattern]>([:])

  static func anchored(_ text: String, dotMatchesLineBreaks: Bool) throws(PatternSyntaxError) -> Pattern {
    let key = Key(text: text, dotMatchesLineBreaks: dotMatchesLineBreaks)
    if let pattern = known.withLock({ $0[key] }) { return pattern }
    let pattern = try Pattern(anchored: text, dotMatchesLineBreaks: dotMatchesLineBreaks)
    guard text.utf8.count <= longest else { return pattern }
    known.withLock { known in
      if known.count >= capacity { known.removeAll() }
      known[key] = pattern
    }
    return pattern
  }
}

extension Pattern {
  /// As ``init(anchored:dotMatchesLineBreaks:)``; a pattern that was asked for lately isn't compiled again.
  package static func shared(
    anchored text: String, dotMatchesLineBreaks: Bool = false
  ) throws(PatternSyntaxError) -> Pattern {
    try PatternCache.anchored(text, dotMatchesLineBreaks: dotMatchesLineBreaks)
  }
}
