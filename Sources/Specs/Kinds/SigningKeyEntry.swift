package import Model

/// A key that signs for somebody, and when it may.
package struct SigningKeyEntry: Hashable, Sendable, CustomStringConvertible {
  package var key: SigningKey
  /// From when on the key signs; `nil` for ever before.
  package var validFrom: Timestamp?
  /// When it no longer signs; the instant itself is excluded.
  package var validUntil: Timestamp?
  /// Whether nothing signed with it counts, whenever that was.
  package var isRevoked: Bool

  package init(
    _ key: SigningKey, validFrom: Timestamp? = nil, validUntil: Timestamp? = nil, isRevoked: Bool = false
  ) {
    self.key = key
    self.validFrom = validFrom
    self.validUntil = validUntil
    self.isRevoked = isRevoked
  }

  /// Whether the key signs at `instant`.
  package func isInForce(at instant: Timestamp) -> Bool {
    !isRevoked && (validFrom.map { $0 <= instant } ?? true) && (validUntil.map { instant < $0 } ?? true)
  }

  /// The key, and what limits it in parentheses.
  package var description: String {
    var limits: [String] = []
    if let validFrom { limits.append("valid_from \(validFrom)") }
    if let validUntil { limits.append("valid_until \(validUntil)") }
    if isRevoked { limits.append("revoked") }
    return key.description + (limits.isEmpty ? "" : " (" + limits.joined(separator: ", ") + ")")
  }
}
