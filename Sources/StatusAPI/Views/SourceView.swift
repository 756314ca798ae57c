package import JSON
package import Model

/// The followed repository: what it has, what was tried, what is live.
package struct SourceView: Hashable, Sendable {
  /// Which revisions stand where; `nil` where there is none yet.
  package struct Revisions: Hashable, Sendable {
    /// The newest one seen.
    package var desired: Revision?
    package var attempted: Revision?
    /// The newest one that every visible scope has applied.
    package var appliedEverywhere: Revision?
    /// The newest one that some visible scope has applied.
    package var appliedNewest: Revision?

    package init(
      desired: Revision? = nil, attempted: Revision? = nil, appliedEverywhere: Revision? = nil,
      appliedNewest: Revision? = nil
    ) {
      self.desired = desired
      self.attempted = attempted
      self.appliedEverywhere = appliedEverywhere
      self.appliedNewest = appliedNewest
    }
  }

  /// When the repository is looked at.
  package struct Poll: Hashable, Sendable {
    package var interval: Duration
    package var lastCheckAt: Timestamp?
    package var nextCheckAt: Timestamp?
    /// When a genuine webhook last came.
    package var lastWebhookAt: Timestamp?

    package init(
      interval: Duration, lastCheckAt: Timestamp? = nil, nextCheckAt: Timestamp? = nil, lastWebhookAt: Timestamp? = nil
    ) {
      self.interval = interval
      self.lastCheckAt = lastCheckAt
      self.nextCheckAt = nextCheckAt
      self.lastWebhookAt = lastWebhookAt
    }
  }

  /// Why the repository can't be read, since when, and how often that was tried.
  package struct Failure: Hashable, Sendable {
    /// One line without secrets.
    package var message: String
    package var since: Timestamp
    package var attempts: Int

    package init(message: String, since: Timestamp, attempts: Int) {
      self.message = message
      self.since = since
      self.attempts = attempts
    }
  }

  /// Shown without user information and query.
  package var url: String
  package var ref: String
  /// The spec root within the repository, or empty.
  package var path: String
  package var revision: Revisions
  /// What the newest commit says of itself; `nil` for a reader that may not see all of what it changes.
  package var commit: CommitInfo?
  package var poll: Poll
  /// `nil` while the repository can be read.
  package var lastError: Failure?
  /// How long ago the repository was last read with success.
  package var staleFor: Duration?
  /// `nil` where the source says nothing of it.
  package var verification: VerificationView?
  package var rewrite = RewriteView()

  package init(
    url: String, ref: String, path: String = "", revision: Revisions, commit: CommitInfo? = nil, poll: Poll,
    lastError: Failure? = nil, staleFor: Duration? = nil, verification: VerificationView? = nil
  ) {
    self.url = url
    self.ref = ref
    self.path = path
    self.revision = revision
    self.commit = commit
    self.poll = poll
    self.lastError = lastError
    self.staleFor = staleFor
    self.verification = verification
  }
}

extension SourceView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("url", redactedURL(url))
      $0.member("ref", ref)
      $0.optional("path", path.isEmpty ? nil : path)
      $0.view("revision", revision)
      $0.view("commit", commit)
      $0.view("verification", verification)
      $0.view("rewrite", rewrite)
      $0.view("poll", poll)
      $0.view("lastError", lastError)
      $0.optional("staleSeconds", staleFor.map { Int($0.components.seconds) })
    }
  }
}

extension SourceView.Revisions: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.optional("desired", desired)
      $0.optional("attempted", attempted)
      $0.optional("appliedEverywhere", appliedEverywhere)
      $0.optional("appliedNewest", appliedNewest)
    }
  }
}

extension SourceView.Poll: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.seconds("intervalSeconds", interval)
      $0.optional("lastCheckAt", lastCheckAt)
      $0.optional("nextCheckAt", nextCheckAt)
      $0.optional("lastWebhookAt", lastWebhookAt)
    }
  }
}

extension SourceView.Failure: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("message", message)
      $0.member("since", since.description)
      $0.member("attempts", attempts)
    }
  }
}

extension CommitInfo: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("sha", id.hex)
      $0.member("author", author)
      $0.member("committer", committerName + " <" + committerEmail + ">")
      $0.member("subject", subject)
      $0.member("authoredAt", authoredAt.description)
      $0.member("committedAt", committedAt.description)
    }
  }
}
