/// Whether the commits that change specs are asked who made them.
package enum CommitPolicy: String, Hashable, Sendable, CaseIterable {
  /// Whatever the head says is followed.
  case off
  /// The author's e-mail decides. A commit can name any author, so the forge has to hold pushers to their own.
  case author
  /// The key that signed the commit decides, and never the author's name.
  case signed
}
