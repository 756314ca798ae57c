/// Compresses samples one by one into a ``Chunk``.
struct ChunkEncoder: Hashable, Sendable {
  private(set) var words: [UInt64] = []
  /// Bits of the last word that aren't used.
  private var free = 0
  private(set) var count = 0
  private(set) var first: Int64 = 0
  private(set) var last: Int64 = 0
  private var step: Int64 = 0
  private var value: UInt64 = 0
  private var leading: UInt8 = .max
  private var trailing: UInt8 = 0

  /// What there is, as a chunk that shares its memory; `nil` before the first sample.
  var chunk: Chunk? { count == 0 ? nil : Chunk(first: first, last: last, count: count, words: words) }

  /// Adds a sample; `time` must be later than ``last``.
  mutating func append(_ time: Int64, _ bits: UInt64) {
    if count == 0 {
      first = time
      write(UInt64(bitPattern: time), 64)
      write(bits, 64)
    } else {
      let step = time &- last
      write(change: step &- self.step)
      self.step = step
      write(difference: bits ^ value)
    }
    last = time
    value = bits
    count += 1
  }

  private mutating func write(change: Int64) {
    switch change {
    case 0: write(0, 1)
    case -64..<64: write(0b10 << 7 | UInt64(truncatingIfNeeded: change & 0x7f), 9)
    case -4096..<4096: write(0b110 << 13 | UInt64(truncatingIfNeeded: change & 0x1fff), 16)
    case -1_048_576..<1_048_576: write(0b1110 << 21 | UInt64(truncatingIfNeeded: change & 0x1f_ffff), 25)
    default:
      write(0b1111, 4)
      write(UInt64(bitPattern: change), 64)
    }
  }

  private mutating func write(difference: UInt64) {
    guard difference != 0 else { return write(0, 1) }
    let leading = UInt8(min(31, difference.leadingZeroBitCount))
    let trailing = UInt8(difference.trailingZeroBitCount)
    if self.leading != .max, leading >= self.leading, trailing >= self.trailing {
      write(0b10, 2)
    } else {
      self.leading = leading
      self.trailing = trailing
      let width = 64 - UInt64(leading) - UInt64(trailing)
      write(0b11 << 11 | UInt64(leading) << 6 | (width - 1), 13)
    }
    write(difference >> UInt64(self.trailing), 64 - Int(self.leading) - Int(self.trailing))
  }

  /// Adds the lowest `width` bits, 1 to 64; those above must be 0.
  private mutating func write(_ bits: UInt64, _ width: Int) {
    if width <= free {
      free -= width
      words[words.count - 1] |= bits << UInt64(free)
    } else {
      let rest = width - free
      if free > 0 { words[words.count - 1] |= bits >> UInt64(rest) }
      free = 64 - rest
      words.append(bits << UInt64(free))
    }
  }
}
