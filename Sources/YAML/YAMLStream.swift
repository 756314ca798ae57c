package import Diagnostics

/// One document of a YAML text.
package struct YAMLDocument: Hashable, Sendable {
  /// `nil` for an empty document.
  package var root: YAMLNode?
  /// Its number among the documents of the text, from 0.
  package var index: Int
  package var range: SourceRange
  /// Whether it was read to its end; otherwise `root` holds what came before an error, as far as it was read.
  package var isComplete: Bool

  package init(root: YAMLNode?, index: Int, range: SourceRange, isComplete: Bool) {
    self.root = root
    self.index = index
    self.range = range
    self.isComplete = isComplete
  }
}

/// All documents of a YAML text, and everything that was found wrong with it.
package struct YAMLStream: Sendable {
  /// Of a document with an error, what was read of it is here too.
  package private(set) var documents: [YAMLDocument] = []
  /// Everything that was found, in the order of finding.
  package private(set) var diagnostics = Diagnostics()

  /// Reads a text. Never fails: what can't be read is told in ``diagnostics``, the rest is there.
  ///
  /// After a syntax error reading goes on at the next `---`.
  package init(parsing bytes: [UInt8], file: String, limits: YAMLLimits = .init()) {
    var findings = Findings(file: file, limit: limits.findings)
    if let readable = CharacterCheck.readable(bytes, limits: limits, findings: &findings) {
      var tally = Tally(limits: limits)
      let end = SourceText.end(of: readable)
      var chunk = Chunk(offset: readable.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0, line: 0)
      while let next = read(readable, to: end, from: chunk, &tally, &findings) { chunk = next }
    }
    diagnostics = findings.diagnostics
  }

  /// A stretch of the text that is given to libyaml at once: up to the end, or to a syntax error.
  private struct Chunk {
    var offset: Int
    /// The lines before it.
    var line: Int
  }

  /// Reads documents up to the end or an error; returns where to go on after an error.
  private mutating func read(
    _ bytes: [UInt8], to end: SourcePosition, from chunk: Chunk, _ tally: inout Tally, _ findings: inout Findings
  ) -> Chunk? {
    bytes.withUnsafeBufferPointer { all in
      let events = EventReader(UnsafeBufferPointer(rebasing: all[chunk.offset...]), linesBefore: chunk.line, end: end)
      var composer = Composer(events: events, tally: tally, findings: findings)
      while let document = composer.document(index: documents.count) { documents.append(document) }
      (tally, findings) = (composer.tally, composer.findings)
      switch composer.stop {
      case nil, .endOfText, .limit: return nil
      case .error(let problem, let lastStart):
        problem.report(to: &findings, in: bytes)
        return Self.nextDocument(in: bytes, after: chunk, from: max(Int(problem.mark.line), Int(lastStart) + 1))
      }
    }
  }

  /// The first `---` at or below a line (1-based) of the text.
  private static func nextDocument(in bytes: [UInt8], after chunk: Chunk, from line: Int) -> Chunk? {
    var offset = chunk.offset
    var number = chunk.line + 1
    while offset < bytes.count {
      if number >= line, isDocumentStart(bytes, at: offset) { return Chunk(offset: offset, line: number - 1) }
      while offset < bytes.count, bytes[offset] != 0x0a, bytes[offset] != 0x0d { offset += 1 }
      if offset + 1 < bytes.count, bytes[offset] == 0x0d, bytes[offset + 1] == 0x0a { offset += 1 }
      offset += 1
      number += 1
    }
    return nil
  }

  private static func isDocumentStart(_ bytes: [UInt8], at offset: Int) -> Bool {
    guard offset + 3 <= bytes.count, bytes[offset..<offset + 3].allSatisfy({ $0 == UInt8(ascii: "-") }) else {
      return false
    }
    return offset + 3 == bytes.count || [0x20, 0x09, 0x0a, 0x0d].contains(bytes[offset + 3])
  }
}

extension SourceText {
  /// The place behind the last character, where that is not a line break; else beyond every place.
  fileprivate static func end(of bytes: [UInt8]) -> SourcePosition {
    guard let last = bytes.last, last != 0x0a, last != 0x0d else {
      return SourcePosition(line: .max, column: .max)
    }
    return SourceText(bytes).position(ofOffset: bytes.count)
  }
}
