package import JSON
package import Model

/// Whether the followed branch was rewritten, and what that lost.
package struct RewriteView: Hashable, Sendable {
  /// What a rewritten branch lost, for readers who may see everything.
  package struct Found: Hashable, Sendable {
    package var from: ObjectID
    package var to: ObjectID
    package var mergeBase: ObjectID?
    /// The first of them, newest first.
    package var lost: [CommitInfo]
    package var lostCount: Int
    package var deletions: Int
    package var firing: Int
    package var at: Timestamp

    package init(
      from: ObjectID, to: ObjectID, mergeBase: ObjectID?, lost: [CommitInfo], lostCount: Int, deletions: Int,
      firing: Int, at: Timestamp
    ) {
      self.from = from
      self.to = to
      self.mergeBase = mergeBase
      self.lost = lost
      self.lostCount = lostCount
      self.deletions = deletions
      self.firing = firing
      self.at = at
    }
  }

  /// `refuse`, `warn` or `accept`.
  package var policy: String
  package var isDetected: Bool
  package var found: Found?

  package init(policy: String = "refuse", isDetected: Bool = false, found: Found? = nil) {
    self.policy = policy
    self.isDetected = isDetected
    self.found = found
  }
}

extension RewriteView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("detected", isDetected)
      $0.member("policy", policy)
      guard let found else { return }
      $0.member("from", found.from.hex)
      $0.member("to", found.to.hex)
      $0.optional("mergeBase", found.mergeBase)
      $0.member("lostCount", found.lostCount)
      $0.array("lostCommits", found.lost) { commit, writer in
        writer.object {
          $0.member("sha", commit.id.hex)
          $0.member("author", commit.author)
          $0.member("subject", commit.subject)
        }
      }
      $0.member("deletions", found.deletions)
      $0.member("firing", found.firing)
      $0.member("at", found.at.description)
    }
  }
}
