package import Diagnostics

/// A comment of a YAML text.
package struct YAMLComment: Hashable, Sendable {
  /// What follows the `#`, without white space around it.
  package var text: String
  /// From the `#` to the end of the line.
  package var range: SourceRange

  package init(text: String, range: SourceRange) {
    self.text = text
    self.range = range
  }
}

/// The comments of a YAML text, in its order.
///
/// libyaml tells nothing of comments, so they are looked for here: a `#` at the start of a line or behind white space,
/// outside quoted and block scalars.
package struct YAMLComments: Sendable {
  /// In the order of the text.
  package private(set) var all: [YAMLComment] = []

  /// The comments of `source`, which was read to `stream`. In a document with a syntax error, what is behind the error
  /// counts as if it held no quotes.
  package init(of stream: YAMLStream, in source: SourceText) {
    guard source.bytes.contains(UInt8(ascii: "#")) else { return }
    var texts: [Range<Int>] = []
    for document in stream.documents { document.root?.collectTexts(&texts, source) }
    // Aliases bring the same scalars again.
    texts.sort { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
    var next = texts[...]
    for number in 1...source.lineCount {
      guard let line = source.line(number) else { continue }
      scan(line, number, &next, source)
    }
  }

  /// The comments that begin with `belfry/`.
  package var controls: [YAMLComment] { all.filter { $0.text.hasPrefix("belfry/") } }

  /// Finds the comment of one line; `texts` are the scalars from here on that may hold a `#`.
  private mutating func scan(
    _ line: Range<Int>, _ number: Int, _ texts: inout ArraySlice<Range<Int>>, _ source: SourceText
  ) {
    let bytes = source.bytes
    var offset = line.lowerBound
    while let found = bytes[offset..<line.upperBound].firstIndex(of: UInt8(ascii: "#")) {
      while let text = texts.first, text.upperBound <= found { texts.removeFirst() }
      if let text = texts.first, text.lowerBound <= found {
        guard text.upperBound < line.upperBound else { return }
        offset = max(found + 1, text.upperBound)
        continue
      }
      if found == line.lowerBound || bytes[found - 1] == 0x20 || bytes[found - 1] == 0x09 {
        let words = bytes[(found + 1)..<line.upperBound].trimmed
        let range = SourceRange(source.position(ofOffset: found), source.position(ofOffset: line.upperBound))
        all.append(YAMLComment(text: String(decoding: words, as: UTF8.self), range: range))
        return
      }
      offset = found + 1
    }
  }
}

extension YAMLNode {
  /// Appends where the quoted and block scalars below this node stand, block scalars without their first line.
  fileprivate func collectTexts(_ texts: inout [Range<Int>], _ source: SourceText) {
    switch content {
    case .scalar(let scalar):
      guard scalar.style != .plain else { return }
      var start = source.offset(of: range.start)
      if scalar.style.isBlock { start = source.offset(of: SourcePosition(line: Int(range.start.line) + 1, column: 1)) }
      texts.append(start..<max(start, source.offset(of: range.end)))
    case .sequence(let items):
      for item in items { item.collectTexts(&texts, source) }
    case .mapping(let entries):
      for entry in entries {
        entry.key.collectTexts(&texts, source)
        entry.value.collectTexts(&texts, source)
      }
    }
  }
}

extension ArraySlice<UInt8> {
  fileprivate var trimmed: ArraySlice<UInt8> {
    var slice = self
    while let first = slice.first, first == 0x20 || first == 0x09 { slice.removeFirst() }
    while let last = slice.last, last == 0x20 || last == 0x09 { slice.removeLast() }
    return slice
  }
}
