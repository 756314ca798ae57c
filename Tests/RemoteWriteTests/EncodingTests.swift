import Model
import PromQL
import RemoteWrite
import TestKit
import Testing

@Suite struct `Encoding a write request` {
  /// The message of a queue that was given these samples.
  private func message(_ samples: [QuerySample], at instant: Timestamp) -> [UInt8] {
    var queue = RemoteWriteQueue()
    queue.append(samples, at: instant, isUrgent: true, now: .epoch)
    guard case .send(let message) = queue.next(at: .epoch) else { return [] }
    return message
  }

  @Test func `a sample stands byte for byte as the protocol has it`() {
    let sample = QuerySample(["__name__": "up", "a": "b"], 1.5)
    let expected: [UInt8] =
      [0x0a, 38]  // timeseries
      + [0x0a, 14, 0x0a, 8] + Array("__name__".utf8) + [0x12, 2] + Array("up".utf8)
      + [0x0a, 6, 0x0a, 1] + Array("a".utf8) + [0x12, 1] + Array("b".utf8)
      + [0x12, 12, 0x09, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0x10, 0xac, 0x02]
    #expect(message([sample], at: Timestamp(millisecondsSinceEpoch: 300)) == expected)
  }

  @Test(arguments: [
    Double.stalenessMarker, 0, -0.0, .nan, .infinity, -.infinity, .leastNonzeroMagnitude, 1e308,
  ])
  func `values arrive bit by bit`(value: Double) throws {
    let read = try WireDecoder.series(message([QuerySample(["__name__": "x"], value)], at: .epoch))
    #expect(read.flatMap(\.samples).map(\.bits) == [value.bitPattern])
  }

  @Test(arguments: [Int64.min, -1, 0, 1, 127, 128, 1_700_000_000_123, .max])
  func `timestamps arrive, those before the epoch too`(milliseconds: Int64) throws {
    let instant = Timestamp(millisecondsSinceEpoch: milliseconds)
    let read = try WireDecoder.series(message([QuerySample(["__name__": "x"], 1)], at: instant))
    #expect(read.flatMap(\.samples).map(\.at) == [milliseconds])
  }

  @Test(arguments: fuzzSeeds(200)) func `whatever was given is read again, labels sorted`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let samples = (0..<Int.random(in: 1...50, using: &random)).map { _ in Self.sample(using: &random) }
    let instant = Timestamp(millisecondsSinceEpoch: .random(in: -1_000...4_000_000_000_000, using: &random))
    let read = try WireDecoder.series(message(samples, at: instant))
    #expect(read.map(\.labels) == samples.map(\.labels.pairs))
    #expect(read.flatMap(\.samples).map(\.bits) == samples.map(\.value.bitPattern))
    #expect(read.allSatisfy { $0.samples.map(\.at) == [instant.millisecondsSinceEpoch] })
    #expect(read.allSatisfy { $0.labels == Labels($0.labels).pairs })
  }

  private static func sample(using random: inout SplitMix64) -> QuerySample {
    let texts = ["a", "__name__", "é", "日本", String(repeating: "x", count: 300), "z\n\"", "job"]
    var labels: Labels = ["__name__": "m"]
    for _ in 0..<Int.random(in: 0...6, using: &random) {
      let (name, value) = (
        Int.random(in: 0..<texts.count, using: &random), Int.random(in: 0..<texts.count, using: &random)
      )
      labels[texts[name]] = texts[value]
    }
    return QuerySample(labels, Double(bitPattern: UInt64.random(in: .min ... .max, using: &random)))
  }

  @Test func `a request has the headers that the protocol asks for`() throws {
    let target = RemoteWriteTarget(
      url: "http://prom.example.com/api/v1/write", headers: [Label("Authorization", "Bearer x")])
    let message = [UInt8](repeating: 7, count: 10_000)
    let request = try target.request(carrying: message, userAgent: "Belfry/1")
    #expect(request.method == "POST")
    #expect(
      request.headers == [
        Label("Content-Encoding", "snappy"), Label("Content-Type", "application/x-protobuf"),
        Label("User-Agent", "Belfry/1"), Label("X-Prometheus-Remote-Write-Version", "0.1.0"),
        Label("Authorization", "Bearer x"),
      ])
    #expect(request.body.count < 1000)
    #expect(Snappy.uncompressed(request.body, limit: 10_000) == message)
    #expect(Snappy.uncompressed(request.body, limit: 9_999) == nil)
    #expect(Snappy.uncompressed([0xff, 0xff], limit: 10_000) == nil)
  }
}
