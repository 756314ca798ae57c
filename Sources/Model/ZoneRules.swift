/// What a clock in some zone shows at an instant.
package struct ZoneOffset: Hashable, Sendable {
  package var secondsEastOfUTC: Int
  package var isDaylightSaving: Bool
  /// `CET`, `CEST`, `+0530`, …
  package var abbreviation: String

  package init(secondsEastOfUTC: Int, isDaylightSaving: Bool, abbreviation: String) {
    self.secondsEastOfUTC = secondsEastOfUTC
    self.isDaylightSaving = isDaylightSaving
    self.abbreviation = abbreviation
  }

  package static let utc = ZoneOffset(secondsEastOfUTC: 0, isDaylightSaving: false, abbreviation: "UTC")
}

/// The offsets of one time zone through time, read from a TZif file (RFC 8536).
package struct ZoneRules: Hashable, Sendable {
  /// Seconds since the epoch at which the offset changes, ascending, and the offset from then on.
  private let changes: [Change]
  /// Before the first change.
  private let first: ZoneOffset
  /// After the last change, where the file has a footer.
  private let recurring: RecurringZone?

  private struct Change: Hashable, Sendable {
    var second: Int64
    var offset: ZoneOffset
  }

  /// Universal time, whose offset never changes.
  package static let utc = ZoneRules(changes: [], first: .utc, recurring: nil)

  private init(changes: [Change], first: ZoneOffset, recurring: RecurringZone?) {
    self.changes = changes
    self.first = first
    self.recurring = recurring
  }

  /// Reads the bytes of a TZif file, version 1 to 4; `nil` when they are something else or cut short.
  package init?(tzif bytes: [UInt8]) {
    guard let head = TZifBlock(bytes, at: 0, wordSize: 4) else { return nil }
    var block = head
    var footer: RecurringZone?
    if head.version >= UInt8(ascii: "2") {
      guard let second = TZifBlock(bytes, at: head.end, wordSize: 8) else { return nil }
      block = second
      footer = RecurringZone(footer: bytes[second.end...])
    }
    guard let offsets = block.offsets(of: bytes),
      let earliest = offsets.first(where: { !$0.isDaylightSaving }) ?? offsets.first
    else { return nil }
    var changes: [Change] = []
    changes.reserveCapacity(block.changeCount)
    for index in 0..<block.changeCount {
      let type = block.type(ofChange: index, of: bytes)
      guard type < offsets.count else { return nil }
      changes.append(Change(second: block.second(ofChange: index, of: bytes), offset: offsets[type]))
    }
    self.init(changes: changes, first: earliest, recurring: footer)
  }

  /// What a clock in this zone shows at `instant`.
  package func offset(at instant: Timestamp) -> ZoneOffset {
    let milliseconds = instant.millisecondsSinceEpoch
    let (quotient, remainder) = milliseconds.quotientAndRemainder(dividingBy: 1000)
    let second = remainder < 0 ? quotient - 1 : quotient
    guard let last = changes.last else { return recurring?.offset(at: second) ?? first }
    if second >= last.second { return recurring?.offset(at: second) ?? last.offset }
    var low = 0
    var high = changes.count
    while low < high {
      let middle = (low + high) / 2
      if changes[middle].second <= second { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? first : changes[low - 1].offset
  }

  /// The date and time that a clock in this zone shows at `instant`.
  package func civilTime(at instant: Timestamp) -> CivilTime {
    CivilTime(instant, secondsEastOfUTC: offset(at: instant).secondsEastOfUTC)
  }
}

/// Where the rules of a named zone come from: a closure, so that reading files stays outside.
package struct Zones: Sendable {
  private let lookup: @Sendable (String) -> ZoneRules?

  /// `lookup`: gives the rules of an IANA name such as `Europe/Berlin`; asked each time, so it keeps them.
  package init(_ lookup: @escaping @Sendable (String) -> ZoneRules?) {
    self.lookup = lookup
  }

  /// The rules of a zone; `nil` when nobody knows its name. `UTC` is always known.
  package subscript(name: String) -> ZoneRules? {
    name == "UTC" ? .utc : lookup(name)
  }

  /// Knows `UTC` and nothing else.
  package static let utcOnly = Zones { _ in nil }
}

/// One data block of a TZif file: where its parts begin.
private struct TZifBlock {
  let version: UInt8
  let changeCount: Int
  let end: Int
  private let wordSize: Int
  private let start: Int
  private let typeCount: Int
  private let nameCount: Int

  /// `wordSize`: bytes of an instant: 4 in the first block, 8 in the second.
  init?(_ bytes: [UInt8], at offset: Int, wordSize: Int) {
    let headerSize = 44
    guard offset + headerSize <= bytes.count, Array(bytes[offset..<offset + 4]) == Array("TZif".utf8) else {
      return nil
    }
    func count(_ index: Int) -> Int { Int(bytes.bigEndian(at: offset + 20 + index * 4, size: 4)) & 0xffff_ffff }
    version = bytes[offset + 4]
    self.wordSize = wordSize
    start = offset + headerSize
    let (utcCount, standardCount, leapCount) = (count(0), count(1), count(2))
    changeCount = count(3)
    typeCount = count(4)
    nameCount = count(5)
    end =
      start + changeCount * (wordSize + 1) + typeCount * 6 + nameCount + leapCount * (wordSize + 4) + standardCount
      + utcCount
    guard end <= bytes.count else { return nil }
  }

  func second(ofChange index: Int, of bytes: [UInt8]) -> Int64 {
    bytes.bigEndian(at: start + index * wordSize, size: wordSize)
  }

  func type(ofChange index: Int, of bytes: [UInt8]) -> Int {
    Int(bytes[start + changeCount * wordSize + index])
  }

  func offsets(of bytes: [UInt8]) -> [ZoneOffset]? {
    let types = start + changeCount * (wordSize + 1)
    let names = types + typeCount * 6
    var offsets: [ZoneOffset] = []
    for index in 0..<typeCount {
      let at = types + index * 6
      let name = Int(bytes[at + 5])
      guard name < nameCount else { return nil }
      let text = bytes[(names + name)..<(names + nameCount)].prefix { $0 != 0 }
      offsets.append(
        ZoneOffset(
          secondsEastOfUTC: Int(bytes.bigEndian(at: at, size: 4)), isDaylightSaving: bytes[at + 4] != 0,
          abbreviation: String(decoding: text, as: UTF8.self)))
    }
    return offsets
  }
}

extension [UInt8] {
  /// A signed big-endian number of 4 or 8 bytes.
  fileprivate func bigEndian(at offset: Int, size: Int) -> Int64 {
    var value: UInt64 = 0
    for byte in self[offset..<offset + size] { value = value << 8 | UInt64(byte) }
    return size == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
  }
}
