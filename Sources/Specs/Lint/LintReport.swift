package import Diagnostics

/// What the checks of a file's rules found, and what is kept of them for checks that need the whole tree.
///
/// Small facts only: no expression and no template outlives the reading of its file.
package struct LintReport: Sendable {
  /// Warnings that the file by itself shows, without those that are switched off.
  package internal(set) var findings = Diagnostics()
  /// Of each rule whose expression could be read.
  var rules: [RuleFacts] = []
  /// The metrics, by hash, that rules of this file record.
  var recorded: [UInt64] = []
  /// Mentions of recorded metrics that this file doesn't record.
  var reads: [RecordedRead] = []
  /// Durations to compare with the interval, of groups that leave it to their scope.
  var spans: [RuleSpan] = []
  /// Comments that switch off checks which need the whole tree.
  var controls: [LintControl] = []
  /// Labels that queries of a tenant name, in case its data source tells tenants apart by one of them.
  var mentions: [LabelMentions] = []

  package init() {}

  /// Whether there is anything to tell or to remember.
  var isEmpty: Bool {
    findings.isEmpty && rules.isEmpty && recorded.isEmpty && reads.isEmpty && spans.isEmpty && controls.isEmpty
      && mentions.isEmpty
  }
}

/// What a rule says, as a hash, and where.
struct RuleFacts: Sendable {
  /// Over kind, labels, expression, hold and source: equal for rules that do the same.
  var meaning: UInt64
  /// The range of its name.
  var range: SourceRange
  /// Its number in the file.
  var rule: Int32
}

/// An alert's mention of a metric that looks recorded.
struct RecordedRead: Sendable {
  var metric: String
  var hash: UInt64
  var range: SourceRange
  var rule: Int32
}

/// A duration of a rule that has to fit its interval.
struct RuleSpan: Sendable {
  enum Kind: Sendable {
    /// `for`.
    case hold
    /// The window of `rate` and its like.
    case window(of: String)
  }

  var kind: Kind
  var length: Duration
  var range: SourceRange
  var rule: Int32
}

/// A comment that switches off a check, for a rule or for a file.
struct LintControl: Sendable {
  var code: DiagnosticCode
  /// `nil` for the whole file.
  var rule: Int32?
  var range: SourceRange
  /// Whether it has switched off something.
  var isUsed = false
}
