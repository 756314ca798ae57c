package import Model

/// How readers prove who they are, beside the tokens that the settings name.
package struct SignIn: Sendable {
  /// The tokens that may read besides, as they are now; `nil` where no file names any.
  package var listedTokens: (@Sendable () -> [ReadToken])?
  /// Verifies the tokens of an OpenID Connect issuer, where one is set.
  package var verifier: TokenVerifier?
  package var seal: SessionSeal
  package var clock: any WallClock

  package init(
    listedTokens: (@Sendable () -> [ReadToken])? = nil, verifier: TokenVerifier? = nil, seal: SessionSeal = .init(),
    clock: any WallClock
  ) {
    self.listedTokens = listedTokens
    self.verifier = verifier
    self.seal = seal
    self.clock = clock
  }
}
