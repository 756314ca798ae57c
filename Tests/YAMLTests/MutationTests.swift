import Diagnostics
import TestKit
import Testing
import YAML

@Suite struct `Texts that are damaged at random` {
  private static let original = """
    # belfry/disable x
    groups:
    - name: &n "disk \\u00e9 'x'"
      rules:
      - alert: DiskFull
        expr: |
          node_filesystem_avail_bytes
            < 5  # low
        for: 5m
        labels: {severity: critical, <<: &m {team: 'a''b'}}
        annotations: &a
          summary: >-
            {{ $labels.instance }}
            is full
      - *a
    ---
    !!str plain text
      folded
    ...
    ---
    - [1, 0x1F, .inf, ~]
    - ? key
      : value
    """
  private static let pieces = [
    "'", "\"", "{", "}", "[", "]", ":", ": ", "- ", "\n", "\t", "#", "&a", "*a", "|", ">", "!", "!!int ", "%", "@",
    "---\n",
    "...\n", "<<: ", "\\", "\u{feff}", "é", "😀", "\u{0}", "\u{85}", "\r", "  ", "? ", ",",
  ]

  @Test(arguments: fuzzSeeds(60))
  func `never trap, and findings stay inside the text`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<40 {
      let bytes = Self.damaged(&random)
      let stream = YAMLStream(parsing: bytes, file: "a.yaml", limits: .init(depth: 20, aliasedNodes: 1000))
      let source = SourceText(bytes)
      for finding in stream.diagnostics.all {
        expectInside(finding.span.range, source)
        for note in finding.notes { note.span.map { expectInside($0.range, source) } }
      }
      let rendered = stream.diagnostics.rendered { _ in bytes }
      #expect(rendered.hasSuffix("\n"))
      _ = YAMLComments(of: stream, in: source)
      for document in stream.documents { document.root.map { visit($0, source, &random) } }
    }
  }

  private func expectInside(_ range: SourceRange, _ source: SourceText) {
    #expect(range.start.line >= 1 && range.start.column >= 1)
    #expect(range.start <= range.end)
    #expect(Int(range.start.line) <= source.lineCount)
    // The end of a line may be pointed at.
    let line = source.line(Int(range.start.line)) ?? 0..<0
    #expect(Int(range.start.column) <= line.count + 1)
  }

  private func visit(_ node: YAMLNode, _ source: SourceText, _ random: inout SplitMix64) {
    switch node.content {
    case .scalar(let scalar):
      let offset = Int.random(in: 0...(scalar.text.utf8.count + 1), using: &random)
      expectInside(SourceRange(node.range.start, node.range.start), source)
      let place = node.position(ofOffset: offset, in: source)
      #expect(Int(place.line) <= source.lineCount + 1)
    case .sequence(let items): for item in items { visit(item, source, &random) }
    case .mapping(let entries): for entry in entries { visit(entry.value, source, &random) }
    }
  }

  private static func damaged(_ random: inout SplitMix64) -> [UInt8] {
    var bytes = Array(original.utf8)
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1:
        bytes.removeSubrange(place..<max(place, min(bytes.count - 1, place + Int.random(in: 1...20, using: &random))))
      case 2: bytes.insert(contentsOf: (pieces.randomElement(using: &random) ?? "").utf8, at: place)
      default: bytes.removeLast(min(bytes.count - 1, Int.random(in: 0..<60, using: &random)))
      }
    }
    return bytes
  }
}
