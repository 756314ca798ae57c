import Crypto
import Diagnostics
import JSON

/// One thing that a command found, as continuous integration shows it: what `check`, `diff` and `test` have in common.
struct Finding: Hashable, Sendable {
  /// How much it matters.
  enum Level: String, Hashable, Sendable, Comparable {
    case note, warning, error

    private var rank: Int {
      switch self {
      case .note: 0
      case .warning: 1
      case .error: 2
      }
    }

    static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
  }

  /// A further remark, with its place where it has one.
  struct Note: Hashable, Sendable {
    var message: String
    var file: String?
    var range: SourceRange?
  }

  var level: Level
  /// A word of `docs/diagnostics.md`, a reason for `Held` in the same spelling, or what a test expected.
  var code: String
  var message: String
  /// The path from the repository's root.
  var file: String
  /// Where in the file; `nil` for the file, or folder, as a whole.
  var range: SourceRange?
  var fix: String?
  var notes: [Note] = []
  /// What it belongs to, such as a resource or a test; part of the finding's identity.
  var subject: String?

  /// The line to show it at, from 1.
  var line: Int { max(1, Int(range?.start.line ?? 1)) }

  /// Message, remedy and remarks; a line each.
  var explanation: String {
    ([message] + (fix.map { ["fix: " + $0] } ?? []) + notes.map { "note: " + $0.message }).joined(separator: "\n")
  }

  /// `file:line:column: level: message [code]`, without characters that could steer a terminal.
  var text: String {
    let place = range.map { "\(file):\($0.start.line):\($0.start.column)" } ?? file
    let words = message.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).joined(separator: " ")
    return "\(place): \(level.rawValue): \(words) [\(code)]".displayableText
  }
}

extension Finding: Comparable {
  /// What matters most first, then by file and place: formats that show only so many show the worst.
  static func < (left: Finding, right: Finding) -> Bool {
    if left.level != right.level { return left.level > right.level }
    if left.file != right.file { return left.file < right.file }
    if left.line != right.line { return left.line < right.line }
    return (left.code, left.message) < (right.code, right.message)
  }
}

/// What a command found, ready to be written in one of the formats.
struct FindingReport: Sendable {
  /// The verb: `check`, `diff`, `test`.
  let command: String
  let findings: [Finding]
  /// One line: how much was read, and how much was found.
  let summary: String

  init(command: String, findings: [Finding], summary: String) {
    self.command = command
    self.findings = findings.sorted()
    self.summary = summary
  }

  /// An identity for each finding, 32 hexadecimal digits, which stays the same when lines are added or removed above it:
  /// a hash of code, file, subject and message, and of which of several alike it is.
  var fingerprints: [String] {
    var seen: [String: Int] = [:]
    return findings.map { finding in
      let parts = [command, finding.code, finding.file, finding.subject ?? "", finding.message]
      let identity = parts.map { "\($0.utf8.count):\($0)" }.joined()
      let number = seen[identity, default: 0]
      seen[identity] = number + 1
      let digest = SHA256.hash(data: Array("\(identity)#\(number)".utf8))
      return digest.prefix(16).map { byte in
        String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
      }.joined()
    }
  }
}

/// The formats of continuous integration.
enum FindingFormat: String, CaseIterable, Sendable {
  case github, gitlab, sarif, junit, checkstyle
}

extension FindingReport {
  /// Prints the report; for GitHub, also adds it to the step's summary where there is one.
  func show(as format: FindingFormat) throws(CommandFailure) {
    switch format {
    case .github:
      Console.result(github(token: randomNonce()))
      try appendStepSummary()
    case .gitlab: Console.bytes(gitlab.bytes(pretty: true) + [0x0a])
    case .sarif: Console.bytes(sarif.bytes(pretty: true) + [0x0a])
    case .junit: Console.result(junit.xml)
    case .checkstyle: Console.result(checkstyle)
    }
  }
}
