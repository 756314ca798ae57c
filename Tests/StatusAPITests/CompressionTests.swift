import Hummingbird
import HummingbirdTesting
import Model
import NIOCore
import TestKit
import Testing

@testable import StatusAPI

@Suite struct `Compression` {
  static let accepted: [(header: String?, isWanted: Bool)] = [
    (nil, false), ("", false), ("gzip", true), ("GZIP", true), ("x-gzip", true), ("deflate, br", false),
    ("br, gzip;q=0.1", true), ("gzip;q=0", false), ("gzip; q=0.000", false), ("gzip;q=1.000", true),
    ("gzip;q=1.001", false), ("gzip;q=2", false), ("gzip;q=x", false), ("gzip;q=.5", false), ("gzip;q=", false),
    ("*", true), ("*;q=0", false), ("gzip;q=0, *", false), ("*;q=0, gzip", true), ("identity;q=0", false),
    ("identity;q=0, gzip", true), ("identity, gzip;q=0.5", false), ("identity;q=0.5, gzip;q=0.5", true),
    ("identity", false), (",;,,", false), ("gzip;level=9;q=0.5", true), ("deflate, gzip;q=1.0, *;q=0.5", true),
  ]

  @Test(arguments: accepted)
  func `is done where the request wants it`(header: String?, isWanted: Bool) {
    #expect(AcceptEncoding(header).wantsGzip == isWanted)
  }

  private func answers(_ path: String, _ headers: HTTPFields) async throws -> (plain: Answer, zipped: Answer) {
    let plain = try await Asking().send(path)
    return (plain, try await Asking().send(path, headers: headers))
  }

  @Test func `gives the same bytes with fewer`() async throws {
    let (plain, zipped) = try await answers("/api/v1/status", [.acceptEncoding: "gzip"])
    #expect(zipped.headers[.contentEncoding] == "gzip" && plain.headers[.contentEncoding] == nil)
    #expect(zipped.headers[.contentLength] == String(zipped.bytes.count))
    #expect(zipped.bytes.count < plain.bytes.count)
    #expect(zipped.bytes.starts(with: [0x1f, 0x8b, 8]))
    // The length of what was compressed stands in the last four bytes (RFC 1952 §2.3.1).
    let length = zipped.bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(length == plain.bytes.count)
    for answer in [plain, zipped] {
      #expect(answer.headers[.vary] == "Authorization, Accept-Encoding")
      #expect(answer.headers[.eTag]?.hasPrefix("W/") == true)
    }
  }

  @Test(arguments: ["/livez", "/version", "/nothing", "/api/v1/events"])
  func `leaves alone what is short, and streams`(path: String) async throws {
    let (plain, asked) = try await answers(path, [.acceptEncoding: "gzip"])
    #expect(asked.headers[.contentEncoding] == nil && asked.status == plain.status)
  }

  @Test func `tells HEAD what GET would get`() async throws {
    let get = try await Asking().send("/api/v1/status", headers: [.acceptEncoding: "gzip"])
    let head = try await Asking().send("/api/v1/status", .head, headers: [.acceptEncoding: "gzip"])
    #expect(head.bytes.isEmpty && head.status == 200)
    for name in [HTTPFields.Element.Name.contentEncoding, .contentLength, .vary, .contentType] {
      #expect(head.headers[name] == get.headers[name], "\(name)")
    }
  }

  @Test func `is done once for many readers of one answer`() throws {
    let answers = CompressedAnswers(limit: 1 << 20)
    let text = ByteBuffer(string: String(repeating: "alert ", count: 10_000))
    let first = try #require(answers.compressed(text, of: "/a"))
    let size = answers.size
    #expect(size == text.readableBytes + first.readableBytes)
    #expect(answers.compressed(text, of: "/a") == first && answers.size == size)
    // Another text under the same name replaces it.
    let other = ByteBuffer(string: String(repeating: "resolved ", count: 10_000))
    #expect(answers.compressed(other, of: "/a") != first)
    #expect(answers.size > 90_000 && answers.size < 100_000)
  }

  @Test func `holds no more than its limit`() {
    let answers = CompressedAnswers(limit: 100_000)
    for index in 0..<50 {
      _ = answers.compressed(ByteBuffer(string: String(repeating: "alert \(index) ", count: 2000)), of: "/\(index)")
      #expect(answers.size <= 100_000)
    }
    let large = ByteBuffer(repeating: 7, count: 200_000)
    #expect(answers.compressed(large, of: "/large") != nil && answers.size <= 100_000)
  }

  @Test func `isn't kept where it doesn't help`() {
    var generator = SplitMix64(seed: 7)
    let noise = ByteBuffer(bytes: (0..<20_000).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
    #expect(CompressedAnswers().compressed(noise, of: "/") == nil)
  }
}
