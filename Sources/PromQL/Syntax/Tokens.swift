/// The tokens of a PromQL text as stretches of its UTF-8 view; white space and comments are passed over.
///
/// Words (names, numbers, durations, keywords) and quoted strings are one token each, every other byte is its own,
/// but for the operators of two bytes. A string without an end runs to the end of the text.
package struct Tokens: Sequence, IteratorProtocol, Sendable {
  private let bytes: String.UTF8View
  private var position: String.UTF8View.Index

  package init(_ text: String) {
    bytes = text.utf8
    position = bytes.startIndex
  }

  package mutating func next() -> Range<String.UTF8View.Index>? {
    skipBlank()
    guard position < bytes.endIndex else { return nil }
    let start = position
    let first = bytes[position]
    bytes.formIndex(after: &position)
    switch first {
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): finishString(first)
    case _ where Self.isWord(first):
      while position < bytes.endIndex, Self.isWord(bytes[position]) { bytes.formIndex(after: &position) }
    case _ where position < bytes.endIndex && Self.isPair(first, bytes[position]):
      bytes.formIndex(after: &position)
    default: break
    }
    return start..<position
  }

  private mutating func skipBlank() {
    while position < bytes.endIndex {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d: bytes.formIndex(after: &position)
      case UInt8(ascii: "#"):
        while position < bytes.endIndex, bytes[position] != 0x0a { bytes.formIndex(after: &position) }
      default: return
      }
    }
  }

  private mutating func finishString(_ quote: UInt8) {
    while position < bytes.endIndex {
      let byte = bytes[position]
      bytes.formIndex(after: &position)
      if byte == quote { return }
      if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "`"), position < bytes.endIndex {
        bytes.formIndex(after: &position)
      }
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "."), 0x80...:
      true
    default: false
    }
  }

  /// `=~`, `!~`, `==`, `!=`, `<=`, `>=`.
  private static func isPair(_ first: UInt8, _ second: UInt8) -> Bool {
    switch (first, second) {
    case (UInt8(ascii: "="), UInt8(ascii: "~")), (UInt8(ascii: "!"), UInt8(ascii: "~")),
      (UInt8(ascii: "="), UInt8(ascii: "=")), (UInt8(ascii: "!"), UInt8(ascii: "=")),
      (UInt8(ascii: "<"), UInt8(ascii: "=")), (UInt8(ascii: ">"), UInt8(ascii: "=")):
      true
    default: false
    }
  }
}
