/// The numbers of an SSH public key: RFC 8709 (ed25519), RFC 5656 (ecdsa), RFC 4253 (rsa).
package enum KeyMaterial: Hashable, Sendable {
  /// 32 bytes.
  case ed25519([UInt8])
  /// The uncompressed point: 4, then x and y. Whether it lies on the curve isn't looked at.
  case ecdsa(Curve, point: [UInt8])
  /// Both without zeros in front, the highest byte first.
  case rsa(modulus: [UInt8], exponent: [UInt8])

  /// The curves that SSH has for ecdsa.
  package enum Curve: String, Hashable, Sendable, CaseIterable {
    case nistp256, nistp384, nistp521

    /// The bytes of one coordinate.
    package var width: Int {
      switch self {
      case .nistp256: 32
      case .nistp384: 48
      case .nistp521: 66
      }
    }
  }

  /// The fewest bits of an RSA key that is accepted.
  package static let leastRSABits = 2048
  /// The most, since a check's cost grows with them.
  package static let mostRSABits = 16_384
}

/// Why nothing can be checked with a key.
package enum KeyProblem: Error, Hashable, Sendable {
  /// The bytes aren't those of a key of its type.
  case malformed
  /// A key in a security token, whose signatures have a form of their own.
  case securityToken
  /// A type that isn't known, or no longer good, such as `ssh-dss`.
  case unknownType
  /// An RSA key of a length that isn't accepted.
  case rsaLength(bits: Int)
}

extension SigningKey {
  /// The types with which signatures can be checked.
  package static let verifiableTypes = [
    "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa",
  ]

  /// The types of keys in security tokens (OpenSSH's PROTOCOL.u2f).
  package static let securityTokenTypes = ["sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"]

  /// The key's numbers, read to its last byte.
  package func material() throws(KeyProblem) -> KeyMaterial {
    var fields = SSHFields(wire)
    let isOfType = fields.string().map { $0.elementsEqual(type.utf8) } ?? false
    guard isOfType else { throw .malformed }
    if Self.securityTokenTypes.contains(type) { throw .securityToken }
    guard Self.verifiableTypes.contains(type) else { throw .unknownType }
    let material: KeyMaterial? =
      switch type {
      case "ssh-ed25519": Self.ed25519(&fields)
      case "ssh-rsa": try Self.rsa(&fields)
      default: ecdsa(&fields)
      }
    guard let material, fields.isAtEnd else { throw .malformed }
    return material
  }

  private static func ed25519(_ fields: inout SSHFields) -> KeyMaterial? {
    guard let bytes = fields.string(), bytes.count == 32 else { return nil }
    return .ed25519(bytes)
  }

  private func ecdsa(_ fields: inout SSHFields) -> KeyMaterial? {
    guard let name = fields.string(), let curve = KeyMaterial.Curve(rawValue: String(decoding: name, as: UTF8.self)),
      type.hasSuffix("-" + curve.rawValue), let point = fields.string(), point.first == 4,
      point.count == 1 + 2 * curve.width
    else { return nil }
    return .ecdsa(curve, point: point)
  }

  private static func rsa(_ fields: inout SSHFields) throws(KeyProblem) -> KeyMaterial? {
    guard let exponent = fields.positiveInteger(), let modulus = fields.positiveInteger(), let first = modulus.first
    else { return nil }
    let bits = modulus.count * 8 - first.leadingZeroBitCount
    guard KeyMaterial.leastRSABits...KeyMaterial.mostRSABits ~= bits else { throw .rsaLength(bits: bits) }
    return .rsa(modulus: modulus, exponent: exponent)
  }
}
