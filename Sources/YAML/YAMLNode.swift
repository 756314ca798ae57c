package import Diagnostics

/// A value of a YAML document that knows its place.
///
/// Aliases are replaced by what they stand for, whose place stays that of the anchor's node; merge keys (`<<`) are
/// replaced by the entries that they bring.
package struct YAMLNode: Hashable, Sendable {
  /// What a node is.
  package enum Content: Hashable, Sendable {
    case scalar(YAMLScalar)
    /// In the order of the file; entries brought by a merge key come last. No two keys are equal.
    case mapping([YAMLEntry])
    case sequence([YAMLNode])
  }

  package var content: Content
  /// From the node's first character (that of its anchor or tag, if it has one) to behind its last.
  package var range: SourceRange

  package init(_ content: Content, at range: SourceRange) {
    self.content = content
    self.range = range
  }
}

/// A key with its value. Keys are always scalars.
package struct YAMLEntry: Hashable, Sendable {
  package var key: YAMLNode
  package var value: YAMLNode

  package init(key: YAMLNode, value: YAMLNode) {
    self.key = key
    self.value = value
  }

  /// The key's text.
  package var name: String { key.scalar?.text ?? "" }
}

extension YAMLNode {
  /// The scalar; `nil` when this is none.
  package var scalar: YAMLScalar? {
    guard case .scalar(let scalar) = content else { return nil }
    return scalar
  }

  /// The entries of a mapping; `nil` when this is none.
  package var entries: [YAMLEntry]? {
    guard case .mapping(let entries) = content else { return nil }
    return entries
  }

  /// The items of a list; `nil` when this is none.
  package var items: [YAMLNode]? {
    guard case .sequence(let items) = content else { return nil }
    return items
  }

  /// Whether this is the scalar null: `null`, `~` or nothing at all.
  package var isNull: Bool { scalar?.tag == .null }

  /// The text of a scalar of any tag but null.
  package var text: String? {
    guard let scalar, scalar.tag != .null else { return nil }
    return scalar.text
  }

  /// The entry of this key; `nil` where there is none, or this is no mapping.
  package func entry(_ name: String) -> YAMLEntry? {
    entries?.first { $0.name == name }
  }

  /// The value of this key; `nil` where there is none, or this is no mapping.
  package subscript(name: String) -> YAMLNode? { entry(name)?.value }

  /// The item at this place; `nil` where there is none, or this is no sequence.
  package subscript(index: Int) -> YAMLNode? {
    guard let items, items.indices.contains(index) else { return nil }
    return items[index]
  }

  /// What this node is, for messages: `a mapping`, `a list`, `text`, `a number`, …
  package var kindWords: String {
    switch content {
    case .scalar(let scalar): scalar.tag.words
    case .mapping: "a mapping"
    case .sequence: "a list"
    }
  }
}
