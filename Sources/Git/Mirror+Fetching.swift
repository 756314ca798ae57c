import Model

/// What a fetch changed in the mirror.
package struct MirrorUpdate: Hashable, Sendable {
  package let specs: Mirror.Head
  /// `nil` where no second ref is followed, or the remote doesn't have it.
  package let silences: Mirror.Head?
  /// Whether a followed ref moved, appeared or went away.
  package let isChanged: Bool
  /// Bytes and objects that came for it.
  package let receivedBytes: Int
  package let receivedObjects: Int
}

extension Mirror {
  /// Asks the remote where the followed refs stand and brings what is new.
  ///
  /// The mirror's heads move only when everything has arrived. A rewritten history arrives like any other: compare
  /// with `repository.isAncestor` before use.
  package func fetch(_ remote: RemoteSettings, with child: FetchChild) async throws(GitError) -> MirrorUpdate {
    let isFirst = try head(.specs) == nil
    let limit = isFirst ? max(remote.firstDeadline, remote.deadline) : remote.deadline
    let outcome = await child.run(try request(for: remote), deadline: limit)
    if case .failed = outcome { Self.removeLeftovers(in: path) }
    return try record(outcome, from: remote)
  }

  /// What ``fetch(_:with:)`` asks of the child.
  package func request(for remote: RemoteSettings) throws(GitError) -> FetchRequest {
    var tracks = [
      FetchRequest.Track(
        name: Branch.specs.rawValue, ref: remote.ref, isRequired: true, known: try repository.head(of: Branch.specs.ref)
      )
    ]
    if let ref = remote.silencesRef {
      let known = try repository.head(of: Branch.silences.ref)
      tracks.append(FetchRequest.Track(name: Branch.silences.rawValue, ref: ref, isRequired: false, known: known))
    }
    return FetchRequest(repository: path, remote: remote, operation: .fetch(tracks))
  }

  /// Moves the mirror's heads to what the child has brought.
  package func record(_ outcome: FetchOutcome, from remote: RemoteSettings) throws(GitError) -> MirrorUpdate {
    switch outcome {
    case .failed(let error): throw error
    case .pushed: throw .childFailed(detail: "it answered another question")
    case .fetched(let report):
      if report.isRepacked { try repository.reopen() }
      var isChanged = false
      for branch in Branch.allCases {
        let head = report.heads.first { $0.name == branch.rawValue }
        isChanged = try move(branch, to: head) || isChanged
      }
      guard let specs = try head(.specs) else { throw .emptyRepository(remote: remote.url.description) }
      return MirrorUpdate(
        specs: specs, silences: try head(.silences), isChanged: isChanged,
        receivedBytes: report.receivedBytes, receivedObjects: report.receivedObjects
      )
    }
  }

  /// Whether the branch stood elsewhere before.
  private func move(_ branch: Branch, to head: FetchReport.Head?) throws(GitError) -> Bool {
    let before = try self.head(branch)
    guard let head else {
      if before != nil { try repository.deleteRef(branch.ref) }
      return before != nil
    }
    guard before != Head(ref: head.ref, commit: head.commit) else { return false }
    // The objects of a head that can't be read would surface later, as somebody else's error.
    _ = try repository.commit(head.commit)
    try repository.setRef(branch.ref, to: head.commit)
    try repository.setSetting(branch.nameKey, to: head.ref)
    return true
  }
}
