import Model

/// Reads chunks of one series into columns.
///
/// A chunk that isn't one, from a damaged file, ends at what can't be; nothing is read or written out of bounds.
struct ChunkDecoder {
  /// The last instant that isn't wanted, and the last that is.
  var after: Int64
  var through: Int64
  /// Chunks that could not be read to their end.
  private(set) var damaged = 0

  init(after: Int64, through: Int64) {
    self.after = after
    self.through = through
  }

  /// The wanted samples of chunks in ascending order.
  mutating func decode(_ chunks: some Collection<Chunk>) -> (times: [Timestamp], values: [Double]) {
    let capacity = chunks.reduce(0) { $0 + $1.count }
    guard capacity > 0 else { return ([], []) }
    var values: [Double] = []
    let times = [Timestamp](unsafeUninitializedCapacity: capacity) { times, timeCount in
      values = [Double](unsafeUninitializedCapacity: capacity) { values, valueCount in
        var columns = Columns(times: times, values: values)
        for chunk in chunks where !decode(chunk, &columns) { damaged += 1 }
        (timeCount, valueCount) = (columns.count, columns.count)
      }
    }
    // A window that is a small part of its chunks shouldn't hold on to the memory of all.
    guard times.count < capacity / 2 else { return (times, values) }
    return (times.withUnsafeBufferPointer(Array.init), values.withUnsafeBufferPointer(Array.init))
  }

  private struct Columns {
    let times: UnsafeMutableBufferPointer<Timestamp>
    let values: UnsafeMutableBufferPointer<Double>
    var count = 0
    /// The last time read, which the next must follow.
    var last = Int64.min
  }

  /// The words of which a sample takes bits at most, from the one in which it begins.
  private static let reach = 4

  private func decode(_ chunk: Chunk, _ columns: inout Columns) -> Bool {
    chunk.words.withUnsafeBufferPointer { words in
      // The last samples are read where reading may go beyond the end.
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.reach * 2) { tail in
        tail.initialize(repeating: 0)
        return decode(words, tail, count: chunk.count, &columns)
      }
    }
  }

  private func decode(
    _ words: UnsafeBufferPointer<UInt64>, _ tail: UnsafeMutableBufferPointer<UInt64>, count: Int,
    _ columns: inout Columns
  ) -> Bool {
    guard words.count >= 2, count > 0, let start = words.baseAddress, let tailStart = tail.baseAddress,
      var times = columns.times.baseAddress, var values = columns.values.baseAddress
    else { return false }
    times += columns.count
    values += columns.count
    var (time, value) = (Int64(bitPattern: words[0]), words[1])
    guard time > columns.last || columns.last == .min else { return false }
    var reader = BitReader(words: start, position: 128)
    var end = words.count * 64
    var tailBegin = end - (Self.reach - 1) * 64
    var (step, window, written, left, stamp) = (Int64(0), Window(), 0, count, Timestamp.epoch)
    while time <= through {
      if time > after {
        stamp.millisecondsSinceEpoch = time
        (times + written).initialize(to: stamp)
        (values + written).initialize(to: Double(bitPattern: value))
        written += 1
      }
      left -= 1
      if left == 0 { break }
      if reader.position >= tailBegin {
        let first = reader.position / 64
        for index in first..<words.count { tailStart[index - first] = words[index] }
        reader = BitReader(words: tailStart, position: reader.position % 64)
        (end, tailBegin) = (end - first * 64, .max)
      }
      let before = time
      step &+= reader.change()
      time = before &+ step
      value ^= reader.difference(&window)
      if reader.position > end || time <= before {
        columns.last = before
        columns.count += written
        return false
      }
    }
    columns.last = time
    columns.count += written
    return true
  }
}

/// Where the bits of a difference stand.
private struct Window {
  var width: UInt64 = 1
  var trailing: UInt64 = 0
}

/// Takes bits from words; whoever calls keeps the position near the end of what there is.
private struct BitReader {
  let words: UnsafePointer<UInt64>
  var position: Int

  /// The 64 bits that begin `offset` after the position.
  @inline(__always)
  private func bits(_ offset: Int = 0) -> UInt64 {
    let (index, shift) = ((position &+ offset) &>> 6, UInt64(truncatingIfNeeded: (position &+ offset) & 63))
    return words[index] &<< shift | (words[index &+ 1] &>> 1) &>> (63 &- shift)
  }

  /// The change of the step between two times.
  @inline(__always)
  mutating func change() -> Int64 {
    let bits = bits()
    if bits >> 63 == 0 {
      position &+= 1
      return 0
    }
    switch bits >> 60 {
    case 0b1000...0b1011:
      position &+= 9
      return Int64(bitPattern: bits &<< 2) &>> 57
    case 0b1100, 0b1101:
      position &+= 16
      return Int64(bitPattern: bits &<< 3) &>> 51
    case 0b1110:
      position &+= 25
      return Int64(bitPattern: bits &<< 4) &>> 43
    default:
      let wide = Int64(bitPattern: self.bits(4))
      position &+= 68
      return wide
    }
  }

  /// What differs between two values.
  @inline(__always)
  mutating func difference(_ window: inout Window) -> UInt64 {
    let bits = bits()
    if bits >> 63 == 0 {
      position &+= 1
      return 0
    }
    if bits >> 62 == 0b11 {
      let (leading, width) = ((bits >> 57) & 31, ((bits >> 51) & 63) &+ 1)
      window.width = width
      // A window wider than a value is no encoder's; the shift below then only takes its lowest bits.
      window.trailing = 64 &- leading &- width
      position &+= 13
    } else {
      position &+= 2
    }
    let difference = (self.bits() &>> (64 &- window.width)) &<< window.trailing
    position &+= Int(truncatingIfNeeded: window.width)
    return difference
  }
}
