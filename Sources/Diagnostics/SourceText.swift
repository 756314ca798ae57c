/// The bytes of a file, and where its lines begin.
///
/// A line ends with LF, CR LF or CR. A byte order mark at the start belongs to no line. A byte that is no part of a
/// UTF-8 character counts as one column.
package struct SourceText: Sendable {
  package let bytes: [UInt8]
  private let lineStarts: [Int]

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var starts = [bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0]
    bytes.withUnsafeBufferPointer { bytes in
      for (index, byte) in bytes.enumerated() where byte == 0x0a || byte == 0x0d {
        let isInsidePair = byte == 0x0d && index + 1 < bytes.count && bytes[index + 1] == 0x0a
        if !isInsidePair { starts.append(index + 1) }
      }
    }
    lineStarts = starts
  }

  package init(_ text: String) {
    self.init(Array(text.utf8))
  }

  /// The number of lines; a last line without a break counts, even an empty one.
  package var lineCount: Int { lineStarts.count }

  /// The bytes of a line, 1-based, without its line break; `nil` when there is no such line.
  package func line(_ number: Int) -> Range<Int>? {
    guard number >= 1, number <= lineStarts.count else { return nil }
    let start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] : bytes.count
    if end > start, bytes[end - 1] == 0x0a { end -= 1 }
    if end > start, bytes[end - 1] == 0x0d { end -= 1 }
    return start..<max(start, end)
  }

  /// The byte at which a place is; held within its line, and the end of the text for a line beyond it.
  package func offset(of position: SourcePosition) -> Int {
    guard let line = line(Int(position.line)) else { return position.line < 1 ? lineStarts[0] : bytes.count }
    var offset = line.lowerBound
    var column: Int32 = 1
    while column < position.column, offset < line.upperBound {
      offset += Self.scalar(in: bytes, at: offset).length
      column += 1
    }
    return min(offset, line.upperBound)
  }

  /// The place of a byte; held within the text.
  package func position(ofOffset offset: Int) -> SourcePosition {
    let offset = min(max(offset, lineStarts[0]), bytes.count)
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    var column = 1
    var index = lineStarts[low]
    while index < offset {
      index += Self.scalar(in: bytes, at: index).length
      column += 1
    }
    return SourcePosition(line: low + 1, column: index > offset ? column - 1 : column)
  }

  /// The character at a byte, and its length in bytes; U+FFFD and 1 where the bytes are no UTF-8 character.
  ///
  /// `offset` must be inside the text. The ranges are those of the Unicode standard's table of well-formed UTF-8.
  package static func scalar(
    in bytes: [UInt8], at offset: Int
  ) -> (value: Unicode.Scalar, length: Int, isWellFormed: Bool) {
    let lead = bytes[offset]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xbf
    switch lead {
    case 0..<0x80: return (Unicode.Scalar(lead), 1, true)
    case 0xc2...0xdf: length = 2
    case 0xe0: (length, second) = (3, 0xa0...0xbf)
    case 0xe1...0xec, 0xee...0xef: length = 3
    case 0xed: (length, second) = (3, 0x80...0x9f)
    case 0xf0: (length, second) = (4, 0x90...0xbf)
    case 0xf1...0xf3: length = 4
    case 0xf4: (length, second) = (4, 0x80...0x8f)
    default: return ("\u{fffd}", 1, false)
    }
    guard offset + length <= bytes.count, second ~= bytes[offset + 1] else { return ("\u{fffd}", 1, false) }
    var value = UInt32(lead) & (0xff >> UInt32(length + 1))
    for byte in bytes[(offset + 1)..<(offset + length)] {
      guard byte & 0xc0 == 0x80 else { return ("\u{fffd}", 1, false) }
      value = value << 6 | UInt32(byte & 0x3f)
    }
    return (Unicode.Scalar(value) ?? "\u{fffd}", length, true)
  }
}
