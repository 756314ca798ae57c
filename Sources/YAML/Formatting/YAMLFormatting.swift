package import Diagnostics

/// A YAML text in one layout: two spaces for each level, lists at the level of their field, Unix line ends.
///
/// It works on lines: where a line begins an entry of a block, the entry's depth says how far it is moved in; the lines
/// that belong to it move with it. Nothing within a line changes but blanks at its end and behind the dash of a list, so
/// that comments, quotes and texts stay as they are written.
package enum YAMLFormatting {
  /// Why a text has no other layout.
  package enum Refusal: Error, Hashable {
    /// It can't be read.
    case syntax(Diagnostic)
    /// In the new layout it would not say the same; no file is known for which that happens.
    case meaningWouldChange
  }

  /// The text in its layout; the same bytes where it has it already.
  package static func format(_ bytes: [UInt8], file: String) throws(Refusal) -> [UInt8] {
    let stream = YAMLStream(parsing: bytes, file: file)
    if let error = stream.diagnostics.all.first(where: { $0.severity == .error }) { throw .syntax(error) }
    let source = SourceText(bytes)
    var layout = Layout(source: source)
    for document in stream.documents { if let root = document.root { layout.place(root, at: 0) } }
    let formatted = layout.text(with: YAMLComments(of: stream, in: source))
    guard formatted != bytes else { return bytes }
    let again = YAMLStream(parsing: formatted, file: file)
    let isSame =
      again.diagnostics.all.isEmpty == stream.diagnostics.all.isEmpty
      && again.documents.count == stream.documents.count
      && zip(again.documents, stream.documents).allSatisfy { $0.root.says(theSameAs: $1.root) }
      && YAMLComments(of: again, in: SourceText(formatted)).all.map(\.text)
        == YAMLComments(of: stream, in: source).all.map(\.text)
    guard isSame else { throw .meaningWouldChange }
    return formatted
  }
}

extension YAMLNode? {
  fileprivate func says(theSameAs other: YAMLNode?) -> Bool {
    switch (self, other) {
    case (nil, nil): true
    case (let left?, let right?): left.says(theSameAs: right)
    default: false
    }
  }
}

extension YAMLNode {
  /// Whether two nodes differ in their places alone.
  fileprivate func says(theSameAs other: YAMLNode) -> Bool {
    switch (content, other.content) {
    case (.scalar(let left), .scalar(let right)): left == right
    case (.sequence(let left), .sequence(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0.says(theSameAs: $1) }
    case (.mapping(let left), .mapping(let right)):
      left.count == right.count
        && zip(left, right).allSatisfy { $0.key.says(theSameAs: $1.key) && $0.value.says(theSameAs: $1.value) }
    default: false
    }
  }
}
