import JSON

/// A signed JSON Web Token taken apart (RFC 7515 §3.1, RFC 7519); nothing in it is trusted yet.
struct JSONWebToken: Sendable {
  /// The largest token that is looked at, in bytes.
  static let limit = 16 * 1024

  let algorithm: JSONWebAlgorithm
  /// `kid`.
  let keyID: String?
  let claims: JSONValue
  /// What is signed: header and claims as they were sent.
  let signed: [UInt8]
  let signature: [UInt8]

  init(parsing text: String) throws(TokenRefusal) {
    guard text.utf8.count <= Self.limit else { throw .tooLarge(limit: Self.limit) }
    let parts = text.utf8.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 3 else { throw .notThreeParts }
    let header = try Self.object(parts[0], "header")
    claims = try Self.object(parts[1], "claims")
    guard let signature = Base64URL.decode(strict: String(Substring(parts[2]))) else {
      throw .notBase64(part: "signature")
    }
    self.signature = signature
    signed = Array(text.utf8.prefix(parts[0].count + 1 + parts[1].count))
    guard header["crit"] == nil else { throw .critical }
    guard let algorithm = header["alg"]?.string.flatMap(JSONWebAlgorithm.init) else { throw .algorithm }
    self.algorithm = algorithm
    if let type = header["typ"] { try Self.check(type: type) }
    if let id = header["kid"] {
      guard let name = id.string else { throw .wrongType(part: "header", name: "kid") }
      keyID = name
    } else {
      keyID = nil
    }
  }

  /// ID tokens say `JWT` or nothing, access tokens `at+jwt` (RFC 9068 §2.1); others, such as logout tokens, mean
  /// something else.
  private static func check(type: JSONValue) throws(TokenRefusal) {
    guard var name = type.string?.lowercased() else { throw .wrongType(part: "header", name: "typ") }
    if name.hasPrefix("application/") { name.removeFirst("application/".count) }
    guard name == "jwt" || name == "at+jwt" else { throw .kind }
  }

  private static func object(_ part: Substring.UTF8View.SubSequence, _ name: String) throws(TokenRefusal) -> JSONValue {
    guard let bytes = Base64URL.decode(strict: String(Substring(part))) else { throw .notBase64(part: name) }
    guard let value = try? JSONValue(parsing: bytes, depthLimit: 16), value.kind == .object else {
      throw .notAnObject(part: name)
    }
    // Two readers of one token could take different ones of two members.
    guard !value.hasRepeatedName else { throw .repeatedName(part: name) }
    return value
  }
}

extension JSONValue {
  fileprivate var hasRepeatedName: Bool {
    switch self {
    case .object(let members):
      Set(members.map(\.name)).count < members.count || members.contains { $0.value.hasRepeatedName }
    case .array(let elements): elements.contains { $0.hasRepeatedName }
    default: false
    }
  }
}

extension Base64URL {
  /// As ``decode(_:)``, without the letters and padding of plain Base64 (RFC 7515 §2).
  static func decode(strict text: String) -> [UInt8]? {
    guard !text.utf8.contains(where: { "+/=".utf8.contains($0) }) else { return nil }
    return decode(text)
  }
}
