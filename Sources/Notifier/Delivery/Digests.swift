import Crypto

func hmacSHA256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
  Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
}

/// The SHA-256 digest of a message: 32 bytes.
package func sha256(_ message: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: message)) }

extension [UInt8] {
  /// Two lower-case digits for each byte.
  package var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
