import Diagnostics
import Model
import YAML

/// What is gathered while one file is read: findings, and the mentions of the resource at hand.
struct Reading {
  let file: String
  let scope: Scope
  let options: SpecOptions
  /// The file as it is.
  let bytes: [UInt8]
  private var source: SourceText?
  var diagnostics = Diagnostics()
  /// Mentions since the last ``takeReferences()``.
  private var references: [Reference] = []
  /// Rules read so far.
  var ruleCount = 0
  /// What is noted of rules, for checks that need more than one of them.
  var notes = RuleNotes()
  /// The last duration read: within a file most are the same few.
  var lastDuration: (text: String, value: Duration)?

  init(file: String, scope: Scope, bytes: [UInt8], options: SpecOptions) {
    self.file = file
    self.scope = scope
    self.bytes = bytes
    self.options = options
  }

  func span(_ range: SourceRange) -> SourceSpan { SourceSpan(file: file, range: range) }

  mutating func error(_ code: DiagnosticCode, _ message: String, at range: SourceRange, fix: String? = nil) {
    diagnostics.error(code.rawValue, message, at: span(range), fix: fix)
  }

  mutating func warning(_ code: DiagnosticCode, _ message: String, at range: SourceRange, fix: String? = nil) {
    diagnostics.warning(code.rawValue, message, at: span(range), fix: fix)
  }

  /// The place in the file of the byte at `offset` of a scalar's text: where a language inside a scalar found something.
  mutating func place(of offset: Int, in node: YAMLNode) -> SourceRange {
    let start = node.position(ofOffset: offset, in: sourceText)
    return SourceRange(start, max(start, node.range.end))
  }

  /// The place in the file of a stretch of a scalar's text.
  mutating func place(of offsets: Range<Int>, in node: YAMLNode) -> SourceRange {
    node.range(ofOffsets: offsets, in: sourceText)
  }

  /// The file with its lines.
  var sourceText: SourceText {
    mutating get {
      let text = source ?? SourceText(bytes)
      source = text
      return text
    }
  }

  mutating func mention(_ kind: Kind, _ name: String, at range: SourceRange) {
    references.append(Reference(kind, name, at: range))
  }

  /// The mentions since the last call.
  mutating func takeReferences() -> [Reference] {
    defer { references.removeAll() }
    return references
  }
}

/// A value and where it stands.
struct Located<Value> {
  let value: Value
  let range: SourceRange
}

/// How words and lists are put into sentences.
enum Wording {
  /// `'a', 'b' or 'c'`.
  static func choice(_ words: some Sequence<String>) -> String {
    let quoted = words.map { "'" + $0 + "'" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
    return quoted.dropLast().joined(separator: ", ") + " or " + last
  }

  /// `text`, shortened to one line that fits a message.
  static func short(_ text: String) -> String {
    let line = text.prefix { !$0.isNewline }
    return line.count > 60 || line.count < text.count ? String(line.prefix(60)) + "…" : text
  }

  /// `; did you mean 'x'?`, or nothing.
  static func suggestion(_ word: String, among words: some Sequence<String>) -> String {
    nearest(to: word, in: words).map { "; did you mean '\($0)'?" } ?? ""
  }
}

extension Wording {
  /// Whether `word` was probably meant to be `other`.
  static func isNear(_ word: String, _ other: String) -> Bool {
    nearest(to: word, in: CollectionOfOne(other)) != nil
  }
}
