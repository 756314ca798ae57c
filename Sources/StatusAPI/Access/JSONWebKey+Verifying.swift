import JWTKit

extension JSONWebKey {
  /// Whether `signature` is this key's over `text`. A point that isn't on its curve verifies nothing.
  ///
  /// JWTKit does the cryptography; the token's header and claims are read and judged here, and never by it.
  func verifies(_ signature: [UInt8], of text: [UInt8], by algorithm: JSONWebAlgorithm) async -> Bool {
    guard algorithm.takes(material), let name = JWK.Algorithm(rawValue: algorithm.rawValue) else { return false }
    let id = JWKIdentifier(string: "key")
    let key: JWK =
      switch material {
      case .rsa(let modulus, let exponent): .rsa(name, identifier: id, modulus: modulus, exponent: exponent)
      case .elliptic(let curve, let x, let y): .ecdsa(name, identifier: id, x: x, y: y, curve: curve.jwtKit)
      case .edwards(let x): .octetKeyPair(name, identifier: id, x: x, y: nil, curve: .ed25519)
      }
    do {
      let verifier = try await JWTKeyCollection().add(jwk: key).getKey(for: id, alg: algorithm.rawValue)
      return try verifier.name == algorithm.rawValue && verifier.verify(signature, signs: text)
    } catch {
      return false
    }
  }
}

extension JSONWebKey.Curve {
  fileprivate var jwtKit: ECDSACurve {
    switch self {
    case .p256: .p256
    case .p384: .p384
    case .p521: .p521
    }
  }
}
