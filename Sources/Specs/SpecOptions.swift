package import YAML

/// What reading a file depends on besides its bytes: fixed for a run, so that equal bytes read equally.
package struct SpecOptions: Sendable {
  package var limits: Limits
  /// Whether a time zone of this IANA name is known; `nil` when nobody can tell, and every name passes.
  package var knowsZone: (@Sendable (String) -> Bool)?
  /// Whether rules are checked for what they probably don't mean: warnings, which a controller tells nobody and would
  /// keep for each rule.
  package var lints: Bool

  /// Bounds on one file; what goes beyond is an error, never cut off.
  package struct Limits: Hashable, Sendable {
    /// Bytes of one file.
    package var fileBytes = 16 << 20
    /// Documents of one file.
    package var documents = 10_000
    /// Rules of one file.
    package var rules = 100_000
    /// Nodes of a route tree from its root downwards.
    package var routeDepth = 32
    package var yaml = YAMLLimits()

    package init() {}
  }

  package init(
    limits: Limits = Limits(), knowsZone: (@Sendable (String) -> Bool)? = nil, lints: Bool = true
  ) {
    self.limits = limits
    self.knowsZone = knowsZone
    self.lints = lints
  }
}
