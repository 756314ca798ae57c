/// What a forge shows beside a commit.
package struct CommitStatus: Hashable, Sendable {
  /// How it went.
  package enum State: String, Hashable, Sendable {
    case success, failure, pending

    /// GitLab says `failed`, the others `failure`.
    func word(at kind: ForgeKind) -> String {
      self == .failure && kind == .gitlab ? "failed" : rawValue
    }
  }

  package let state: State
  /// What tells it from other statuses of the commit; GitHub takes 255 characters.
  package let context: String
  /// One line; GitHub takes 140 characters.
  package let description: String
  package let targetURL: String?

  /// Longer texts are cut, line breaks become spaces.
  package init(_ state: State, context: String, description: String, targetURL: String? = nil) {
    self.state = state
    self.context = context.onOneLine(atMost: 255)
    self.description = description.onOneLine(atMost: 140)
    self.targetURL = targetURL
  }
}

extension String {
  /// This text without control characters and line breaks, cut with an ellipsis to so many UTF-16 units: no forge counts
  /// more strictly.
  package func onOneLine(atMost limit: Int) -> String {
    var line = ""
    for scalar in unicodeScalars {
      let isControl =
        scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || scalar.value == 0x2028
        || scalar.value == 0x2029
      line.unicodeScalars.append(isControl ? " " : scalar)
    }
    guard line.utf16.count > limit else { return line }
    var kept = ""
    var length = 1
    for character in line {
      length += character.utf16.count
      if length > limit { break }
      kept.append(character)
    }
    return kept + "…"
  }
}
