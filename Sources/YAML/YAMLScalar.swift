/// A scalar of a YAML document: its text, how it was written, and what the YAML 1.2 core schema makes of it.
package struct YAMLScalar: Hashable, Sendable {
  /// How a scalar is written.
  package enum Style: UInt8, Hashable, Sendable, CaseIterable {
    case plain, singleQuoted, doubleQuoted
    /// A block scalar with `|`.
    case literal
    /// A block scalar with `>`.
    case folded

    /// Whether quotes are around the text.
    package var isQuoted: Bool { self == .singleQuoted || self == .doubleQuoted }
    /// Whether the text stands on lines of its own, below `|` or `>`.
    package var isBlock: Bool { self == .literal || self == .folded }
  }

  /// What a scalar's text stands for.
  package enum Tag: UInt8, Hashable, Sendable, CaseIterable {
    case string, null, boolean, integer, float

    /// For messages: `text`, `nothing`, `a boolean`, …
    package var words: String {
      switch self {
      case .string: "text"
      case .null: "nothing"
      case .boolean: "a boolean"
      case .integer: "an integer"
      case .float: "a number"
      }
    }
  }

  /// The text, with escapes, quotes and folding undone.
  package var text: String
  package var style: Style
  package var tag: Tag

  package init(_ text: String, style: Style, tag: Tag) {
    self.text = text
    self.style = style
    self.tag = tag
  }

  /// A scalar without a tag of its own: a plain one is resolved, others are strings.
  package init(_ text: String, style: Style) {
    self.init(text, style: style, tag: style == .plain ? Tag(resolving: text) : .string)
  }
}
