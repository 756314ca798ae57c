import CLibgit2
import Glibc
package import Model

extension WorkingTree {
  /// Who writes a commit.
  package struct Author: Hashable, Sendable {
    package var name: String
    package var email: String

    package init(name: String, email: String) {
      self.name = name
      self.email = email
    }
  }

  /// The person's name and address from the repository's configuration, else from the files given.
  ///
  /// The files are the person's own, such as `~/.gitconfig`, the most specific first.
  package func author(files: [String]) throws(GitError) -> Author? {
    if let name = try repository.setting("user.name"), let email = try repository.setting("user.email") {
      return Author(name: name, email: email)
    }
    for file in files {
      var configuration: OpaquePointer?
      guard git_config_open_ondisk(&configuration, file) == 0 else { continue }
      defer { git_config_free(configuration) }
      var (name, email) = (git_buf(), git_buf())
      defer {
        git_buf_dispose(&name)
        git_buf_dispose(&email)
      }
      guard git_config_get_string_buf(&name, configuration, "user.name") == 0,
        git_config_get_string_buf(&email, configuration, "user.email") == 0
      else { continue }
      return Author(name: String(cString: name.ptr), email: String(cString: email.ptr))
    }
    return nil
  }

  /// Writes a commit that adds or replaces `files`, without touching the working tree, the index or any branch.
  ///
  /// The files are contents by path from the root; without a `parent` they begin a history of their own.
  package func commitFiles(
    _ files: [String: [UInt8]], onto parent: ObjectID?, message: String, author: Author, at now: Timestamp
  ) throws(GitError) -> ObjectID {
    try repository.locked { (repository) throws(GitError) in
      let writer = CommitWriter(repository: repository, path: self.repository.path)
      let tree = try writer.writeTree(files, onto: parent)
      return try writer.writeCommit(tree, parent: parent, message: message, author: author, at: now)
    }
  }

  /// Moves a local branch, which isn't the one checked out, to `commit`.
  package func setBranch(_ name: String, to commit: ObjectID) throws(GitError) {
    try repository.locked { (repository) throws(GitError) in
      let ref = "refs/heads/" + name
      var head: OpaquePointer?
      defer { git_reference_free(head) }
      if git_reference_lookup(&head, repository, "HEAD") == 0, let target = git_reference_symbolic_target(head),
        String(cString: target) == ref
      {
        throw .unusableSetting(detail: "the branch '\(name)' is checked out; commit there, or check out another branch")
      }
    }
    try repository.setRef("refs/heads/" + name, to: commit)
  }

  /// What to ask of a ``FetchChild`` to bring a remote branch here, so that a commit can be built on it.
  package func fetchRequest(_ remote: RemoteSettings) -> FetchRequest {
    let track = FetchRequest.Track(name: "base", ref: remote.ref, isRequired: false)
    return FetchRequest(repository: repository.path, remote: remote, operation: .fetch([track]))
  }

  /// What to ask of a ``FetchChild`` to make a remote branch `commit`.
  package func pushRequest(_ commit: ObjectID, toBranch branch: String, of remote: RemoteSettings) -> FetchRequest {
    let ref = branch.hasPrefix("refs/") ? branch : "refs/heads/" + branch
    return FetchRequest(repository: repository.path, remote: remote, operation: .push(commit: commit, ref: ref))
  }
}

/// Writes objects; used under the repository's lock only.
private struct CommitWriter {
  let repository: OpaquePointer
  let path: String

  func writeTree(_ files: [String: [UInt8]], onto parent: ObjectID?) throws(GitError) -> git_oid {
    let reader = TreeReader(repository: repository, path: path)
    let base = try parent.flatMap { (id) throws(GitError) in try reader.tree(at: id, under: "") }
    var updates: [git_tree_update] = []
    let names = files.keys.sorted()
    let copies = names.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    for (name, copy) in zip(names, copies) {
      var update = git_tree_update()
      update.action = GIT_TREE_UPDATE_UPSERT
      update.filemode = GIT_FILEMODE_BLOB
      update.path = UnsafePointer(copy)
      let bytes = files[name] ?? []
      try check(git_blob_create_from_buffer(&update.id, repository, bytes, bytes.count))
      updates.append(update)
    }
    var tree = git_oid()
    guard let base else {
      var (empty, builder) = (git_oid(), OpaquePointer?.none)
      try check(git_treebuilder_new(&builder, repository, nil))
      defer { git_treebuilder_free(builder) }
      try check(git_treebuilder_write(&empty, builder))
      let start = try reader.tree(empty)
      try check(start.withRaw { git_tree_create_updated(&tree, repository, $0, updates.count, updates) })
      return tree
    }
    try check(base.withRaw { git_tree_create_updated(&tree, repository, $0, updates.count, updates) })
    return tree
  }

  func writeCommit(
    _ tree: git_oid, parent: ObjectID?, message: String, author: WorkingTree.Author, at now: Timestamp
  ) throws(GitError) -> ObjectID {
    let reader = TreeReader(repository: repository, path: path)
    var signature: UnsafeMutablePointer<git_signature>?
    let seconds = now.roundedDown(to: .seconds(1)).millisecondsSinceEpoch / 1000
    guard git_signature_new(&signature, author.name, author.email, seconds, 0) == 0 else {
      throw .unusableSetting(detail: "'\(author.name) <\(author.email)>' can't be an author; both parts are needed")
    }
    defer { git_signature_free(signature) }
    let parents = try parent.map { (id) throws(GitError) in try LoadedCommit(id, in: repository, path: path) }
    var raw = [parents?.raw].compactMap { $0 }.map { Optional($0) }
    var id = git_oid()
    let code = try reader.tree(tree).withRaw { tree in
      git_commit_create(&id, repository, nil, signature, signature, nil, message, tree, raw.count, &raw)
    }
    try check(code)
    withExtendedLifetime(parents) {}
    return ObjectID(id)
  }

  private func check(_ code: Int32) throws(GitError) {
    guard code == 0 else { throw GitError(storing: path, LibraryFailure.last(code: code)) }
  }
}
