import Model
import Testing

@Suite struct `Bytes as text` {
  @Test func `survive base64 at every length`() {
    for length in 0..<100 {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      #expect(bytes.base64.utf8.base64Decoded == bytes)
      #expect(bytes.base64.filter { $0 != "=" }.utf8.base64Decoded == bytes)
    }
    #expect("a-b_".utf8.base64Decoded == nil)
  }

  @Test(arguments: [
    ("", ""), ("aZ09-_.~", "aZ09-_.~"), ("a b+c/d", "a%20b%2Bc%2Fd"), ("é🔥", "%C3%A9%F0%9F%94%A5"),
    ("\u{0}%", "%00%25"),
  ])
  func `are percent-encoded but for what RFC 3986 leaves alone`(text: String, encoded: String) {
    #expect(text.percentEncoded == encoded)
  }
}
