import CLibgit2
import Model

/// Two trees walked side by side; what has the same id is passed over unopened.
struct TreeComparison {
  let reader: TreeReader
  let limit: Int
  private(set) var changes: [FileChange] = []

  /// Deeper folders are refused, so that a hostile tree can't use up the stack.
  private static let deepest = 200

  init(reader: TreeReader, limit: Int) {
    self.reader = reader
    self.limit = limit
  }

  /// Adds what differs between two trees, either of which may be absent.
  mutating func compare(_ old: LoadedTree?, _ new: LoadedTree?, prefix: String, depth: Int) throws(GitError) {
    guard depth < Self.deepest else {
      throw .unsupported(detail: "'\(prefix)' is nested more than \(Self.deepest) folders deep")
    }
    if let old, let new, isEqual(old.id, new.id) { return }
    var (left, right) = (0, 0)
    let (leftCount, rightCount) = (old?.count ?? 0, new?.count ?? 0)
    while left < leftCount || right < rightCount {
      let before = left < leftCount ? old?.rawEntry(left) : nil
      let after = right < rightCount ? new?.rawEntry(right) : nil
      let order = Self.order(before, after)
      if order <= 0 { left += 1 }
      if order >= 0 { right += 1 }
      try compareEntries(order <= 0 ? before : nil, order >= 0 ? after : nil, prefix: prefix, depth: depth)
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
    _ before: OpaquePointer?, _ after: OpaquePointer?, prefix: String, depth: Int
  ) throws(GitError) {
    if let before, let after, let one = git_tree_entry_id(before), let other = git_tree_entry_id(after),
      git_oid_equal(one, other) == 1, git_tree_entry_filemode(before) == git_tree_entry_filemode(after)
    {
      return
    }
    let (old, new) = (before.map { LoadedTree.Entry($0) }, after.map { LoadedTree.Entry($0) })
    guard let name = new?.name ?? old?.name else { return }
    if old?.isFolder ?? new?.isFolder ?? false {
      let was = try old.map { (entry) throws(GitError) in try reader.tree(entry.id) }
      let now = try new.map { (entry) throws(GitError) in try reader.tree(entry.id) }
      return try compare(was, now, prefix: prefix + name + "/", depth: depth + 1)
    }
    guard changes.count < limit else { throw .treeTooLarge(limit: limit) }
    let mode = new?.mode ?? old?.mode ?? .file
    let change = FileChange(
      path: prefix + name, old: old.map { ObjectID($0.id) }, new: new.map { ObjectID($0.id) }, mode: mode)
    // A changed execute bit alone is no change to anybody who reads.
    if change.old == change.new, old?.mode?.isReadable == new?.mode?.isReadable { return }
    changes.append(change)
  }
}

/// Whether two ids are the same.
func isEqual(_ one: git_oid, _ other: git_oid) -> Bool {
  withUnsafePointer(to: one) { one in withUnsafePointer(to: other) { git_oid_equal(one, $0) == 1 } }
}
