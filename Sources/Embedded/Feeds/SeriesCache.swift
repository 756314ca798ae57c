import Model

/// The series of one target, found by the bytes that stand for them in its exposition.
///
/// As long as a target writes its series alike from scrape to scrape, their labels are neither read nor hashed again.
struct SeriesCache: Sendable {
  struct Entry: Sendable {
    /// The bytes of name and labels.
    var key: [UInt8]
    var hash: UInt64
    /// With the target's own.
    var labels: Labels
    /// `nil` while the store refuses the series.
    var reference: SeriesReference?
    /// The number of the last scrape that had it.
    var seen: UInt64 = 0
    /// Whether it has a sample that a staleness marker must follow when it goes.
    var isLive = false
  }

  private(set) var entries: [Entry] = []
  private var placeOf: [UInt64: Int] = [:]

  var count: Int { entries.count }

  subscript(place: Int) -> Entry {
    _read { yield entries[place] }
    _modify { yield &entries[place] }
  }

  /// The entry for these bytes.
  func place(of bytes: [UInt8], _ range: Range<Int>) -> Int? {
    guard let place = placeOf[Self.hash(bytes, range)] else { return nil }
    let key = entries[place].key
    guard key.count == range.count else { return nil }
    let isSame = key.withUnsafeBytes { key in
      bytes.withUnsafeBytes { key.elementsEqual($0[range]) }
    }
    return isSame ? place : nil
  }

  /// Adds an entry for bytes that have none; returns its place.
  ///
  /// Where other bytes have the same hash, these take their place in the table, and both go on to be right.
  mutating func insert(_ bytes: [UInt8], _ range: Range<Int>, labels: Labels) -> Int {
    let hash = Self.hash(bytes, range)
    entries.append(Entry(key: Array(bytes[range]), hash: hash, labels: labels, reference: nil))
    placeOf[hash] = entries.count - 1
    return entries.count - 1
  }

  /// Takes out the entries that the scrape of this number didn't have, and returns those that were live.
  mutating func removeUnseen(_ scrape: UInt64) -> [Entry] {
    guard entries.contains(where: { $0.seen != scrape }) else { return [] }
    let gone = entries.filter { $0.seen != scrape && $0.isLive }
    entries.removeAll { $0.seen != scrape }
    placeOf = Dictionary(zip(entries.map(\.hash), entries.indices), uniquingKeysWith: { $1 })
    return gone
  }

  /// A hash of bytes, eight at a time; one that can be forced costs speed, and never rightness.
  private static func hash(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
    bytes.withUnsafeBytes { bytes in
      var hash = UInt64(range.count) &* 0x9e37_79b9_7f4a_7c15
      var offset = range.lowerBound
      while offset + 8 <= range.upperBound {
        hash = mixed(hash ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        offset += 8
      }
      var rest: UInt64 = 0
      while offset < range.upperBound {
        rest = rest << 8 | UInt64(bytes[offset])
        offset += 1
      }
      return mixed(hash ^ rest)
    }
  }

  private static func mixed(_ word: UInt64) -> UInt64 {
    let (high, low) = word.multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
    return high ^ low ^ 0xe703_7ed1_a0b4_28db
  }
}
