import Evaluator
import Model
import PromQL

/// Remote write in a few lines: one request for each write, compressed only in name.
struct PlainRemoteWrite: SampleSink {
  let url: String

  func write(_ samples: [QuerySample], at instant: Timestamp) async throws(SampleWriteError) {
    let message = samples.flatMap { Self.field(1, Self.series($0, instant)) }
    let request = HTTPRequest(
      method: "POST", url: url + "/api/v1/write",
      headers: [
        Label("Content-Encoding", "snappy"), Label("Content-Type", "application/x-protobuf"),
        Label("X-Prometheus-Remote-Write-Version", "0.1.0"),
      ], body: Self.snappy(message))
    let response: HTTPResponse
    do throws(TransportError) {
      response = try await PlainHTTP().send(request)
    } catch {
      throw .late("\(error)")
    }
    guard response.status / 100 == 2 else { throw .lost("status \(response.status)") }
  }

  private static func series(_ sample: QuerySample, _ instant: Timestamp) -> [UInt8] {
    let labels = sample.labels.pairs.flatMap { label in
      field(1, field(1, Array(label.name.utf8)) + field(2, Array(label.value.utf8)))
    }
    let value = [0x09] + withUnsafeBytes(of: sample.value.bitPattern.littleEndian) { Array($0) }
    return labels + field(2, value + [0x10] + varint(Int(instant.millisecondsSinceEpoch)))
  }

  private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    [number << 3 | 2] + varint(bytes.count) + bytes
  }

  private static func varint(_ number: Int) -> [UInt8] {
    number < 0x80 ? [UInt8(number)] : [UInt8(number & 0x7f | 0x80)] + varint(number >> 7)
  }

  /// The block format with nothing but literals.
  private static func snappy(_ bytes: [UInt8]) -> [UInt8] {
    stride(from: 0, to: bytes.count, by: 65_536).reduce(into: varint(bytes.count)) { block, start in
      let chunk = bytes[start..<min(start + 65_536, bytes.count)]
      block += [0xf4, UInt8((chunk.count - 1) & 0xff), UInt8((chunk.count - 1) >> 8)] + chunk
    }
  }
}
