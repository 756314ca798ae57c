/// A line `Name: value` at the end of a commit's message, by git's rules for trailers.
package struct Trailer: Hashable, Sendable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }

  /// The names by which people vouch for a change, in lower case.
  private static let vouching: Set<String> = ["approved-by", "reviewed-by", "acked-by", "signed-off-by"]

  /// Whether somebody vouches for the change: `Approved-by`, `Reviewed-by`, `Acked-by`, `Signed-off-by`.
  package var isApproval: Bool { Self.vouching.contains(name.lowercased()) }
}
