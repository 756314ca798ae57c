import Diagnostics
import TestKit
import Testing
import YAML

@Suite struct `Findings in a text` {
  /// Each text has a 1️⃣ where the first finding must point.
  @Test(arguments: [
    ("a: 1\n1️⃣a: 2\n", "duplicate-key", "'a' is already set in this mapping"),
    ("a: {<<: {b: 1}, 1️⃣<<: {c: 1}}\n", "duplicate-key", "'<<' is already set in this mapping"),
    ("1️⃣[a, b]: 1\n", "key-not-text", "the key is a list; keys are text"),
    ("1️⃣{a: 1}: 1\n", "key-not-text", "the key is a mapping; keys are text"),
    ("summary: 1️⃣{{ $value }}\n", "unquoted-template", "a value that begins with '{{' is read as a mapping"),
    ("a: 1\n1️⃣: 2\n", "missing-key", "no key stands before ':'"),
    ("a: 1️⃣*b\n", "unknown-anchor", "nothing above is named '&b' in this document"),
    (
      "a: &disk 1\nb: 1️⃣*dick\n", "unknown-anchor",
      "nothing above is named '&dick' in this document; did you mean '*disk'?"
    ),
    ("a: &x [1️⃣*x]\n", "alias-inside-anchor", "'*x' stands inside what '&x' names"),
    (
      "a:\n  <<: 1️⃣5\n", "merge-not-mapping",
      "'<<' is given an integer; it takes a mapping, an alias of one, or a list of them"
    ),
    ("a: 1️⃣!vault x\n", "unknown-tag", "'!vault' is not a tag that text can have here"),
    ("a: 1️⃣!!binary aGk=\n", "unknown-tag", "'!!binary' is not a tag that text can have here"),
    ("a: 1️⃣!!int x\n", "tag-mismatch", "'x' is not an integer, as its tag says"),
    ("a:\n1️⃣\tb: 1\n", "tab-indentation", "a tab stands where indentation is expected"),
    ("a: |\n1️⃣\tx\n", "tab-indentation", "a tab stands where indentation is expected"),
    ("a: 1️⃣@b\n", "unquoted-text", "a value can't begin with '@'"),
    ("a: 1️⃣%b\n", "unquoted-text", "a value can't begin with '%'"),
    ("summary: disk1️⃣: full\n", "unquoted-text", "': ' stands in a value that is not in quotes"),
    ("a: b\n  c1️⃣: d\n", "misplaced-line", "a key stands below a value that has ended or is plain text"),
    ("a:\n    b: 1\n  1️⃣c: 2\n", "misaligned", "the line begins in column 3, the line above in column 5"),
    ("a:\n  b:\n    - x\n   1️⃣c: 2\n", "misaligned", "the line begins in column 4, the line above in column 5"),
    ("  a: 1\n1️⃣b: 1\n", "yaml-syntax", "something follows the end of the document"),
    ("a: 1\n1️⃣- b\n", "misplaced-line", "expected a key of the mapping, found '- b'"),
    ("- a\n1️⃣b: 1\n", "misplaced-line", "expected a '-' of the list, found 'b: 1'"),
    ("a:\n  - 1\n 1️⃣- 2\n", "misaligned", "the line begins in column 2, the line above in column 3"),
    ("a: \"b\" 1️⃣c\n", "text-behind-value", "something follows the closing quote"),
    ("a: 1️⃣{{ $x }} is\n", "unquoted-template", "a value that begins with '{{' is read as a mapping"),
    ("a: 1\n1️⃣bare\nb: 2\n", "key-without-colon", "'bare' stands where a key is expected and has no ':'"),
    ("a: [1, 2\nb1️⃣: 3\n", "unclosed-bracket", "expected ',' or ']'"),
    ("a: {b: 11️⃣\n\n", "unclosed-bracket", "expected ',' or '}'"),
    ("a: 1️⃣\"b\nc: 1\n", "unclosed-quote", "the text that begins with this quote has no end"),
    ("a: 1️⃣'b\n---\nc: 1\n", "unclosed-quote", "the text that begins with this quote has no end"),
    (#"a: "é1️⃣\d+""#, "unknown-escape", #"'\d' is not an escape"#),
    (#"a: "1️⃣\x4""#, "unknown-escape", #"'\x' takes 2 hexadecimal digits"#),
    (#"a: "1️⃣\ud83d\ude00""#, "unknown-escape", #"'\ud83d' names no character"#),
    ("a: 1️⃣- b\n", "yaml-syntax", "a list can't begin on the line of its key"),
    ("a: 1️⃣* b\n", "yaml-syntax", "'*' begins an alias, whose name is missing"),
    ("[1️⃣,]\n", "yaml-syntax", "a value is missing here"),
    ("a: > 1️⃣text\n", "yaml-syntax", "something else stands on this line; the text of '|' and '>' begins on the next"),
    ("1️⃣%YAML 3.0\n---\na: 1\n", "yaml-syntax", "the '%YAML' line names a version other than 1.1 and 1.2"),
    ("é: 1️⃣\u{7}\n", "control-character", "the control character U+0007 stands here; YAML text has none"),
    ("a: b1️⃣\u{0}c\n", "control-character", "a NUL character stands here; YAML text has none"),
    ("a: b1️⃣\u{2028}c\n", "control-character", "the invisible character U+2028 breaks the line here"),
    ("a: 1\nb: 1️⃣\u{feff}\n", "control-character", "a byte order mark stands inside the text"),
    ("a: 1️⃣\u{ffff}\n", "control-character", "U+FFFF is not a character"),
  ])
  func `are told in our words, at their place`(text: String, code: String, message: String) throws {
    let marked = MarkedText(text)
    let found = try #require(read(marked.text).diagnostics.all.first)
    #expect(found.message == message)
    #expect(found.code == code)
    #expect(found.span.range.start == marked.position(1))
    #expect(found.severity == .error)
  }

  @Test func `a repeated key points to the first one`() throws {
    let found = try #require(read("a: 1\nb: 2\na: 3\n").diagnostics.all.first)
    #expect(found.notes.map(\.message) == ["first set here"])
    #expect(found.notes.first?.span?.range.start == SourcePosition(line: 1, column: 1))
  }

  @Test func `a large mapping finds its repeated key as well`() {
    let keys = (0..<40).map { "k\($0): 1\n" }.joined()
    #expect(read(keys + "k7: 2\nk39: 2\n").diagnostics.all.map(\.code) == ["duplicate-key", "duplicate-key"])
  }

  @Test func `bytes that are not UTF-8 are told one by one, and the rest is read`() throws {
    let bytes = Array("a: b".utf8) + [0xff, 0xfe] + Array("c\nb: 1\na: ".utf8) + [0xc3, 0x28] + Array("\n".utf8)
    let stream = YAMLStream(parsing: bytes, file: "a.yaml")
    #expect(stream.diagnostics.all.map(\.code) == ["not-utf8", "not-utf8", "not-utf8", "duplicate-key"])
    #expect(stream.diagnostics.all.first?.message == "the byte 0xFF is not part of a UTF-8 character")
    #expect(stream.diagnostics.all.first?.span.range.start == SourcePosition(line: 1, column: 5))
    #expect(stream.documents.first?.root?["b"]?.text == "1")
  }

  @Test(arguments: [[0xff, 0xfe, 0x61, 0x00], [0xfe, 0xff, 0x00, 0x61], [0x61, 0x00, 0x3a, 0x00] as [UInt8]])
  func `UTF-16 is refused by name`(bytes: [UInt8]) {
    let stream = YAMLStream(parsing: bytes, file: "a.yaml")
    #expect(stream.diagnostics.all.map(\.message) == ["the file is UTF-16; YAML is read as UTF-8"])
    #expect(stream.diagnostics.all.map(\.fix) == ["save the file as UTF-8"])
  }

  @Test func `of a file that is no text a few places are told`() {
    let stream = YAMLStream(parsing: Array(repeating: 0xff, count: 100_000), file: "a.yaml")
    #expect(stream.diagnostics.all.count == 10)
  }

  @Test func `after a syntax error reading goes on at the next document`() {
    let stream = read("a: 1\nb: [1\n---\nc: 1\nc: 2\n---\nd: 'x\n---\ne: 5\n")
    #expect(stream.documents.map(\.isComplete) == [false, true, false, true])
    #expect(stream.documents.map { $0.root?.entries?.first?.name } == ["a", "c", nil, "e"])
    #expect(stream.diagnostics.all.map(\.code) == ["unclosed-bracket", "duplicate-key", "unclosed-quote"])
    #expect(stream.diagnostics.all.map { $0.span.range.start.line } == [3, 5, 7])
    #expect(read("summary: {{ $x }} is\n").diagnostics.all.count == 1)
    #expect(stream.documents.last?.root?["e"]?.range.start == SourcePosition(line: 9, column: 4))
  }
}
