import Model
import Testing

@Suite struct `Hashes that others compute as well` {
  @Test func `fingerprints are Alertmanager's`() {
    #expect(Fingerprint(Labels.empty).description == "cbf29ce484222325")
    #expect(Fingerprint(["alertname": "HighCPU", "instance": "a:9100"]).description == "633ea8867b83bf1a")
    #expect(Fingerprint(["name": "garland, briggs", "fear": "love is not enough"]).value == 5_799_056_148_416_392_346)
  }

  @Test func `a fingerprint's text reads back`() {
    let fingerprint = Fingerprint(value: 0xab)
    #expect(fingerprint.description == "00000000000000ab")
    #expect(Fingerprint("00000000000000ab") == fingerprint)
    #expect(Fingerprint("ab") == nil)
    #expect(Fingerprint("00000000000000xy") == nil)
    #expect(Fingerprint(value: 1) < Fingerprint(value: 2))
  }

  @Test(
    arguments: [
      ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8),
    ] as [(String, UInt64)])
  func `FNV-1a is that of its authors`(text: String, value: UInt64) {
    var hash = FNV1a()
    hash.combine(text)
    #expect(hash.value == value)
  }

  /// The values come from the reference implementation; the lengths go through each of its branches.
  @Test(
    arguments: [
      ([], 0xef46_db37_51d8_e999), (Array("a".utf8), 0xd24e_c4f1_a98c_6e5b), (Array("abc".utf8), 0x44bc_2cf5_ad77_0999),
      (Array("12345678abcd".utf8), 0x3c4f_187c_35cf_5b79),
      (Array("0123456789abcdef0123456789abcdef".utf8), 0x642a_9495_8e71_e6c5),
      (Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8), 0x64f2_3ecf_1609_b766),
      (Array(0..<101), 0xe990_3849_5f85_381e),
    ] as [([UInt8], UInt64)])
  func `xxHash is that of its authors`(bytes: [UInt8], value: UInt64) {
    #expect(xxHash64(bytes) == value)
  }
}
