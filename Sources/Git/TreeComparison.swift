import CLibgit2
import Model

/// Two trees walked side by side; what has the same id is passed over unopened.
struct TreeComparison {
  let reader: TreeReader
  let limit: Int
  private(set) var changes: [FileChange] = []

  /// Deeper folders aren't opened, so that a hostile tree can't use up the stack.
  static let deepest = 200

  init(reader: TreeReader, limit: Int) {
    self.reader = reader
    self.limit = limit
  }

  /// Adds what differs between two trees, either of which may be absent.
  ///
  /// `refusal`: what is wrong with everything in the new one.
  mutating func compare(
    _ old: LoadedTree?, _ new: LoadedTree?, prefix: String, depth: Int, refusal: String? = nil
  ) throws(GitError) {
    if let old, let new, isEqual(old.id, new.id) { return }
    let (was, now) = (TreeFaults(old), TreeFaults(new))
    if was.isUnsorted || now.isUnsorted {
      // Side by side needs git's order on both sides.
      let refusal = refusal ?? (now.isUnsorted ? "lies in a folder whose entries are out of order" : nil)
      try walk(old, nil, Omitted(), prefix: prefix, depth: depth, refusal: nil)
      return try walk(nil, new, Omitted(), prefix: prefix, depth: depth, refusal: refusal)
    }
    let repeated = was.repeated.union(now.repeated)
    try walk(old, new, Omitted(names: repeated), prefix: prefix, depth: depth, refusal: refusal)
    guard !repeated.isEmpty else { return }
    try walk(old, nil, Omitted(allBut: repeated), prefix: prefix, depth: depth, refusal: nil)
    let once = repeated.subtracting(now.repeated)
    try walk(nil, new, Omitted(allBut: once), prefix: prefix, depth: depth, refusal: refusal)
    try walk(
      nil, new, Omitted(allBut: now.repeated), prefix: prefix, depth: depth,
      refusal: refusal ?? "has a name that its folder lists more than once")
  }

  /// The entries that a walk passes over.
  private struct Omitted {
    var names: Set<String> = []
    /// Where there is one, everything else is passed over.
    var allBut: Set<String>?

    func contains(_ entry: OpaquePointer?) -> Bool {
      if names.isEmpty, allBut == nil { return false }
      guard let name = entry.map({ LoadedTree.Entry($0).name }) else { return false }
      return allBut.map { !$0.contains(name) } ?? names.contains(name)
    }
  }

  private mutating func walk(
    _ old: LoadedTree?, _ new: LoadedTree?, _ omitted: Omitted, prefix: String, depth: Int, refusal: String?
  ) throws(GitError) {
    var (left, right) = (0, 0)
    let (leftCount, rightCount) = (old?.count ?? 0, new?.count ?? 0)
    while left < leftCount || right < rightCount {
      let before = left < leftCount ? old?.rawEntry(left) : nil
      let after = right < rightCount ? new?.rawEntry(right) : nil
      let order = Self.order(before, after)
      if order <= 0 { left += 1 }
      if order >= 0 { right += 1 }
      guard !omitted.contains(order <= 0 ? before : after) else { continue }
      try compareEntries(
        order <= 0 ? before : nil, order >= 0 ? after : nil, prefix: prefix, depth: depth, refusal: refusal)
    }
  }

  /// Git's order of two entries; an absent one comes last.
  private static func order(_ before: OpaquePointer?, _ after: OpaquePointer?) -> Int32 {
    guard let before else { return 1 }
    guard let after else { return -1 }
    return git_tree_entry_cmp(before, after)
  }

  /// Adds what differs under one name. Entries of both sides stand for the same sort of thing: git sorts a folder
  /// apart from a file of its name.
  private mutating func compareEntries(
    _ before: OpaquePointer?, _ after: OpaquePointer?, prefix: String, depth: Int, refusal: String?
  ) throws(GitError) {
    if let before, let after, let one = git_tree_entry_id(before), let other = git_tree_entry_id(after),
      git_oid_equal(one, other) == 1, git_tree_entry_filemode(before) == git_tree_entry_filemode(after)
    {
      return
    }
    let (old, new) = (before.map { LoadedTree.Entry($0) }, after.map { LoadedTree.Entry($0) })
    guard let name = new?.name ?? old?.name else { return }
    let refusal = refusal ?? new?.fault
    if old?.isFolder ?? new?.isFolder ?? false {
      return try compareFolders(old, new, path: prefix + name, depth: depth + 1, refusal: refusal)
    }
    let mode = (new == nil ? nil : refusal.map { .refused($0) }) ?? new?.mode ?? old?.mode ?? .file
    // A changed execute bit alone is no change to anybody who reads.
    if let old, let new, isEqual(old.id, new.id), old.mode?.isReadable == new.mode?.isReadable { return }
    try add(path: prefix + name, old, new, mode)
  }

  private mutating func compareFolders(
    _ old: LoadedTree.Entry?, _ new: LoadedTree.Entry?, path: String, depth: Int, refusal: String?
  ) throws(GitError) {
    let opened = try new.map { (entry) throws(GitError) in try open(entry, depth) }
    let before = try old.map { (entry) throws(GitError) in try open(entry, depth) }
    var (was, now): (LoadedTree?, LoadedTree?)
    switch before {
    case .failure: try add(path: path, old, nil, .refusedFolder(""))
    case .success(let tree): was = tree
    case nil: break
    }
    switch opened {
    // What it held before stays known: nobody can tell what is gone.
    case .failure(let fault): return try add(path: path, nil, new, .refusedFolder(fault.words))
    case .success(let tree): now = tree
    case nil: break
    }
    try compare(was, now, prefix: path + "/", depth: depth, refusal: refusal)
  }

  private func open(
    _ entry: LoadedTree.Entry, _ depth: Int
  ) throws(GitError) -> Result<LoadedTree, TreeReader.UnusableTree> {
    guard depth < Self.deepest else {
      return .failure(.init(words: "is nested more than \(Self.deepest) folders deep"))
    }
    return try reader.usableTree(entry.id)
  }

  private mutating func add(
    path: String, _ old: LoadedTree.Entry?, _ new: LoadedTree.Entry?, _ mode: FileMode
  ) throws(GitError) {
    guard changes.count < limit else { throw .treeTooLarge(limit: limit) }
    changes.append(
      FileChange(path: path, old: old.map { ObjectID($0.id) }, new: new.map { ObjectID($0.id) }, mode: mode))
  }
}

/// Whether two ids are the same.
func isEqual(_ one: git_oid, _ other: git_oid) -> Bool {
  withUnsafePointer(to: one) { one in withUnsafePointer(to: other) { git_oid_equal(one, $0) == 1 } }
}
