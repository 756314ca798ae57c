private import CRE2

/// Why a text is not a pattern that RE2 accepts.
package struct PatternSyntaxError: Error, Hashable, Sendable {
  /// RE2's own words.
  package let message: String
}

/// A compiled RE2 pattern: matching takes time linear in the text.
///
/// Equal patterns compare by their text and anchoring.
package struct Pattern: Hashable, Sendable {
  package let text: String
  private let anchored: Bool
  private let compiled: CompiledPattern

  /// A pattern that must match the whole text, as in `^(?:…)$`; a dot doesn't match a line break.
  package init(anchored text: String) throws(PatternSyntaxError) {
    self.text = text
    anchored = true
    compiled = try CompiledPattern("^(?:" + text + ")$")
  }

  /// A pattern that may match anywhere.
  package init(unanchored text: String) throws(PatternSyntaxError) {
    self.text = text
    anchored = false
    compiled = try CompiledPattern(text)
  }

  /// Whether the pattern matches.
  package func matches(_ candidate: String) -> Bool {
    compiled.matches(candidate)
  }

  /// `candidate` with every match replaced; `$1` and `${name}` in `replacement` stand for groups, as in Go's `Regexp.Expand`.
  package func replacingAll(in candidate: String, with replacement: String) -> String {
    compiled.replacingAll(in: candidate, with: replacement)
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.text == right.text && left.anchored == right.anchored
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(text)
    hasher.combine(anchored)
  }
}
