package import Diagnostics

extension YAMLNode {
  /// The place in the file of a byte of this scalar's text.
  ///
  /// What a language inside a scalar says about its text is told to people where they wrote it: quotes, escapes,
  /// folding and indentation are followed back. An escape's place is its backslash, that of a line break or of a space
  /// that folding made of one is the end of its line. An offset at or beyond the end of the text gives the place behind
  /// its last character. Of a node that is no scalar, the place is its start. `source` is the file that the node was
  /// read from.
  package func position(ofOffset offset: Int, in source: SourceText) -> SourcePosition {
    guard let scalar else { return range.start }
    var walk = ScalarWalk(of: scalar, at: range, in: source, to: max(0, offset))
    return walk.result()
  }

  /// The place in the file of a byte of this scalar's text.
  package func position(ofOffset offset: Int, in bytes: [UInt8]) -> SourcePosition {
    position(ofOffset: offset, in: SourceText(bytes))
  }

  /// The stretch of the file that stands for a stretch of this scalar's text; see ``position(ofOffset:in:)``.
  ///
  /// It ends behind the last character that is part of it, so that carets don't reach into folding.
  package func range(ofOffsets offsets: Range<Int>, in source: SourceText) -> SourceRange {
    let start = position(ofOffset: offsets.lowerBound, in: source)
    guard let scalar, !offsets.isEmpty else { return SourceRange(start, start) }
    var walk = ScalarWalk(of: scalar, at: range, in: source, to: offsets.upperBound - 1)
    return SourceRange(start, max(start, walk.resultEnd()))
  }
}
