/// One thing that must be so for the process to be ready.
package struct ProbeCheck: Hashable, Sendable {
  /// Lower case with hyphens: `first-sync`, `ledger`.
  package var name: String
  /// Why not, in one line; `nil` when it is so.
  package var failure: String?

  package init(name: String, failure: String? = nil) {
    self.name = name
    self.failure = failure
  }
}
