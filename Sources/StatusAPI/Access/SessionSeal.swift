import Crypto
import Model

/// Seals a reader's token into the cookie of a browser's session, so that the cookie is of no use anywhere else.
///
/// AES-GCM by a key that only this controller has; the token is judged anew at each request, so a session never outlives
/// the right that its token gives.
package struct SessionSeal: Sendable {
  static let cookie = "belfry_session"
  /// What browsers keep of a cookie's name and value (RFC 6265 §6.1).
  static let limit = 4096
  /// The longest token whose cookie is within the limit: nonce, tag and end stand beside it, in base64url.
  static let tokenLimit = (limit - cookie.utf8.count - 1) * 3 / 4 - 12 - 16 - 8

  private static let purpose = Array("belfry session 1".utf8)

  private let key: SymmetricKey

  /// `key`: 32 bytes that nobody else knows. Others are stretched or cut to that length by SHA-256.
  package init(key: [UInt8]) {
    self.key = SymmetricKey(data: key.count == 32 ? key : Array(SHA256.hash(data: key)))
  }

  /// A seal by a key that is made up: sessions end with the process.
  package init() {
    key = SymmetricKey(size: .bits256)
  }

  /// The cookie's value; `nil` for a token that is longer than ``tokenLimit``.
  func seal(_ token: String, until end: Timestamp) -> String? {
    guard token.utf8.count <= Self.tokenLimit else { return nil }
    var text = (0..<8).map { UInt8(truncatingIfNeeded: end.millisecondsSinceEpoch >> (56 - 8 * $0)) }
    text += token.utf8
    guard let box = try? AES.GCM.seal(text, using: key, authenticating: Self.purpose).combined else { return nil }
    return Base64URL.encode(box)
  }

  /// The token in a cookie's value; `nil` once its session has ended, and for what was not sealed here.
  func open(_ value: String, at now: Timestamp) -> String? {
    guard value.utf8.count <= Self.limit, let bytes = Base64URL.decode(strict: value),
      let box = try? AES.GCM.SealedBox(combined: bytes),
      let text = try? AES.GCM.open(box, using: key, authenticating: Self.purpose), text.count > 8
    else { return nil }
    let end = text.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard now < Timestamp(millisecondsSinceEpoch: Int64(bitPattern: end)) else { return nil }
    return String(validating: text.dropFirst(8), as: UTF8.self)
  }
}
