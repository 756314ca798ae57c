import Diagnostics
import TestKit
import Testing

@Suite struct `Lines of a text` {
  @Test func `end with LF, CR LF or CR`() {
    let source = SourceText("a\nbc\r\n\rd")
    #expect(source.lineCount == 4)
    #expect(
      (1...4).map { source.line($0).map { String(decoding: source.bytes[$0], as: UTF8.self) } } == ["a", "bc", "", "d"])
    #expect(source.line(0) == nil)
    #expect(source.line(5) == nil)
    #expect(SourceText("").lineCount == 1)
  }

  @Test func `a byte order mark has no column`() {
    let source = SourceText("\u{feff}ab")
    #expect(source.position(ofOffset: 4) == SourcePosition(line: 1, column: 2))
    #expect(source.offset(of: SourcePosition(line: 1, column: 1)) == 3)
  }

  @Test func `columns count characters, and each byte that is part of none`() {
    let source = SourceText(Array("é漢😀".utf8) + [0xff, 0xe6, 0xbc, 0x61])
    let columns = [0, 2, 5, 9, 10, 11, 12, 13].map { Int(source.position(ofOffset: $0).column) }
    #expect(columns == Array(1...8))
    #expect(source.position(ofOffset: 3) == SourcePosition(line: 1, column: 2))
  }

  @Test func `places beyond the text are held in it`() {
    let source = SourceText("ab\ncd")
    #expect(source.offset(of: SourcePosition(line: 1, column: 9)) == 2)
    #expect(source.offset(of: SourcePosition(line: 9, column: 1)) == 5)
    #expect(source.offset(of: SourcePosition(line: 0, column: 0)) == 0)
    #expect(source.position(ofOffset: 99) == SourcePosition(line: 2, column: 3))
    #expect(source.position(ofOffset: -1) == SourcePosition(line: 1, column: 1))
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `a byte comes back from its place`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let pieces = ["a", "é", "漢", "😀", "\n", "\r\n", "\r", "\t"]
    let text = (0..<30).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    let source = SourceText(text)
    var offset = 0
    for character in text.unicodeScalars where character != "\n" && character != "\r" {
      offset = source.bytes[offset...].firstIndex { $0 != 0x0a && $0 != 0x0d } ?? offset
      #expect(source.offset(of: source.position(ofOffset: offset)) == offset)
      offset += UTF8.width(character)
    }
  }
}

@Suite struct `The nearest word` {
  private static let words = ["alert", "annotations", "expr", "for", "labels", "keep_firing_for", "record", "name"]

  @Test(arguments: [
    ("lables", "labels"), ("label", "labels"), ("Labels", "labels"), ("anotation", "annotations"), ("exp", "expr"),
    ("exrp", "expr"), ("alrt", "alert"), ("keep_fireing_for", "keep_firing_for"), ("fro", "for"), ("x", nil), ("", nil),
    ("severity", nil), ("or", "for"), ("expression", nil), ("nmae", "name"), ("labels", nil),
  ])
  func `is told only when it is near`(word: String, expected: String?) {
    #expect(nearest(to: word, in: Self.words) == expected)
  }

  @Test func `doesn't depend on the order of the words`() {
    #expect(nearest(to: "disk", in: ["disc", "dusk", "dish"]) == "disc")
    #expect(nearest(to: "disk", in: ["dish", "dusk", "disc"]) == "disc")
  }

  @Test func `isn't looked for when the word is very long`() {
    #expect(nearest(to: String(repeating: "a", count: 100_000), in: Self.words) == nil)
  }
}
