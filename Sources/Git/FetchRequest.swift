package import Model

/// What the child process is asked to do with a remote.
package struct FetchRequest: Hashable, Sendable {
  /// One ref to follow.
  package struct Track: Hashable, Sendable {
    /// What the mirror calls it: the last part of `refs/belfry/remote/<name>`.
    package var name: String
    /// A branch, tag or full ref; `nil` for the default branch.
    package var ref: String?
    /// Whether a remote without this ref is an error.
    package var isRequired: Bool
    /// The commit that the mirror has; nothing is downloaded while the remote has the same.
    package var known: ObjectID?

    package init(name: String, ref: String?, isRequired: Bool, known: ObjectID? = nil) {
      self.name = name
      self.ref = ref
      self.isRequired = isRequired
      self.known = known
    }
  }

  /// What to do.
  package enum Operation: Hashable, Sendable {
    /// Brings the objects of the tracked refs; the mirror's refs are moved by the caller.
    case fetch([Track])
    /// Makes a full ref of the remote name a commit that descends from what it names now.
    case push(commit: ObjectID, ref: String)
  }

  /// The folder of the repository that objects are written to, or read from.
  package var repository: String
  package var remote: RemoteSettings
  package var operation: Operation

  package init(repository: String, remote: RemoteSettings, operation: Operation) {
    self.repository = repository
    self.remote = remote
    self.operation = operation
  }
}

/// What came of a ``FetchRequest``.
package enum FetchOutcome: Hashable, Sendable {
  case fetched(FetchReport)
  case pushed
  case failed(GitError)
}

/// What a fetch found and brought.
package struct FetchReport: Hashable, Sendable {
  /// Where one tracked ref stands on the remote.
  package struct Head: Hashable, Sendable {
    /// The track's name.
    package var name: String
    /// The full ref that was found, such as `refs/heads/main`.
    package var ref: String
    package var commit: ObjectID

    package init(name: String, ref: String, commit: ObjectID) {
      self.name = name
      self.ref = ref
      self.commit = commit
    }
  }

  /// The tracked refs that the remote has, in the order of the request.
  package var heads: [Head]
  /// Bytes and objects that came over the wire for new commits; both zero where nothing had changed.
  package var receivedBytes: Int
  package var receivedObjects: Int
  /// Whether the mirror's packs were put together into one, so that an open repository must be opened again.
  package var isRepacked: Bool

  package init(heads: [Head], receivedBytes: Int = 0, receivedObjects: Int = 0, isRepacked: Bool = false) {
    self.heads = heads
    self.receivedBytes = receivedBytes
    self.receivedObjects = receivedObjects
    self.isRepacked = isRepacked
  }
}
