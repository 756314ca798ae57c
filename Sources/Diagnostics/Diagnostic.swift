/// One finding about a text: what was found, where, and what to do.
///
/// The wording follows `docs/diagnostics.md`: one line, lower case, no full stop, the user's text in single quotes.
package struct Diagnostic: Hashable, Sendable {
  /// How much a finding matters: an error keeps a scope held, a warning doesn't.
  package enum Severity: String, Hashable, Sendable, Comparable, CaseIterable {
    case warning, error

    package static func < (left: Self, right: Self) -> Bool { left == .warning && right == .error }
  }

  /// A further remark, at a place of its own or at none.
  package struct Note: Hashable, Sendable {
    package var message: String
    package var span: SourceSpan?

    package init(_ message: String, at span: SourceSpan? = nil) {
      self.message = message
      self.span = span
    }
  }

  package var severity: Severity
  /// A word of `docs/diagnostics.md`, such as `unknown-field`: stable, lower case, hyphens.
  package var code: String
  package var message: String
  package var span: SourceSpan
  /// The remedy, where known: `write seconds: '15s'`.
  package var fix: String?
  package var notes: [Note]

  package init(
    _ severity: Severity, _ code: String, _ message: String, at span: SourceSpan, fix: String? = nil,
    notes: [Note] = []
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.span = span
    self.fix = fix
    self.notes = notes
  }
}

extension Diagnostic: Comparable {
  /// By file, place, severity (errors first), code: the order in which people read them.
  package static func < (left: Self, right: Self) -> Bool {
    if left.span.file != right.span.file { return left.span.file < right.span.file }
    if left.span.range.start != right.span.range.start { return left.span.range.start < right.span.range.start }
    if left.severity != right.severity { return left.severity > right.severity }
    return (left.code, left.message) < (right.code, right.message)
  }
}

/// The findings of one reading, collected so that all are told at once.
package struct Diagnostics: Hashable, Sendable {
  package private(set) var all: [Diagnostic] = []

  package init() {}

  package var hasErrors: Bool { all.contains { $0.severity == .error } }
  package var isEmpty: Bool { all.isEmpty }

  package mutating func report(_ diagnostic: Diagnostic) {
    all.append(diagnostic)
  }

  package mutating func error(
    _ code: String, _ message: String, at span: SourceSpan, fix: String? = nil, notes: [Diagnostic.Note] = []
  ) {
    all.append(Diagnostic(.error, code, message, at: span, fix: fix, notes: notes))
  }

  package mutating func warning(
    _ code: String, _ message: String, at span: SourceSpan, fix: String? = nil, notes: [Diagnostic.Note] = []
  ) {
    all.append(Diagnostic(.warning, code, message, at: span, fix: fix, notes: notes))
  }

  package mutating func append(_ other: Diagnostics) {
    all.append(contentsOf: other.all)
  }
}
