/// The port to an issuer's keys: what is known of them, kept up to date by whoever has the network.
package protocol KeySource: Sendable {
  /// The keys known now.
  ///
  /// `keyID`: the key that a token names. Where it isn't among them, the issuer is asked again, unless that was done a
  /// moment ago; whoever asks meanwhile waits for the same answer.
  func keys(for keyID: String?) async throws(KeysUnavailable) -> JSONWebKeySet
}

/// No keys are known, or those known are too old to be trusted.
package struct KeysUnavailable: Error, Hashable, Sendable {
  package init() {}
}
