import Model
import PromQL
import TestKit
import Testing

@testable import Embedded

@Suite struct `Chunks` {
  @Test func `give back what was put in, bit by bit`() throws {
    for seed in fuzzSeeds(500) {
      var random = SplitMix64(seed: seed)
      let samples = RandomSamples.make(count: Int(random.next() % 300) + 1, &random)
      var encoder = ChunkEncoder()
      for sample in samples { encoder.append(sample.time, sample.bits) }
      let chunk = try #require(encoder.chunk)
      #expect(chunk.first == samples[0].time && chunk.last == samples[samples.count - 1].time)
      var decoder = ChunkDecoder(after: .min, through: .max)
      var (times, values) = decoder.decode([chunk])
      // The lowest instant there is can't be asked for: a window begins after its start.
      if samples[0].time == .min {
        times.insert(Timestamp(millisecondsSinceEpoch: .min), at: 0)
        values.insert(Double(bitPattern: samples[0].bits), at: 0)
      }
      #expect(times.map(\.millisecondsSinceEpoch) == samples.map(\.time), "seed \(seed)")
      #expect(values.map(\.bitPattern) == samples.map(\.bits), "seed \(seed)")
      #expect(decoder.damaged == 0)
    }
  }

  @Test func `give only the window that is asked for`() throws {
    var encoders = [ChunkEncoder(), ChunkEncoder()]
    for index in 0..<200 { encoders[index / 100].append(Int64(index) * 15_000, Double(index).bitPattern) }
    let chunks = encoders.compactMap(\.chunk)
    for (after, through) in [(-1, 200), (49, 151), (99, 100), (199, 300), (-50, -1), (20, 10)] {
      var decoder = ChunkDecoder(after: Int64(after) * 15_000, through: Int64(through) * 15_000)
      let expected = (0..<200).filter { $0 > after && $0 <= through }.map(Double.init)
      #expect(decoder.decode(chunks).values == expected)
    }
  }

  @Test func `of a gauge that stands still take a few bits a sample`() throws {
    var encoder = ChunkEncoder()
    for index in 0..<120 { encoder.append(Int64(index) * 15_000, Double(42).bitPattern) }
    #expect(try #require(encoder.chunk).words.count * 8 < 60)
  }

  @Test func `that are damaged end somewhere without stopping`() throws {
    for seed in fuzzSeeds(2000) {
      var random = SplitMix64(seed: seed)
      let words = (0..<Int(random.next() % 40)).map { _ in random.next() & random.next() }
      guard let chunk = Chunk(checking: 0, last: .max, count: Int(random.next() % 900), words: words) else { continue }
      var decoder = ChunkDecoder(after: .min, through: .max)
      let (times, values) = decoder.decode([chunk, chunk])
      #expect(times.count == values.count && times.count <= chunk.count * 2)
      #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
    }
  }
}

/// Samples as no exporter would give them, and some as all do.
enum RandomSamples {
  static func make(count: Int, _ random: inout SplitMix64) -> [(time: Int64, bits: UInt64)] {
    var time = random.next() % 8 == 0 ? Int64.min : Int64(random.next() % 2_000_000_000_000)
    var value = 0.0
    let kind = random.next() % 4
    return (0..<count).map { index in
      if index > 0 { time += step(kind, &random, room: (Int64.max &- time)) }
      value = next(value, &random)
      return (time, value.bitPattern)
    }
  }

  private static func step(_ kind: UInt64, _ random: inout SplitMix64, room: Int64) -> Int64 {
    let step: Int64 =
      switch (kind, random.next() % 10) {
      case (0, _): 15_000
      case (1, _): 15_000 + Int64(random.next() % 21) - 10
      case (2, 0): 1 << Int64(random.next() % 50)
      default: Int64(random.next() % 5_000_000) + 1
      }
    return room > 0 ? min(step, max(room / 2, 1)) : step
  }

  private static func next(_ value: Double, _ random: inout SplitMix64) -> Double {
    switch random.next() % 12 {
    case 0: .infinity
    case 1: -.infinity
    case 2: Double(bitPattern: 0x7ff8_0000_0000_0000 | random.next() % 1000)
    case 3: .stalenessMarker
    case 4: Double(bitPattern: random.next())
    case 5: -0.0
    case 6: .leastNonzeroMagnitude
    case 7, 8: value
    default: (value.isFinite ? value : 0) + Double(random.next() % 1000)
    }
  }
}
