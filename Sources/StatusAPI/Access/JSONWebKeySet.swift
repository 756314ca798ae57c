import JSON

/// The keys that an issuer publishes (RFC 7517 §5), without those that can't verify tokens here.
package struct JSONWebKeySet: Hashable, Sendable {
  /// Why there is no set of keys in a text.
  package struct Unreadable: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
  }

  /// The most keys kept; issuers have a handful.
  private static let limit = 100

  package let keys: [JSONWebKey]
  /// How many keys were passed over: of other kinds, for encryption, too weak, or unreadable.
  package let skipped: Int

  /// Reads a document such as `{"keys": […]}`; junk among the keys is passed over.
  package init(parsing bytes: [UInt8]) throws(Unreadable) {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: bytes, depthLimit: 8)
    } catch {
      throw Unreadable(description: "it is no JSON")
    }
    guard let listed = value["keys"]?.array else { throw Unreadable(description: "it has no list 'keys'") }
    let usable = listed.lazy.compactMap { JSONWebKey($0) }.prefix(Self.limit)
    keys = Array(usable)
    skipped = listed.count - keys.count
    guard !keys.isEmpty else {
      throw Unreadable(
        description: "none of its \(listed.count) keys verifies signatures; accepted are RSA of 2048 bits and more, "
          + "P-256, P-384, P-521 and Ed25519")
    }
  }

  /// Whether some key has this name.
  package func has(_ id: String) -> Bool { keys.contains { $0.id == id } }

  /// The key for a token: of the name that it gives or, without a name, the only one that fits.
  func key(named id: String?, for algorithm: JSONWebAlgorithm) throws(TokenRefusal) -> JSONWebKey {
    let named = id.map { id in keys.filter { $0.id == id } } ?? keys
    guard !named.isEmpty else { throw .unknownKey }
    let fitting = named.filter { algorithm.takes($0.material) && ($0.algorithm ?? algorithm) == algorithm }
    guard let key = fitting.first else { throw id == nil ? .namesNoKey : .keyDoesNotFit }
    guard id != nil || fitting.count == 1 else { throw .namesNoKey }
    return key
  }
}
