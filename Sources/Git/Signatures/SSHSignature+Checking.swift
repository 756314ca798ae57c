import Crypto
import Model

extension SSHSignature {
  /// Whether this is a signature over `message` for `namespace`, by the key that it names.
  ///
  /// Whose key that is, is another question.
  func verify(_ message: [UInt8], namespace expected: String) throws(SignatureFault) {
    guard namespace.elementsEqual(expected.utf8) else {
      let found = Self.shown(String(decoding: namespace, as: UTF8.self))
      throw .invalid("the signature is for '\(found)', not for '\(expected)'")
    }
    guard try holds(for: signedBytes(of: message), by: material()) else {
      throw .invalid("the signature is not over this commit, or not by its key (\(key.fingerprint))")
    }
  }

  /// What was signed in place of the message: its hash, and what it is for.
  private func signedBytes(of message: [UInt8]) -> [UInt8] {
    let digest =
      switch hash {
      case .sha256: Array(SHA256.hash(data: message))
      case .sha512: Array(SHA512.hash(data: message))
      }
    let reserved: [UInt8] = []
    return Array("SSHSIG".utf8) + namespace.sshString + reserved.sshString
      + Array(hash.rawValue.utf8).sshString + digest.sshString
  }

  private func material() throws(SignatureFault) -> KeyMaterial {
    do throws(KeyProblem) {
      return try key.material()
    } catch {
      switch error {
      case .malformed: throw .invalid("the signature's key can't be read as \(Self.shown(key.type))")
      case .securityToken:
        throw .unsupported(
          "signatures by keys in a security token (\(key.type)) are not checked; ssh-ed25519, ecdsa and RSA are")
      case .unknownType where key.type.contains("-cert-"):
        throw .unsupported("signatures by certificates are not checked; sign with the plain key")
      case .unknownType:
        throw .unsupported(
          "signatures by keys of the type '\(Self.shown(key.type))' are not checked; ssh-ed25519, ecdsa and RSA are")
      case .rsaLength(let bits):
        throw .invalid(
          "the signature's RSA key has \(bits) bits; \(KeyMaterial.leastRSABits) to \(KeyMaterial.mostRSABits)"
            + " are accepted")
      }
    }
  }

  private func holds(for message: [UInt8], by material: KeyMaterial) throws(SignatureFault) -> Bool {
    if case .rsa(let modulus, let exponent) = material {
      return try holdsByRSA(for: message, modulus: modulus, exponent: exponent)
    }
    guard algorithm == key.type else {
      throw .invalid("the signature is of the type '\(Self.shown(algorithm))', and its key of '\(key.type)'")
    }
    switch material {
    case .ed25519(let bytes):
      let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
      return key?.isValidSignature(signature, for: message) ?? false
    case .ecdsa(let curve, let point):
      let raw = try coordinates(width: curve.width)
      return switch curve {
      case .nistp256: Self.holdsOnP256(raw, for: message, by: point)
      case .nistp384: Self.holdsOnP384(raw, for: message, by: point)
      case .nistp521: Self.holdsOnP521(raw, for: message, by: point)
      }
    case .rsa: return false
    }
  }

  /// The numbers r and s of an ecdsa signature (RFC 5656, section 3.1.2), each as wide as the curve.
  private func coordinates(width: Int) throws(SignatureFault) -> [UInt8] {
    var fields = SSHFields(signature)
    guard let r = fields.positiveInteger(), let s = fields.positiveInteger(), fields.isAtEnd, r.count <= width,
      s.count <= width
    else { throw .invalid("the signature's numbers can't be read as \(key.type)") }
    return [r, s].flatMap { [UInt8](repeating: 0, count: width - $0.count) + $0 }
  }

  // RFC 5656, section 6.2.1: each curve has its hash.

  private static func holdsOnP256(_ raw: [UInt8], for message: [UInt8], by point: [UInt8]) -> Bool {
    guard let key = try? P256.Signing.PublicKey(x963Representation: point),
      let signature = try? P256.Signing.ECDSASignature(rawRepresentation: raw)
    else { return false }
    return key.isValidSignature(signature, for: SHA256.hash(data: message))
  }

  private static func holdsOnP384(_ raw: [UInt8], for message: [UInt8], by point: [UInt8]) -> Bool {
    guard let key = try? P384.Signing.PublicKey(x963Representation: point),
      let signature = try? P384.Signing.ECDSASignature(rawRepresentation: raw)
    else { return false }
    return key.isValidSignature(signature, for: SHA384.hash(data: message))
  }

  private static func holdsOnP521(_ raw: [UInt8], for message: [UInt8], by point: [UInt8]) -> Bool {
    guard let key = try? P521.Signing.PublicKey(x963Representation: point),
      let signature = try? P521.Signing.ECDSASignature(rawRepresentation: raw)
    else { return false }
    return key.isValidSignature(signature, for: SHA512.hash(data: message))
  }
}
