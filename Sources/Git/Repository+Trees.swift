import CLibgit2
package import Model

extension Repository {
  /// The files at `commit` in a folder, named from the root; nothing where the folder doesn't exist.
  ///
  /// They come in git's order. More than `limit` are ``GitError/treeTooLarge(limit:)``.
  package func entries(
    at commit: ObjectID, under folder: String = "", limit: Int = 1_000_000
  ) throws(GitError) -> [TreeEntry] {
    try changes(from: nil, to: commit, under: folder, limit: limit).compactMap { change in
      change.new.map { TreeEntry(path: change.path, blob: $0, mode: change.mode) }
    }
  }

  /// The files that differ between two commits, in git's order; all files where `old` is `nil`.
  ///
  /// Folders with the same id aren't opened, so the work grows with the change. A file that moved is one removed and
  /// one added.
  package func changes(
    from old: ObjectID?, to new: ObjectID, under folder: String = "", limit: Int = 1_000_000
  ) throws(GitError) -> [FileChange] {
    try locked { (repository) throws(GitError) in
      let folder = folder.withoutOuterSlashes
      let reader = TreeReader(repository: repository, path: path)
      var comparison = TreeComparison(reader: reader, limit: limit)
      let before = try old.map { (id) throws(GitError) in try reader.tree(at: id, under: folder) } ?? nil
      let after = try reader.tree(at: new, under: folder)
      try comparison.compare(before, after, prefix: folder.isEmpty ? "" : folder + "/", depth: 0)
      return comparison.changes
    }
  }

  /// The id of a folder's tree at `commit`; `nil` where there is no such folder.
  ///
  /// Two commits whose folder has the same id hold the same files in it.
  package func tree(at commit: ObjectID, under folder: String = "") throws(GitError) -> ObjectID? {
    try locked { (repository) throws(GitError) in
      try TreeReader(repository: repository, path: path)
        .tree(at: commit, under: folder.withoutOuterSlashes).map { ObjectID($0.id) }
    }
  }

  /// The file at a path; `nil` where there is none.
  package func entry(at commit: ObjectID, path file: String) throws(GitError) -> TreeEntry? {
    try locked { (repository) throws(GitError) in
      let reader = TreeReader(repository: repository, path: path)
      guard let root = try reader.tree(at: commit, under: "") else { return nil }
      return root.entry(atPath: file).flatMap { entry in
        entry.mode.map { TreeEntry(path: file, blob: ObjectID(entry.id), mode: $0) }
      }
    }
  }
}

extension String {
  /// Without `/` at either end.
  var withoutOuterSlashes: String {
    var text = self[...]
    while text.hasPrefix("/") { text = text.dropFirst() }
    while text.hasSuffix("/") { text = text.dropLast() }
    return String(text)
  }
}
