import CLibgit2
import Model

/// The refs that a remote says it has.
struct AdvertisedRefs {
  /// One of them, with the commit that it leads to as far as the remote says.
  struct Found: Hashable {
    var name: String
    var commit: ObjectID
  }

  private let url: RemoteURL
  private var targets: [String: ObjectID] = [:]
  /// What `HEAD` stands for, where the remote says so.
  private var defaultRef: String?

  /// Reads what a connected remote has told.
  init(_ remote: OpaquePointer, _ url: RemoteURL) throws(GitError) {
    self.url = url
    var heads: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
    var count = 0
    guard git_remote_ls(&heads, &count, remote) == 0 else {
      throw .unreachable(remote: url.description, detail: LibraryFailure.last().fact)
    }
    for index in 0..<count {
      guard let head = heads?[index]?.pointee, let text = head.name else { continue }
      let name = String(cString: text)
      targets[name] = ObjectID(head.oid)
      if name == "HEAD" { defaultRef = head.symref_target.map { String(cString: $0) } }
    }
  }

  /// For tests: refs as a remote would tell them.
  init(_ targets: [String: ObjectID], defaultRef: String?, url: RemoteURL) {
    self.targets = targets
    self.defaultRef = defaultRef
    self.url = url
  }

  /// The ref that `wanted` names: a full ref, else a branch, else a tag; the default branch for `nil`.
  func find(_ wanted: String?, isRequired: Bool) throws(GitError) -> Found? {
    for name in candidates(wanted) {
      guard let target = targets[name] else { continue }
      return Found(name: name, commit: targets[name + "^{}"] ?? target)
    }
    guard isRequired else { return nil }
    guard targets.contains(where: { $0.key != "HEAD" }) else { throw .emptyRepository(remote: url.description) }
    throw .noSuchRef(wanted ?? defaultRef.map(shortRefName) ?? "HEAD", available: available)
  }

  private func candidates(_ wanted: String?) -> [String] {
    guard let wanted else {
      // An old server doesn't say what HEAD stands for: then it is the branch at the same commit.
      let branches =
        ["refs/heads/main", "refs/heads/master"] + targets.keys.filter { $0.hasPrefix("refs/heads/") }.sorted()
      let guessed = targets["HEAD"].flatMap { head in branches.first { targets[$0] == head } }
      return [defaultRef ?? guessed].compactMap { $0 }
    }
    return wanted.hasPrefix("refs/") ? [wanted] : ["refs/heads/" + wanted, "refs/tags/" + wanted]
  }

  /// A few names for the message: branches, then tags.
  private var available: [String] {
    let names = targets.keys.filter { !$0.hasSuffix("^{}") }.sorted()
    let branches = names.filter { $0.hasPrefix("refs/heads/") }
    let tags = names.filter { $0.hasPrefix("refs/tags/") }
    return (branches + tags).prefix(8).map(shortRefName)
  }
}
