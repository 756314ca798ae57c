package import Model

/// What findings point into.
package protocol TextSource: Sendable {
  /// The text of a spec file of `scope`, its path from the spec root, as it is in the revision last attempted; `nil`
  /// where there is none, or the reader may not see the scope.
  func text(of file: String, in scope: Scope, for reader: Visibility) async -> [UInt8]?
}

extension TextSource {
  package func text(of file: String, in scope: Scope, for reader: Visibility) async -> [UInt8]? { nil }
}
