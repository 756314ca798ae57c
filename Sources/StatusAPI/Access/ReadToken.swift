import Crypto

/// A token that may read, known by its SHA-256 alone, and what it may see.
package struct ReadToken: Hashable, Sendable {
  /// For logs; never the token itself.
  package let name: String
  package let visibility: Visibility
  let digest: [UInt8]

  /// Takes `sha256` as 64 hexadecimal digits, as `printf %s "$TOKEN" | sha256sum` prints them, and the tenants that the
  /// token may see, `nil` for everything.
  package init(sha256: String, name: String = "", tenants: [String]? = nil) throws(ReadTokenError) {
    let digits = sha256.utf8.map(hexadecimalValue)
    guard digits.count == 64, !digits.contains(nil) else { throw .notADigest(length: sha256.count) }
    let values = digits.compactMap { $0 }
    digest = stride(from: 0, to: 64, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    self.name = name
    visibility = tenants.map { .tenants(Set($0)) } ?? .all
  }

  /// Reads several, with commas between them, as settings give them.
  package static func list(parsing text: String) throws(ReadTokenError) -> [ReadToken] {
    var tokens: [ReadToken] = []
    for part in text.split(separator: ",") { tokens.append(try ReadToken(parsing: String(part))) }
    return tokens
  }

  /// Reads `DIGEST`, `NAME=DIGEST`, or either followed by `@TENANT+TENANT`.
  package init(parsing text: String) throws(ReadTokenError) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let tenants = parts.dropFirst().first?.split(separator: "+").map(String.init)
    if let tenants, tenants.isEmpty { throw .noTenants }
    let named = (parts.first ?? "").split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = named.count == 2 ? String(named[0]) : ""
    try self.init(sha256: String(named.last ?? ""), name: name, tenants: tenants)
  }

  /// Whether `digest` is this token's, found in a time that doesn't depend on where they differ.
  func matches(_ other: [UInt8]) -> Bool {
    guard other.count == digest.count else { return false }
    var difference: UInt8 = 0
    for (mine, theirs) in zip(digest, other) { difference |= mine ^ theirs }
    return difference == 0
  }

  /// The digest of a token as it was sent.
  static func digest(of token: String) -> [UInt8] {
    Array(SHA256.hash(data: Array(token.utf8)))
  }
}

/// Why a text is not a token's digest. The text itself is not told: it may be the token.
package enum ReadTokenError: Error, Hashable, Sendable, CustomStringConvertible {
  case notADigest(length: Int)
  case noTenants

  package var description: String {
    switch self {
    case .notADigest(let length):
      "a token's SHA-256 has 64 hexadecimal digits, found a text of \(length) characters; "
        + "print one with: printf %s \"$TOKEN\" | sha256sum"
    case .noTenants: "no tenant follows the '@'; write the tenants that the token may see, such as @shop+billing"
    }
  }
}
