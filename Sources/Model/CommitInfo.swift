/// What a commit says of itself.
package struct CommitInfo: Hashable, Sendable {
  package var id: ObjectID
  package var authorName: String
  package var authorEmail: String
  package var committerName: String
  package var committerEmail: String
  package var authoredAt: Timestamp
  package var committedAt: Timestamp
  /// The first line of the message.
  package var subject: String
  /// The whole message, its first line included.
  package var message: String
  package var parents: [ObjectID]

  package init(
    id: ObjectID, authorName: String, authorEmail: String, committerName: String, committerEmail: String,
    authoredAt: Timestamp, committedAt: Timestamp, subject: String, message: String = "", parents: [ObjectID]
  ) {
    self.id = id
    self.authorName = authorName
    self.authorEmail = authorEmail
    self.committerName = committerName
    self.committerEmail = committerEmail
    self.authoredAt = authoredAt
    self.committedAt = committedAt
    self.subject = subject
    self.message = message.isEmpty ? subject : message
    self.parents = parents
  }

  /// The pull request that the commit merged, where its message names one.
  package var pullRequest: PullRequest? { PullRequest(mergeMessage: message) }

  /// `Ana <ana@example.com>`.
  package var author: String { authorName + " <" + authorEmail + ">" }
}
