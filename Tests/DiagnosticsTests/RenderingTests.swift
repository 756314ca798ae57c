import Diagnostics
import TestKit
import Testing

private func span(_ file: String, _ line: Int, _ columns: Range<Int>) -> SourceSpan {
  SourceSpan(
    file: file,
    range: SourceRange(
      SourcePosition(line: line, column: columns.lowerBound), SourcePosition(line: line, column: columns.upperBound)))
}

/// What one finding about the stretch between marks 1 and 2 looks like.
private func rendered(_ marked: String, width: Int = 120, colour: Bool = false) -> String {
  let text = MarkedText(marked)
  let place = SourceSpan(file: "a.yaml", range: text.range(1, 2))
  let finding = Diagnostic(.error, "code", "message", at: place)
  return finding.rendered(RenderingStyle(colour: colour, width: width)) { _ in SourceText(text.text) }
}

@Suite struct `Rendering findings` {
  @Test func `shows place, line, carets, remedy and notes`() {
    let source = String(repeating: "\n", count: 13) + "    for: 15\n"
    let finding = Diagnostic(
      .error, "duration-without-unit", "'15' has no unit", at: span("rules/disk.yaml", 14, 10..<12),
      fix: "write seconds: '15s'",
      notes: [.init("durations are written as in Prometheus, for example 30s, 5m or 1h30m")])
    let expected = """
      rules/disk.yaml:14:10: error: '15' has no unit [duration-without-unit]
         |
      14 |     for: 15
         |          ^^
         = fix: write seconds: '15s'
         = note: durations are written as in Prometheus, for example 30s, 5m or 1h30m

      """
    #expect(finding.rendered { _ in SourceText(source) } == expected)
  }

  @Test func `a whole run is sorted and summed up`() {
    let files = ["b.yaml": "b: 1\nb: 2\n", "a.yaml": "x: !vault y\n"]
    var findings = Diagnostics()
    findings.error(
      "duplicate-key", "'b' is already set in this mapping", at: span("b.yaml", 2, 1..<2),
      notes: [.init("first set here", at: span("b.yaml", 1, 1..<2))])
    findings.warning("late", "a word about nothing on disk", at: span("c.yaml", 7, 1..<2), fix: "leave it")
    findings.error("unknown-tag", "'!vault' is not a tag that text can have here", at: span("a.yaml", 1, 4..<10))
    let text = findings.rendered { files[$0].map { Array($0.utf8) } }
    #expect(goldenDifference(text, "three-findings.txt") == nil)
  }

  @Test(arguments: [
    (0, 0, 0, "no errors, no warnings"), (1, 0, 1, "1 error in 1 file"), (0, 1, 1, "1 warning in 1 file"),
    (2, 1, 2, "2 errors, 1 warning in 2 files"), (0, 3, 3, "3 warnings in 3 files"),
  ])
  func `a summary counts`(errors: Int, warnings: Int, files: Int, expected: String) {
    var findings = Diagnostics()
    for number in 0..<errors { findings.error("c", "m", at: span("\(number % files)", 1, 1..<1)) }
    for number in 0..<warnings { findings.warning("c", "m", at: span("\(number % files)", 1, 1..<1)) }
    #expect(findings.summary == expected)
  }

  @Test(arguments: [
    ("a: 1️⃣15️⃣2️⃣", "a: 1"), ("漢字: 1️⃣x2️⃣", "漢字: x"), ("\ta: 1️⃣b2️⃣", "    a: b"), ("ab\t1️⃣c2️⃣", "ab  c"),
    ("e\u{301}: 1️⃣x2️⃣", "e\u{301}: x"), ("😀 1️⃣x2️⃣", "😀 x"), ("a\u{1b}[31m 1️⃣x2️⃣", "a␛[31m x"),
    ("a\u{202e}b 1️⃣x2️⃣", "a\u{fffd}b x"),
  ])
  func `carets stand under what they mean`(marked: String, line: String) throws {
    let lines = rendered(marked.replacing("5️⃣", with: "")).split(separator: "\n")
    #expect(String(lines[2]) == "1 | " + line)
    let carets = try #require(lines.last)
    // A terminal gives wide characters two columns and combining marks none.
    let width = line.unicodeScalars.dropLast().reduce(0) { sum, scalar in
      switch scalar {
      case "漢", "字", "😀": sum + 2
      case "\u{301}": sum
      default: sum + 1
      }
    }
    #expect(carets == "  | " + String(repeating: " ", count: width) + "^")
  }

  @Test func `an empty place has one caret, also behind the line`() {
    #expect(rendered("ab1️⃣2️⃣\nc").hasSuffix("1 | ab\n  |   ^\n"))
    #expect(rendered("1️⃣2️⃣").hasSuffix("  |\n1 |\n  | ^\n"))
  }

  @Test func `of several lines the first is shown`() {
    #expect(rendered("a: 1️⃣b\n  c2️⃣\n").hasSuffix("1 | a: b\n  |    ^\n"))
    #expect(rendered("ab: 1️⃣bcd\r\n  c2️⃣\n").hasSuffix("1 | ab: bcd\n  |     ^^^\n"))
  }

  @Test func `a wide mark is as wide as its characters`() {
    #expect(rendered("a: 1️⃣漢字2️⃣").hasSuffix("1 | a: 漢字\n  |    ^^^^\n"))
  }

  @Test(arguments: [
    (String(repeating: "x", count: 50) + "1️⃣ab2️⃣", "1 | …" + String(repeating: "x", count: 33) + "ab", 38),
    ("1️⃣ab2️⃣" + String(repeating: "x", count: 50), "1 | ab" + String(repeating: "x", count: 33) + "…", 4),
    (
      String(repeating: "x", count: 50) + "1️⃣ab2️⃣" + String(repeating: "y", count: 50),
      "1 | …" + String(repeating: "x", count: 11) + "ab" + String(repeating: "y", count: 22) + "…", 16
    ),
  ])
  func `long lines are cut around the carets`(marked: String, line: String, caretColumn: Int) {
    let lines = rendered(marked, width: 41).split(separator: "\n")
    #expect(String(lines[2]) == line)
    #expect(String(lines[3]) == "  | " + String(repeating: " ", count: caretColumn - 4) + "^^")
  }

  @Test func `colours are asked for`() {
    let text = rendered("a: 1️⃣b2️⃣", colour: true)
    #expect(text.contains("\u{1b}[1;31merror: \u{1b}[0m"))
    #expect(!rendered("a: 1️⃣b2️⃣").contains("\u{1b}"))
  }

  @Test func `the user's text steers no terminal`() {
    let finding = Diagnostic(.warning, "c", "'\u{1b}[2J\n' is odd", at: span("a\u{7}.yaml", 1, 1..<1))
    #expect(finding.rendered { _ in nil } == "a␇.yaml:1:1: warning: '␛[2J␊' is odd [c]\n")
  }
}
