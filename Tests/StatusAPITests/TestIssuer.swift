import Crypto
import CryptoExtras
import JSON
import Model
import StatusAPI
import Synchronization
import TestKit

/// An OpenID Connect issuer of the tests: keys of each kind, and tokens signed by them.
enum TestIssuer {
  static let name = "https://id.example.com/realms/acme"
  static let audience = "belfry"

  /// One key of each kind; made once, since an RSA key takes a while.
  static let rsa = try? _RSA.Signing.PrivateKey(keySize: .bits2048)
  static let p256 = P256.Signing.PrivateKey()
  static let p384 = P384.Signing.PrivateKey()
  static let p521 = P521.Signing.PrivateKey()
  static let ed25519 = Curve25519.Signing.PrivateKey()
  /// Another key of the same kind as ``p256``, which the issuer doesn't publish.
  static let stranger = P256.Signing.PrivateKey()

  static let algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]

  /// The name of the key that serves an algorithm.
  static func keyID(_ algorithm: String) -> String {
    switch algorithm {
    case "ES256": "p256"
    case "ES384": "p384"
    case "ES512": "p521"
    case "EdDSA": "ed25519"
    default: "rsa"
    }
  }

  // MARK: Keys

  static func elliptic(_ curve: String, _ point: some Sequence<UInt8>, id: String) -> String {
    let point = Array(point)
    let half = point.count / 2
    return """
      {"kty":"EC","crv":"\(curve)","kid":"\(id)","use":"sig","x":"\(base64URL(point[..<half]))",\
      "y":"\(base64URL(point[half...]))"}
      """
  }

  static func rsaKey(id: String = "rsa", more: String = "") throws -> String {
    guard let primitives = try rsa?.publicKey.getKeyPrimitives() else { return "{}" }
    return """
      {"kty":"RSA","kid":"\(id)","n":"\(base64URL(primitives.modulus))","e":"\(base64URL(primitives.publicExponent))"\
      \(more)}
      """
  }

  static var edwardsKey: String {
    """
    {"kty":"OKP","crv":"Ed25519","kid":"ed25519","key_ops":["verify"],"x":"\(base64URL(ed25519.publicKey.rawRepresentation))"}
    """
  }

  /// Every key, as the issuer publishes them.
  static func published() throws -> String {
    let keys = [
      try rsaKey(), elliptic("P-256", p256.publicKey.rawRepresentation, id: "p256"),
      elliptic("P-384", p384.publicKey.rawRepresentation, id: "p384"),
      elliptic("P-521", p521.publicKey.rawRepresentation, id: "p521"), edwardsKey,
    ]
    return "{\"keys\":[" + keys.joined(separator: ",") + "]}"
  }

  // MARK: Tokens

  /// Claims of Ana, who is in `shop-team`; `changes` replaces some, `nil` removing one.
  static func claims(at now: Timestamp = World.now, _ changes: [String: JSONValue?] = [:]) -> String {
    let seconds = now.millisecondsSinceEpoch / 1000
    var claims: [String: JSONValue] = [
      "iss": .string(name), "aud": .string(audience), "sub": "u-17", "email": "Ana@example.com",
      "email_verified": true, "groups": ["shop-team"], "iat": .integer(seconds), "exp": .integer(seconds + 300),
    ]
    for (name, value) in changes { claims[name] = value }
    return JSONValue.object(claims.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }).text
  }

  /// A token with this header and these claims, signed as the algorithm says by the key that serves it.
  static func token(
    _ algorithm: String = "ES256", claims: String = claims(), header: String? = nil,
    by other: P256.Signing.PrivateKey? = nil
  ) throws -> String {
    let header = header ?? "{\"alg\":\"\(algorithm)\",\"kid\":\"\(keyID(algorithm))\",\"typ\":\"JWT\"}"
    let signed = base64URL(header.utf8) + "." + base64URL(claims.utf8)
    return signed + "." + base64URL(try signature(algorithm, of: Array(signed.utf8), by: other))
  }

  private static func signature(
    _ algorithm: String, of text: [UInt8], by other: P256.Signing.PrivateKey?
  ) throws -> [UInt8] {
    switch algorithm {
    case "ES256": return Array(try (other ?? p256).signature(for: text).rawRepresentation)
    case "ES384": return Array(try p384.signature(for: text).rawRepresentation)
    case "ES512": return Array(try p521.signature(for: text).rawRepresentation)
    case "EdDSA": return Array(try ed25519.signature(for: text))
    default:
      let padding: _RSA.Signing.Padding = algorithm.hasPrefix("PS") ? .PSS : .insecurePKCS1v1_5
      guard let rsa else { return [] }
      return switch algorithm.suffix(3) {
      case "384": Array(try rsa.signature(for: SHA384.hash(data: text), padding: padding).rawRepresentation)
      case "512": Array(try rsa.signature(for: SHA512.hash(data: text), padding: padding).rawRepresentation)
      default: Array(try rsa.signature(for: SHA256.hash(data: text), padding: padding).rawRepresentation)
      }
    }
  }

  static func base64URL(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    var text: [UInt8] = []
    var buffer: UInt32 = 0
    var bits: UInt32 = 0
    for byte in bytes {
      buffer = (buffer << 8 | UInt32(byte)) & 0xffff
      bits += 8
      while bits >= 6 {
        bits -= 6
        text.append(digits[Int(buffer >> bits & 0x3f)])
      }
    }
    if bits > 0 { text.append(digits[Int(buffer << (6 - bits) & 0x3f)]) }
    return String(decoding: text, as: UTF8.self)
  }
}

/// Keys that a test sets, with a count of how often they were asked for.
final class ScriptedKeys: KeySource {
  private let state: Mutex<(keys: JSONWebKeySet?, asked: [String?])>

  init(_ document: String) throws {
    state = Mutex((try JSONWebKeySet(parsing: Array(document.utf8)), []))
  }

  /// `nil` for an issuer that can't be reached.
  func set(_ document: String?) throws {
    let keys = try document.map { try JSONWebKeySet(parsing: Array($0.utf8)) }
    state.withLock { $0.keys = keys }
  }

  var asked: [String?] { state.withLock { $0.asked } }

  func keys(for keyID: String?) async throws(KeysUnavailable) -> JSONWebKeySet {
    let keys = state.withLock { state in
      state.asked.append(keyID)
      return state.keys
    }
    guard let keys else { throw KeysUnavailable() }
    return keys
  }
}
