import Diagnostics

/// The findings of one text, held to a number.
struct Findings {
  let file: String
  let limit: Int
  private(set) var diagnostics = Diagnostics()
  private var source: SourceText?

  init(file: String, limit: Int) {
    self.file = file
    self.limit = limit
  }

  /// Whether the limit is reached; reading then stops.
  var isFull: Bool { diagnostics.all.count >= limit }

  /// The text with its lines, made once it is needed.
  mutating func source(_ bytes: [UInt8]) -> SourceText {
    if let source { return source }
    let made = SourceText(bytes)
    source = made
    return made
  }

  mutating func error(
    _ code: String, _ message: String, at range: SourceRange, fix: String? = nil,
    notes: [(text: String, range: SourceRange?)] = []
  ) {
    guard !isFull else { return }
    let notes = notes.map { note in
      Diagnostic.Note(note.text, at: note.range.map { SourceSpan(file: file, range: $0) })
    }
    diagnostics.error(code, message, at: SourceSpan(file: file, range: range), fix: fix, notes: notes)
  }
}

extension SourcePosition {
  /// The stretch of `count` characters from here, on this line.
  func extended(by count: Int = 1) -> SourceRange {
    SourceRange(self, SourcePosition(line: Int(line), column: Int(column) + count))
  }
}

/// What was read so far, all documents of a text together, against its limits.
struct Tally {
  let limits: YAMLLimits
  var documents = 0
  var nodes = 0
  var aliasedNodes = 0
}
