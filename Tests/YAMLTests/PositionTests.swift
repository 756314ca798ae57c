import Diagnostics
import TestKit
import Testing
import YAML

@Suite struct `Places inside a scalar` {
  /// Each text has marks in order; the arguments are the offsets of the scalar's text that belong to them.
  @Test(arguments: [
    // Plain.
    ("a: 1️⃣up 2️⃣> 13️⃣", "up > 1", [0, 3, 6]),
    ("é: &x !!str 1️⃣é2️⃣b", "éb", [0, 2]),
    ("a: up1️⃣\n    2️⃣> 1", "up > 1", [2, 3]),
    ("a: up  \n1️⃣\n  2️⃣x", "up\nx", [2, 3]),
    ("a: up 1️⃣\r\n  2️⃣x", "up x", [2, 3]),
    ("- 1️⃣a2️⃣\n", "a", [0, 9]),
    // Single-quoted.
    ("a: '1️⃣it2️⃣''3️⃣s'", "it's", [0, 2, 3]),
    ("a: 'b\n1️⃣\n2️⃣\n  3️⃣c4️⃣'", "b\n\nc", [1, 2, 3, 4]),
    // Double-quoted.
    (#"a: "1️⃣\"2️⃣x3️⃣\u00e94️⃣y5️⃣\U0001F6006️⃣z7️⃣""#, "\"xéy😀z", [0, 1, 2, 4, 5, 9, 10]),
    (#"a: "1️⃣\t2️⃣\_3️⃣\L4️⃣\x415️⃣b""#, "\t\u{a0}\u{2028}Ab", [0, 1, 3, 6, 7]),
    ("a: \"b \\\n    1️⃣c\"", "b c", [2]),
    ("a: \"b1️⃣\n    2️⃣c\"", "b c", [1, 2]),
    // Literal.
    ("a: |\n  1️⃣x\n    2️⃣y3️⃣\n  4️⃣z5️⃣\n", "x\n  y\nz\n", [0, 4, 5, 6, 7]),
    ("a: |2-\n    1️⃣x\n", "  x", [2]),
    ("a: |  # comment\n\n1️⃣\n  2️⃣x\n", "\n\nx\n", [1, 2]),
    ("a: |\r\n  x1️⃣\r\n  2️⃣y\r\n", "x\ny\n", [1, 2]),
    ("- |\n é1️⃣b\n", "éb\n", [2]),
    // Folded.
    ("a: >\n  x1️⃣\n  2️⃣y\n\n  3️⃣z\n", "x y\nz\n", [1, 2, 4]),
    ("a: >-\n  x1️⃣\n    2️⃣y3️⃣\n  4️⃣z", "x\n  y\nz", [1, 4, 5, 6]),
    ("a: >-\n\n  1️⃣x\n\n\n2️⃣\n  3️⃣y", "\nx\n\n\ny", [1, 4, 5]),
  ])
  func `are those of the file`(text: String, expected: String, offsets: [Int]) throws {
    let marked = MarkedText(text)
    let node = try root(marked.text)
    let value = try #require(node.entries?.first?.value ?? node[0])
    #expect(value.scalar?.text == expected)
    let source = SourceText(marked.text)
    #expect(offsets.map { value.position(ofOffset: $0, in: source) } == marked.marks.map(marked.position))
  }

  @Test func `stretches end behind their last character`() throws {
    let marked = MarkedText("a: >-\n  sum(1️⃣rate\n  (x2️⃣)\n  )\n")
    let value = try #require(try root(marked.text)["a"])
    #expect(value.scalar?.text == "sum(rate (x) )")
    #expect(value.range(ofOffsets: 4..<11, in: SourceText(marked.text)) == marked.range(1, 2))
  }

  @Test func `a node that is no scalar has its start`() throws {
    let node = try root("a: [1]")
    #expect(node.position(ofOffset: 5, in: SourceText("a: [1]")) == SourcePosition(line: 1, column: 1))
  }

  @Test(arguments: 0..<400 as Range<UInt64>)
  func `show the character that the text has`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let file = RandomScalar(using: &random).file
    let stream = read(file)
    let root = try #require(stream.documents.first?.root, "\(file)")
    guard stream.diagnostics.isEmpty, let node = root["key"], let scalar = node.scalar else { return }
    let source = SourceText(file)
    var offset = 0
    var before = node.range.start
    for character in scalar.text.unicodeScalars {
      let place = node.position(ofOffset: offset, in: source)
      #expect(place >= before, "\(file.debugDescription) offset \(offset)")
      let at = source.offset(of: place)
      let shown = at < source.bytes.count ? SourceText.scalar(in: source.bytes, at: at).value : "\n"
      let isSame =
        shown == character || (shown == "\\" && scalar.style == .doubleQuoted)
        || ((shown == "\n" || shown == "\r") && (character == " " || character == "\n"))
      #expect(isSame, "\(file.debugDescription) offset \(offset): \(character.debugDescription) at \(place)")
      before = place
      offset += UTF8.width(character)
    }
  }
}

/// A file with one scalar under the key `key`, in a random style, folded at random.
private struct RandomScalar {
  var file: String

  private static let words = ["up", "é", "a: b", "{x}", "'", "''", "漢字", "# no", "-", "[5m]", "😀", ">", "\u{301}o"]
  private static let escapes = [#"\n"#, #"\""#, #"\t"#, #"\u00e9"#, #"\x41"#, #"\U0001F600"#, #"\\"#, #"\_"#, #"\/"#]

  init(using random: inout SplitMix64) {
    let lineBreak = Bool.random(using: &random) ? "\n" : "\r\n"
    let depth = Int.random(in: 1...4, using: &random)
    let indent = String(repeating: " ", count: depth)
    var body = ""
    let head: String
    switch Int.random(in: 0..<5, using: &random) {
    case 0:
      head = "key: p"
      body = Self.flow(["up", "é", "x", "漢"], lineBreak + indent, &random)
    case 1:
      head = "key: '"
      body = Self.flow(Self.words.filter { $0 != "'" }, lineBreak + indent, &random) + "'"
    case 2:
      head = "key: &anchor \""
      body = Self.flow(Self.words + Self.escapes + ["\\" + lineBreak + indent], lineBreak + indent, &random) + "\""
    case 3:
      head = "key: |" + (["", "-", "+"].randomElement(using: &random) ?? "") + lineBreak
      body = Self.block(indent, lineBreak, &random)
    default:
      head = "key: >" + (["", "-", "+"].randomElement(using: &random) ?? "") + " # c" + lineBreak
      body = Self.block(indent, lineBreak, &random)
    }
    file = "# première" + lineBreak + head + body + lineBreak + "next: 1" + lineBreak
  }

  private static func flow(_ words: [String], _ fold: String, _ random: inout SplitMix64) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 1...12, using: &random) {
      text += words.randomElement(using: &random) ?? ""
      switch Int.random(in: 0..<6, using: &random) {
      case 0: text += fold
      case 1: text += " " + fold.prefix(1) + fold
      case 2: text += "  "
      default: text += " "
      }
    }
    return text + "end"
  }

  private static func block(_ indent: String, _ lineBreak: String, _ random: inout SplitMix64) -> String {
    var text = indent + "first" + lineBreak
    for _ in 0..<Int.random(in: 0...8, using: &random) {
      switch Int.random(in: 0..<6, using: &random) {
      case 0: text += lineBreak
      case 1: text += indent + "  more " + (words.randomElement(using: &random) ?? "") + lineBreak
      case 2: text += indent + "   " + lineBreak
      case 3: text += String(indent.dropLast()) + lineBreak
      default: text += indent + (words.randomElement(using: &random) ?? "") + " x" + lineBreak
      }
    }
    return text
  }
}
