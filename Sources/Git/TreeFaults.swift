import CLibgit2
import Glibc

/// What is wrong with a tree as a list: git itself never writes such a tree.
struct TreeFaults {
  /// Whether some entry stands behind one that git sorts after it.
  var isUnsorted = false
  /// Names that stand for several entries. Names that differ in the bytes of their accents alone are one name, since
  /// some file systems, and Swift, take them for one.
  var repeated: Set<String> = []

  /// Nothing is wrong with a tree that isn't there.
  init(_ tree: LoadedTree?) {
    guard let tree else { return }
    var beyondASCII: Set<String> = []
    var previous: OpaquePointer?
    for index in 0..<tree.count {
      guard let entry = tree.rawEntry(index), let name = git_tree_entry_name(entry) else { continue }
      if let previous, git_tree_entry_cmp(previous, entry) >= 0 {
        if strcmp(git_tree_entry_name(previous), name) == 0 {
          repeated.insert(LoadedTree.Entry(entry).name)
        } else {
          isUnsorted = true
        }
      }
      previous = entry
      if git_tree_entry_filemode(entry) == GIT_FILEMODE_TREE, tree.hasFile(named: name, before: index) {
        repeated.insert(LoadedTree.Entry(entry).name)
      }
      if name.isBeyondASCII {
        let name = LoadedTree.Entry(entry).name
        if !beyondASCII.insert(name).inserted { repeated.insert(name) }
      }
    }
  }
}

extension LoadedTree {
  /// Whether an entry before `index` has this name, which a folder has there. What git sorts between the two begins
  /// with the name.
  fileprivate func hasFile(named name: UnsafePointer<CChar>, before index: Int) -> Bool {
    let length = strlen(name)
    for earlier in (0..<index).reversed() {
      guard let other = rawEntry(earlier).flatMap({ git_tree_entry_name($0) }), strncmp(other, name, length) == 0
      else { return false }
      if other[length] == 0 { return true }
    }
    return false
  }
}

extension UnsafePointer<CChar> {
  /// Whether a byte of this C string is no ASCII.
  fileprivate var isBeyondASCII: Bool {
    var place = self
    while place.pointee != 0 {
      if place.pointee < 0 { return true }
      place += 1
    }
    return false
  }
}
