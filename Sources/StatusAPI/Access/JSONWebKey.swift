import JSON

/// A public key of an issuer, of a kind and strength that is accepted (RFC 7517).
package struct JSONWebKey: Hashable, Sendable {
  /// A curve with the length of its coordinates in bytes.
  enum Curve: Int, Hashable, Sendable {
    case p256 = 32
    case p384 = 48
    case p521 = 66

    init?(name: String) {
      switch name {
      case "P-256": self = .p256
      case "P-384": self = .p384
      case "P-521": self = .p521
      default: return nil
      }
    }
  }

  /// The key itself; the texts are base64url as they came, checked.
  enum Material: Hashable, Sendable {
    case rsa(modulus: String, exponent: String)
    case elliptic(Curve, x: String, y: String)
    /// Ed25519.
    case edwards(x: String)
  }

  /// `kid`.
  package let id: String?
  /// `alg`: the only algorithm that it serves, where it says so.
  let algorithm: JSONWebAlgorithm?
  let material: Material

  /// RSA moduli in bits; longer ones would cost more than reading is worth.
  private static let modulus = 2048...8192

  /// `nil` for a key that isn't for verifying, isn't public, is too weak, or can't be read.
  init?(_ value: JSONValue) {
    guard value["use"].map({ $0.string == "sig" }) ?? true else { return nil }
    if let operations = value["key_ops"] {
      guard operations.array?.contains(.string("verify")) ?? false else { return nil }
    }
    guard let material = Self.material(of: value) else { return nil }
    if let name = value["alg"] {
      guard let algorithm = name.string.flatMap(JSONWebAlgorithm.init), algorithm.takes(material) else { return nil }
      self.algorithm = algorithm
    } else {
      algorithm = nil
    }
    if let id = value["kid"] {
      guard let text = id.string, text.utf8.count <= 1024 else { return nil }
      self.id = text
    } else {
      id = nil
    }
    self.material = material
  }

  private static func material(of value: JSONValue) -> Material? {
    func bytes(_ name: String) -> (text: String, bytes: [UInt8])? {
      guard let text = value[name]?.string, text.utf8.count <= 2048, let bytes = Base64URL.decode(strict: text) else {
        return nil
      }
      return (text, bytes)
    }
    switch value["kty"]?.string {
    case "RSA":
      guard let n = bytes("n"), let e = bytes("e"), modulus.contains(bits(of: n.bytes)), isExponent(e.bytes) else {
        return nil
      }
      return .rsa(modulus: n.text, exponent: e.text)
    case "EC":
      guard let curve = value["crv"]?.string.flatMap(Curve.init(name:)), let x = bytes("x"), let y = bytes("y"),
        x.bytes.count == curve.rawValue, y.bytes.count == curve.rawValue
      else { return nil }
      return .elliptic(curve, x: x.text, y: y.text)
    case "OKP":
      guard value["crv"]?.string == "Ed25519", let x = bytes("x"), x.bytes.count == 32 else { return nil }
      return .edwards(x: x.text)
    default: return nil
    }
  }

  private static func bits(of number: [UInt8]) -> Int {
    let digits = number.drop { $0 == 0 }
    guard let first = digits.first else { return 0 }
    return digits.count * 8 - first.leadingZeroBitCount
  }

  /// Odd, at least 3, at most 32 bits.
  private static func isExponent(_ bytes: [UInt8]) -> Bool {
    let digits = bytes.drop { $0 == 0 }
    guard digits.count <= 4 else { return false }
    let value = digits.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return value >= 3 && value % 2 == 1
  }
}
