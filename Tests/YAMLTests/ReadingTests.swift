import Diagnostics
import Testing
import YAML

/// Reads one text under the name `a.yaml`.
func read(_ text: String, limits: YAMLLimits = .init()) -> YAMLStream {
  YAMLStream(parsing: Array(text.utf8), file: "a.yaml", limits: limits)
}

/// The root of the only document of a text that has no findings.
func root(_ text: String, _ location: Testing.SourceLocation = #_sourceLocation) throws -> YAMLNode {
  let stream = read(text)
  #expect(stream.diagnostics.all == [], sourceLocation: location)
  return try #require(stream.documents.first?.root, sourceLocation: location)
}

/// `1:2-1:5`.
func words(_ range: SourceRange) -> String {
  "\(range.start.line):\(range.start.column)-\(range.end.line):\(range.end.column)"
}

@Suite struct `Reading a text` {
  @Test func `every key and value knows its place`() throws {
    let node = try root("groups:\n- name: \"disk\"\n  rules: [a, é, 'b c']\n")
    #expect(words(node.range) == "1:1-3:23")
    let entry = try #require(node.entry("groups"))
    #expect(words(entry.key.range) == "1:1-1:7")
    let group = try #require(entry.value[0])
    #expect(words(group.range) == "2:3-3:23")
    #expect(words(try #require(group["name"]).range) == "2:9-2:15")
    #expect(group["rules"]?.items?.map { words($0.range) } == ["3:11-3:12", "3:14-3:15", "3:17-3:22"])
  }

  @Test func `styles and tags are kept`() throws {
    let node = try root("[plain, 'single', \"double\", 12, null, ~, true, 1.5, '12']")
    #expect(
      node.items?.map(\.scalar?.style) == [
        .plain, .singleQuoted, .doubleQuoted, .plain, .plain, .plain, .plain, .plain, .singleQuoted,
      ])
    #expect(
      node.items?.map(\.scalar?.tag) == [
        .string, .string, .string, .integer, .null, .null, .boolean, .float, .string,
      ])
    let blocks = try root("a: |\n  x\nb: >-\n  y\n")
    #expect(blocks.entries?.map(\.value.scalar?.style) == [.literal, .folded])
  }

  @Test func `several documents are numbered, empty ones have no root`() {
    let stream = read("a: 1\n---\n---\n# nothing\n---\nb: 2\n...\n")
    #expect(stream.documents.map(\.index) == [0, 1, 2, 3])
    #expect(stream.documents.map { $0.root != nil } == [true, false, false, true])
    #expect(stream.documents.map { $0.range.start.line } == [1, 2, 3, 5])
    #expect(stream.documents.allSatisfy { $0.isComplete })
  }

  @Test(arguments: ["", "\n\n", "# only a comment\n", "\u{feff}"])
  func `a text without documents has none`(text: String) {
    let stream = read(text)
    #expect(stream.documents.isEmpty)
    #expect(stream.diagnostics.isEmpty)
  }

  @Test(arguments: ["\u{feff}a: 1\nb: 2\n", "a: 1\r\nb: 2\r\n", "a: 1\rb: 2\r"])
  func `a byte order mark and other line breaks change no place`(text: String) throws {
    let node = try root(text)
    #expect(node.entries?.map { words($0.key.range) } == ["1:1-1:2", "2:1-2:2"])
    #expect(node["b"]?.scalar?.integer == 2)
  }

  @Test func `an empty value is null, at the place behind its colon`() throws {
    let value = try #require(try root("a:\nb: 1\n")["a"])
    #expect(value.isNull)
    #expect(words(value.range) == "1:3-1:3")
  }

  @Test func `an explicit tag wins over the look of a text`() throws {
    let node = try root("a: !!str 12\nb: !!float 1\nc: ! 5\nd: !!int \"7\"\n")
    #expect(node.entries?.map(\.value.scalar?.tag) == [.string, .float, .string, .integer])
    #expect(node["d"]?.scalar?.integer == 7)
  }
}

@Suite struct `Aliases and merge keys` {
  @Test func `an alias is what it stands for, at its own place`() throws {
    let node = try root("a: &x {k: 1}\nb: *x\n")
    #expect(node["a"]?["k"] == node["b"]?["k"])
  }

  @Test(arguments: [
    ("base: &b {x: 1, y: 2}\nm:\n  <<: *b\n  y: 3\n", ["y=3", "x=1"]),
    ("base: &b {x: 1, y: 2}\nm:\n  y: 3\n  <<: *b\n", ["y=3", "x=1"]),
    ("p: &p {x: 1}\nq: &q {x: 2, z: 4}\nm:\n  <<: [*p, *q]\n", ["x=1", "z=4"]),
    ("m:\n  <<: {x: 1}\n  k: 0\n", ["k=0", "x=1"]),
    ("m:\n  '<<': 1\n", ["<<=1"]),
  ])
  func `merge keys bring what isn't there, the first of a list winning`(text: String, expected: [String]) throws {
    let entries = try root(text)["m"]?.entries ?? []
    #expect(entries.map { $0.name + "=" + ($0.value.text ?? "") } == expected)
  }

  @Test func `an anchor holds for one document and can be set again`() {
    #expect(read("a: &x 1\nb: &x 2\nc: *x\n").documents.first?.root?["c"]?.text == "2")
    #expect(read("a: &x 1\n---\nb: *x\n").diagnostics.all.map(\.code) == ["unknown-anchor"])
  }

  @Test func `aliases that multiply stop at the limit`() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...20 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    #expect(read(text).diagnostics.all.map(\.code) == ["yaml-limit"])
  }
}

@Suite struct `Limits of a text` {
  @Test func `depth counts as far as it may`() {
    let limits = YAMLLimits(depth: 3)
    #expect(read("[[[1]]]", limits: limits).diagnostics.isEmpty)
    #expect(
      read("[[[[1]]]]", limits: limits).diagnostics.all.map(\.message) == ["mappings and lists nest deeper than 3"])
    #expect(read("a: &a [[1]]\nb: [*a]\n", limits: limits).diagnostics.all.map(\.code) == ["yaml-limit"])
    #expect(read(String(repeating: "[", count: 100_000)).diagnostics.all.map(\.code) == ["yaml-limit"])
    #expect(read(String(repeating: "- ", count: 10_000)).diagnostics.all.map(\.code) == ["yaml-limit"])
  }

  @Test func `bytes, documents and values have limits too`() {
    #expect(read("a: 1", limits: .init(bytes: 3)).documents.isEmpty)
    #expect(read("---\n---\n---\n", limits: .init(documents: 2)).documents.count == 2)
    let stream = read("[1, 2, 3, 4]", limits: .init(nodes: 3))
    #expect(stream.diagnostics.all.map(\.message) == ["more than 3 values stand in one file"])
    #expect(stream.documents.first?.isComplete == false)
  }

  @Test func `findings stop at their limit`() {
    let text = String(repeating: "a: 1\n", count: 1000)
    #expect(read(text, limits: .init(findings: 7)).diagnostics.all.count == 7)
  }
}
