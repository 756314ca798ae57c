import Diagnostics
import YAML

/// The comments of a file that switch off checks: `# belfry/disable <code>: <reason>` at a rule, above it or within it,
/// and `# belfry/disable-file <code>: <reason>` anywhere.
struct LintControls {
  /// A comment that says nothing.
  struct Problem {
    var code: DiagnosticCode
    var message: String
    var range: SourceRange
    var fix: String?
  }

  private(set) var problems: [Problem] = []
  /// In the order of the text.
  private(set) var found: [LintControl] = []

  init(of stream: YAMLStream, in source: @autoclosure () -> SourceText, rules: [RuleNotes.Rule], bytes: [UInt8]) {
    guard bytes.holdControl else { return }
    let source = source()
    let comments = YAMLComments(of: stream, in: source)
    let places = RulePlaces(rules, comments)
    for comment in comments.controls { read(comment, places) }
  }

  private mutating func read(_ comment: YAMLComment, _ places: RulePlaces) {
    let words = comment.text.dropFirst("belfry/".count)
    let verb = words.prefix { $0 != " " && $0 != "\t" && $0 != ":" }
    guard verb == "disable" || verb == "disable-file" else {
      report(.controlComment, "no comment is 'belfry/\(Wording.short(String(verb)))'", comment)
      return
    }
    let rest = words.dropFirst(verb.count)
    let code = rest.prefix { $0 != ":" }.trimmed
    let reason = rest.drop { $0 != ":" }.dropFirst().trimmed
    guard let known = DiagnosticCode(rawValue: code), known.canBeSwitchedOff else {
      let isCode = DiagnosticCode(rawValue: code) != nil
      let near = Wording.suggestion(code, among: DiagnosticCode.allCases.filter(\.canBeSwitchedOff).map(\.rawValue))
      report(
        .controlComment,
        isCode
          ? "'\(code)' can't be switched off"
          : code.isEmpty ? "the comment names no check" : "no check is named '\(Wording.short(code))'" + near, comment)
      return
    }
    guard !reason.isEmpty else {
      report(.controlComment, "'\(code)' is switched off without a reason", comment)
      return
    }
    if verb == "disable-file" {
      found.append(LintControl(code: known, rule: nil, range: comment.range))
    } else if let rule = places.rule(of: comment) {
      found.append(LintControl(code: known, rule: rule, range: comment.range))
    } else {
      report(
        .controlComment, "the comment stands at no rule", comment,
        fix: "put it on the line above the rule, or write 'belfry/disable-file'")
    }
  }

  private mutating func report(_ code: DiagnosticCode, _ message: String, _ comment: YAMLComment, fix: String? = nil) {
    problems.append(
      Problem(
        code: code, message: message, range: comment.range,
        fix: fix ?? "write '# belfry/disable <code>: <reason>', or 'disable-file' for all rules of the file"))
  }
}

/// Which rule a comment belongs to.
private struct RulePlaces {
  /// The rules by their places; aliases bring some again.
  private let rules: [(index: Int32, range: SourceRange)]
  /// Lines with a comment each, one behind the other.
  private var runs: [ClosedRange<Int32>] = []

  init(_ rules: [RuleNotes.Rule], _ comments: YAMLComments) {
    self.rules = rules.enumerated().map { (Int32($0.offset), $0.element.range) }
      .sorted { ($0.range.start, $1.index) < ($1.range.start, $0.index) }
    for line in comments.all.map(\.range.start.line) {
      if let last = runs.last, line <= last.upperBound + 1 {
        runs[runs.count - 1] = last.lowerBound...max(line, last.upperBound)
      } else {
        runs.append(line...line)
      }
    }
  }

  /// The rule on whose lines it stands, else the one whose fields it is aligned with, else the one right below.
  func rule(of comment: YAMLComment) -> Int32? {
    let (line, column) = (comment.range.start.line, comment.range.start.column)
    let next = rules.firstIndex { $0.range.start.line > line }
    if next > 0 {
      let above = rules[next - 1]
      if line <= above.range.lastLine { return above.index }
      let isAligned = column >= above.range.start.column
      if isAligned, isUnbroken(from: above.range.lastLine, to: line) { return above.index }
    }
    guard next < rules.count, isUnbroken(from: line, to: rules[next].range.start.line) else { return nil }
    return rules[next].index
  }

  /// Whether between two lines there are comments alone.
  private func isUnbroken(from first: Int32, to last: Int32) -> Bool {
    guard last - first > 1 else { return true }
    let index = runs.firstIndex { $0.upperBound > first }
    return index < runs.count && runs[index].lowerBound <= first + 1 && runs[index].upperBound >= last - 1
  }
}

extension Array {
  /// The first element that passes, where all behind one that passes do; the count where none does.
  fileprivate func firstIndex(_ passes: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if passes(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension SourceRange {
  /// The last line with text: a range that ends at the start of a line ends on the one before.
  fileprivate var lastLine: Int32 { end.column == 1 && end.line > start.line ? end.line - 1 : end.line }
}

/// Comments that switch off checks, found by what they are about.
struct ControlIndex {
  private struct Subject: Hashable {
    var code: String
    var rule: Int32?
  }

  /// In the order of the text.
  private(set) var all: [LintControl]
  private var places: [Subject: [Int]] = [:]

  init(_ controls: [LintControl]) {
    all = controls
    for (index, control) in controls.enumerated() {
      places[Subject(code: control.code.rawValue, rule: control.rule), default: []].append(index)
    }
  }

  /// Whether a comment switches off this finding of this rule; those that do are used then.
  mutating func switchOff(_ code: String, of rule: Int32?) -> Bool {
    guard !all.isEmpty else { return false }
    var subjects = [Subject(code: code, rule: nil)]
    if rule != nil { subjects.append(Subject(code: code, rule: rule)) }
    let indices = subjects.flatMap { places[$0] ?? [] }
    for index in indices { all[index].isUsed = true }
    return !indices.isEmpty
  }
}

extension LintControl {
  /// What is told of a comment that switches off nothing.
  func unused(in file: String) -> Diagnostic {
    Diagnostic(
      .warning, DiagnosticCode.unusedControl.rawValue, "there is no '\(code.rawValue)' to switch off here",
      at: SourceSpan(file: file, range: range), fix: "remove the comment")
  }
}

extension Substring {
  fileprivate var trimmed: String {
    var slice = self
    while let first = slice.first, first == " " || first == "\t" { slice.removeFirst() }
    while let last = slice.last, last == " " || last == "\t" { slice.removeLast() }
    return String(slice)
  }
}
