import HTTPTypes
import HummingbirdCore
import NIOCore

extension Response {
  /// Compresses the body where the request allows it and it helps.
  ///
  /// A weak tag stays as it is: it names what is said, in whatever coding (RFC 9110 §8.8.1).
  mutating func compress(_ body: ByteBuffer, for headers: HTTPFields, of name: String, with answers: CompressedAnswers) {
    guard body.readableBytes >= Gzip.least, self.headers[.contentEncoding] == nil else { return }
    // A cache must know that the next request may get something else, whichever this one got.
    vary(by: "Accept-Encoding")
    guard
      AcceptEncoding(headers[.acceptEncoding]).wantsGzip, let compressed = answers.compressed(body, of: name)
    else { return }
    self.body = ResponseBody(byteBuffer: compressed)
    self.headers[.contentEncoding] = "gzip"
    self.headers[.contentLength] = String(compressed.readableBytes)
  }

  /// Adds a name to `Vary`.
  mutating func vary(by name: String) {
    guard let known = headers[.vary] else {
      headers[.vary] = name
      return
    }
    let names = known.split(separator: ",").map { $0.drop { $0 == " " }.lowercased() }
    if !names.contains(name.lowercased()), known != "*" { headers[.vary] = known + ", " + name }
  }
}
