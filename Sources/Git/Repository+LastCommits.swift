import CLibgit2
package import Model

extension Repository {
  /// The last commit that changed each of `files` on the way to `head`; files that aren't there are left out.
  ///
  /// Merges are looked through: where a file came from one side as it is, that side's commit is found. One walk for
  /// all files, over at most `limit` commits; what wasn't found by then is left out as well. A caller may keep the
  /// answers by path and content: they stay true while the file has the same content at the head.
  package func lastCommits(
    for files: Set<String>, at head: ObjectID, limit: Int = 100_000
  ) throws(GitError) -> [String: CommitInfo] {
    try locked { (repository) throws(GitError) in
      var search = LastCommitSearch(reader: TreeReader(repository: repository, path: path), limit: limit)
      return try search.run(files, at: head)
    }
  }
}

/// The walk from a head backwards, handing each commit the files that are still as they were there.
private struct LastCommitSearch {
  let reader: TreeReader
  let limit: Int

  /// A commit to look at, and the files whose content is the same there as at the head.
  private struct Visit {
    var commit: LoadedCommit
    var files: Set<String>
  }

  private var visits: [ObjectID: Visit] = [:]
  /// The commits of ``visits``, oldest first, so that a commit's children are seen before it.
  private var queue: [ObjectID] = []
  private var found: [String: CommitInfo] = [:]

  init(reader: TreeReader, limit: Int) {
    self.reader = reader
    self.limit = limit
  }

  mutating func run(_ files: Set<String>, at head: ObjectID) throws(GitError) -> [String: CommitInfo] {
    guard let root = try reader.tree(at: head, under: "") else { return [:] }
    let present = files.filter { root.entry(atPath: $0).map { !$0.isFolder } ?? false }
    try hand(present, to: head)
    var seen = 0
    while seen < limit, let id = queue.popLast(), let visit = visits.removeValue(forKey: id) {
      seen += 1
      try look(at: id, visit)
    }
    return found
  }

  /// Adds `files` to those that `id` answers for.
  private mutating func hand(_ files: Set<String>, to id: ObjectID) throws(GitError) {
    guard !files.isEmpty else { return }
    if visits[id] != nil {
      visits[id]?.files.formUnion(files)
      return
    }
    let commit = try LoadedCommit(id, in: reader.repository, path: reader.path)
    visits[id] = Visit(commit: commit, files: files)
    let time = commit.time
    let place = queue.partitioningIndex { (visits[$0]?.commit.time ?? 0) > time }
    queue.insert(id, at: place)
  }

  /// Files that a parent has as they are go to that parent; the rest was changed here.
  private mutating func look(at id: ObjectID, _ visit: Visit) throws(GitError) {
    var rest = visit.files
    for (index, parent) in visit.commit.parents.enumerated() where !rest.isEmpty {
      let changed =
        try index == 0
        ? changedFiles(from: parent, to: id, among: rest)
        : differingFiles(from: parent, to: id, among: rest)
      // The files mostly go on whole; they are handed over uncopied.
      var same = rest
      rest = changed
      same.subtract(changed)
      try hand(same, to: parent)
    }
    guard !rest.isEmpty else { return }
    let info = visit.commit.info(id)
    for file in rest { found[file] = info }
  }

  /// By comparing the trees: for many files.
  private func changedFiles(
    from parent: ObjectID, to commit: ObjectID, among files: Set<String>
  ) throws(GitError) -> Set<String> {
    var comparison = TreeComparison(reader: reader, limit: .max)
    try comparison.compare(
      try reader.tree(at: parent, under: ""), try reader.tree(at: commit, under: ""), prefix: "", depth: 0
    )
    return Set(comparison.changes.lazy.map(\.path).filter { files.contains($0) })
  }

  /// By looking up each file: for the few that a merge didn't take from its first parent.
  private func differingFiles(
    from parent: ObjectID, to commit: ObjectID, among files: Set<String>
  ) throws(GitError) -> Set<String> {
    guard let before = try reader.tree(at: parent, under: ""), let after = try reader.tree(at: commit, under: "") else {
      return files
    }
    return files.filter { file in
      guard let old = before.entry(atPath: file), let new = after.entry(atPath: file) else { return true }
      return !isEqual(old.id, new.id)
    }
  }
}

extension Array {
  /// The first place where `belongsBehind` holds, in an array where it holds for all that follow.
  fileprivate func partitioningIndex(where belongsBehind: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if belongsBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
