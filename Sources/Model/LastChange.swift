/// The last commit that changed a resource or a rule in meaning.
package struct LastChange: Hashable, Sendable {
  package var commit: ObjectID
  /// `Ana <ana@example.com>`
  package var author: String
  package var committedAt: Timestamp
  /// The pull request that brought the commit, where a merge named it.
  package var pullRequest: PullRequest?
  /// The request's page; `nil` where the forge's addresses aren't known.
  package var pullRequestURL: String?

  package init(
    commit: ObjectID, author: String, committedAt: Timestamp, pullRequest: PullRequest? = nil,
    pullRequestURL: String? = nil
  ) {
    self.commit = commit
    self.author = author
    self.committedAt = committedAt
    self.pullRequest = pullRequest
    self.pullRequestURL = pullRequestURL
  }

  package init(_ commit: CommitInfo) {
    self.init(commit: commit.id, author: commit.author, committedAt: commit.committedAt)
  }
}

extension Provenance {
  /// Where something is written, with its last change.
  package init(file: String, line: Int, change: LastChange?) {
    self.init(
      file: file, line: line, commit: change?.commit, author: change?.author, committedAt: change?.committedAt,
      pullRequest: change?.pullRequest, pullRequestURL: change?.pullRequestURL)
  }

  /// The last change; `nil` where it isn't known.
  package var change: LastChange? {
    guard let commit, let author, let committedAt else { return nil }
    return LastChange(
      commit: commit, author: author, committedAt: committedAt, pullRequest: pullRequest,
      pullRequestURL: pullRequestURL)
  }
}
