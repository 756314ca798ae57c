/// Words to look up by their bytes, without making a string.
struct WordTable<Value: Sendable>: Sendable {
  private struct Entry: Sendable {
    let word: [UInt8]
    let value: Value
  }

  private var slots: [Entry?]
  private let mask: Int
  private let ignoringCase: Bool

  /// `words` are ASCII, in lower case where the case is ignored.
  init(_ words: [(String, Value)], ignoringCase: Bool = false) {
    var size = 16
    while size < words.count * 4 { size *= 2 }
    mask = size - 1
    self.ignoringCase = ignoringCase
    slots = Array(repeating: nil, count: size)
    for (word, value) in words {
      let bytes = Array(word.utf8)
      var hash = WordHash()
      for byte in bytes { hash.combine(byte) }
      var slot = hash.slot(mask)
      while slots[slot] != nil { slot = (slot + 1) & mask }
      slots[slot] = Entry(word: bytes, value: value)
    }
  }

  /// What stands for the word at `range`, of this hash.
  func find(_ bytes: [UInt8], _ range: Range<Int>, _ hash: WordHash) -> Value? {
    var slot = hash.slot(mask)
    while let entry = slots[slot] {
      if matches(entry.word, bytes, range) { return entry.value }
      slot = (slot + 1) & mask
    }
    return nil
  }

  private func matches(_ word: [UInt8], _ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    guard word.count == range.count else { return false }
    var index = range.lowerBound
    for letter in word {
      var byte = bytes[index]
      if ignoringCase, UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte { byte |= 0x20 }
      guard byte == letter else { return false }
      index += 1
    }
    return true
  }
}

/// A hash over the letters of a word that is the same for small and capital ones.
struct WordHash: Sendable {
  private var value: UInt32 = 2_166_136_261

  mutating func combine(_ byte: UInt8) {
    value = (value ^ UInt32(byte | 0x20)) &* 16_777_619
  }

  func slot(_ mask: Int) -> Int { Int(truncatingIfNeeded: value ^ (value >> 15)) & mask }
}

/// The words of PromQL.
enum Words {
  /// Those with a meaning of their own, in any case.
  static let keywords = WordTable<TokenKind>(
    Keyword.allCases.map { ($0.rawValue, TokenKind.keyword($0)) }
      + AggregationOperator.allCases.map { ($0.rawValue, TokenKind.aggregator($0)) }
      + [BinaryOperator.and, .or, .unless, .atan2].map { ($0.rawValue, TokenKind.binary($0)) }
      + [("inf", TokenKind.number), ("nan", TokenKind.number)],
    ignoringCase: true
  )

  /// The functions, by their names as they are written.
  static let functions = WordTable<Function>(Function.allCases.map { ($0.rawValue, $0) })

  /// The length of the longest keyword.
  static let longestKeyword = 12
}
