import Diagnostics

/// Where the lines of a text go.
struct Layout {
  private let source: SourceText
  /// How far a line is moved in that begins an entry of a block, by its number.
  private var indents: [Int: Int] = [:]
  /// Lines that are inside a text of several lines: they move with its first line, and keep their ends.
  private var texts: Set<Int> = []
  /// Where blanks behind a dash go down to one: the line, and the bytes to leave out.
  private var gaps: [Int: Range<Int>] = [:]

  init(source: SourceText) {
    self.source = source
  }

  // MARK: Places

  /// Gives the lines of a node their place; `indent` is that of its entries, where it is a block.
  mutating func place(_ node: YAMLNode, at indent: Int) {
    switch node.content {
    case .scalar(let scalar): place(scalar, node.range)
    case .mapping(let entries):
      guard !isFlow(node) else { return protect(node.range) }
      placeMerges(of: node, entries, at: indent)
      for entry in entries {
        begin(entry.key.range.start, at: indent)
        place(entry.key, at: indent)
        place(entry.value, at: entry.value.items == nil ? indent + 2 : indent)
      }
    case .sequence(let items):
      guard !isFlow(node) else { return protect(node.range) }
      for item in items {
        placeDash(before: item, at: indent)
        place(item, at: indent + 2)
      }
    }
  }

  /// Texts of several lines. A block text ends at the start of the line behind it.
  private mutating func place(_ scalar: YAMLScalar, _ range: SourceRange) {
    guard range.end.line > range.start.line else { return }
    let last = range.end.column == 1 ? range.end.line - 1 : range.end.line
    for line in (range.start.line + 1)...max(last, range.start.line + 1) { texts.insert(Int(line)) }
  }

  /// The lines of a list or mapping in brackets move together.
  private mutating func protect(_ range: SourceRange) {
    guard range.end.line > range.start.line else { return }
    for line in (range.start.line + 1)...range.end.line { texts.insert(Int(line)) }
  }

  /// Notes the indent of a line, if `position` is its first character. The first word on a line counts: aliases bring
  /// the same nodes again.
  private mutating func begin(_ position: SourcePosition, at indent: Int) {
    let number = Int(position.line)
    guard indents[number] == nil, let line = source.line(number) else { return }
    let offset = source.offset(of: position)
    guard source.bytes[line.lowerBound..<min(offset, line.upperBound)].allSatisfy({ $0 == 0x20 }) else { return }
    indents[number] = indent
  }

  /// The `<<` of a mapping: the entries that it brings have the places of their anchor.
  private mutating func placeMerges(of node: YAMLNode, _ entries: [YAMLEntry], at indent: Int) {
    let (first, last) = (node.range.start, node.range.end)
    guard entries.contains(where: { $0.key.range.start < first || $0.key.range.start >= last }) else { return }
    let own = entries.first { $0.key.range.start >= first && $0.key.range.start < last }?.key.range.start.column
    for number in first.line...last.line {
      guard let line = source.line(Int(number)) else { continue }
      guard let start = line.first(where: { source.bytes[$0] != 0x20 }), start + 1 < line.upperBound,
        source.bytes[start] == UInt8(ascii: "<"), source.bytes[start + 1] == UInt8(ascii: "<"),
        own == nil || start - line.lowerBound + 1 == own.map(Int.init)
      else { continue }
      begin(SourcePosition(line: Int(number), column: start - line.lowerBound + 1), at: indent)
    }
  }

  /// The dash of an item, which stands before it on its line; one on a line of its own is found by going back.
  private mutating func placeDash(before item: YAMLNode, at indent: Int) {
    var number = Int(item.range.start.line)
    var end = source.offset(of: item.range.start)
    while number > 0, let line = source.line(number) {
      let before = source.bytes[line.lowerBound..<max(line.lowerBound, min(end, line.upperBound))]
      let isComment = before.first { $0 != 0x20 && $0 != 0x09 } == UInt8(ascii: "#")
      if !isComment, before.contains(where: { $0 != 0x20 && $0 != 0x09 }) {
        guard let dash = dash(in: before) else { return }
        begin(source.position(ofOffset: dash), at: indent)
        if number == Int(item.range.start.line), end > dash + 2 { gaps[number] = dash + 2..<end }
        return
      }
      number -= 1
      end = source.line(number)?.upperBound ?? 0
    }
  }

  /// The last dash of a line's beginning, behind which nothing but a comment stands.
  private func dash(in line: ArraySlice<UInt8>) -> Int? {
    let code = line.indices.first { $0 > line.startIndex && line[$0] == UInt8(ascii: "#") && line[$0 - 1] == 0x20 }
    let end = code ?? line.endIndex
    return line[..<end].lastIndex { $0 != 0x20 && $0 != 0x09 }.flatMap { line[$0] == UInt8(ascii: "-") ? $0 : nil }
  }

  private func isFlow(_ node: YAMLNode) -> Bool {
    var offset = source.offset(of: node.range.start)
    let bytes = source.bytes
    // An anchor or a tag may stand before the bracket.
    while offset < bytes.count, bytes[offset] == UInt8(ascii: "&") || bytes[offset] == UInt8(ascii: "!") {
      while offset < bytes.count, bytes[offset] > 0x20 { offset += 1 }
      while offset < bytes.count, bytes[offset] == 0x20 || bytes[offset] == 0x09 { offset += 1 }
    }
    return offset < bytes.count && (bytes[offset] == UInt8(ascii: "{") || bytes[offset] == UInt8(ascii: "["))
  }

  // MARK: The text

  func text(with comments: YAMLComments) -> [UInt8] {
    let commentLines = Set(comments.all.map { Int($0.range.start.line) })
    var result: [UInt8] = []
    result.reserveCapacity(source.bytes.count)
    var (shift, blanks) = (0, 0)
    for number in 1...source.lineCount {
      guard let range = source.line(number) else { continue }
      let isText = texts.contains(number)
      let line = isText ? range : trimmed(range)
      let start = range.first { source.bytes[$0] != 0x20 } ?? range.upperBound
      guard start < line.upperBound || (isText && !line.isEmpty) else {
        // Empty lines within a text belong to it; others are kept one at a time.
        if isText { result.append(0x0a) } else { blanks += 1 }
        continue
      }
      if blanks > 0, !result.isEmpty { result.append(0x0a) }
      blanks = 0
      let column = min(start, line.upperBound) - range.lowerBound
      if let indent = indents[number] {
        shift = indent - column
        write(line, from: start, indent: indent, gap: gaps[number], to: &result)
      } else if !isText, commentLines.contains(number), source.bytes[start] == UInt8(ascii: "#") {
        write(line, from: start, indent: commentIndent(number, column, shift), gap: nil, to: &result)
      } else {
        write(line, from: start, indent: max(0, column + shift), gap: nil, to: &result)
      }
      if isMarker(line) { shift = 0 }
    }
    // A block text that ends with the file, without a line break, would get one.
    if texts.contains(source.lineCount), result.last == 0x0a { result.removeLast() }
    return result
  }

  /// A comment stands with the entry below it, or, where that is further out, with what is above.
  private func commentIndent(_ number: Int, _ column: Int, _ shift: Int) -> Int {
    var next = number + 1
    while next <= source.lineCount, indents[next] == nil, let line = source.line(next) {
      let start = line.first { source.bytes[$0] != 0x20 && source.bytes[$0] != 0x09 }
      guard start == nil || start.map({ source.bytes[$0] == UInt8(ascii: "#") }) ?? false else { break }
      next += 1
    }
    guard let indent = indents[next], let line = source.line(next) else { return max(0, column + shift) }
    let below = (line.first { source.bytes[$0] != 0x20 } ?? line.upperBound) - line.lowerBound
    return column <= below ? indent : max(0, column + shift)
  }

  private func write(_ line: Range<Int>, from start: Int, indent: Int, gap: Range<Int>?, to result: inout [UInt8]) {
    result.append(contentsOf: repeatElement(0x20, count: indent))
    let start = min(start, line.upperBound)
    if let gap, gap.lowerBound >= start, gap.upperBound <= line.upperBound {
      result.append(contentsOf: source.bytes[start..<gap.lowerBound])
      result.append(contentsOf: source.bytes[gap.upperBound..<line.upperBound])
    } else {
      result.append(contentsOf: source.bytes[start..<line.upperBound])
    }
    result.append(0x0a)
  }

  private func trimmed(_ line: Range<Int>) -> Range<Int> {
    var end = line.upperBound
    while end > line.lowerBound, source.bytes[end - 1] == 0x20 || source.bytes[end - 1] == 0x09 { end -= 1 }
    return line.lowerBound..<end
  }

  /// `---` or `...`.
  private func isMarker(_ line: Range<Int>) -> Bool {
    let text = source.bytes[line].prefix(3)
    return text.elementsEqual("---".utf8) || text.elementsEqual("...".utf8)
  }
}
