import CLibgit2
import Glibc
import Model

/// Opens trees of one repository; used under its lock only.
struct TreeReader {
  let repository: OpaquePointer
  let path: String

  /// The tree of `folder` at `commit`; `nil` where there is no such folder.
  func tree(at commit: ObjectID, under folder: String) throws(GitError) -> LoadedTree? {
    var id = try commit.libraryID()
    var object: OpaquePointer?
    var code = git_object_lookup(&object, repository, &id, GIT_OBJECT_ANY)
    guard code == 0, let object else { throw GitError(reading: commit, in: path, code) }
    defer { git_object_free(object) }
    var root: OpaquePointer?
    code = git_object_peel(&root, object, GIT_OBJECT_TREE)
    guard code == 0, let root else { throw GitError(reading: commit, in: path, code) }
    let tree = LoadedTree(root)
    guard !folder.isEmpty else { return tree }
    guard let entry = tree.entry(atPath: folder), entry.isFolder else { return nil }
    return try self.tree(entry.id)
  }

  /// The tree named by `id`.
  func tree(_ id: git_oid) throws(GitError) -> LoadedTree {
    var id = id
    var tree: OpaquePointer?
    let code = git_tree_lookup(&tree, repository, &id)
    guard code == 0, let tree else { throw GitError(reading: ObjectID(id), in: path, code) }
    return LoadedTree(tree)
  }
}

extension TreeReader {
  /// Why a tree is there and can't be used; `words` stand behind its path.
  struct UnusableTree: Error {
    let words: String
  }

  /// The tree named by `id`, or what is wrong with its bytes. That it isn't there is an error.
  func usableTree(_ id: git_oid) throws(GitError) -> Result<LoadedTree, UnusableTree> {
    var id = id
    var tree: OpaquePointer?
    let code = git_tree_lookup(&tree, repository, &id)
    if code == 0, let tree { return .success(LoadedTree(tree)) }
    let failure = LibraryFailure.last(code: code)
    if code == GIT_EMISMATCH.rawValue {
      return .failure(.init(words: "can't be read: its bytes don't hash to its name, \(ObjectID(id).short)"))
    }
    guard failure.area == GIT_ERROR_TREE || failure.area == GIT_ERROR_OBJECT, code != GIT_ENOTFOUND.rawValue else {
      throw GitError(reading: ObjectID(id), in: path, code)
    }
    return .failure(.init(words: "can't be read as a folder: \(failure.fact)"))
  }
}

/// A tree in memory, freed when this goes.
final class LoadedTree {
  private let pointer: OpaquePointer
  let id: git_oid
  let count: Int

  init(_ pointer: OpaquePointer) {
    self.pointer = pointer
    id = git_tree_id(pointer)?.pointee ?? git_oid()
    count = git_tree_entrycount(pointer)
  }

  deinit {
    git_tree_free(pointer)
  }

  /// One name in a tree, with what it stands for.
  struct Entry {
    /// As ``PathName`` shows it.
    var name: String
    /// What is wrong with the name.
    var fault: String?
    var id: git_oid
    var rawMode: git_filemode_t

    init(_ entry: OpaquePointer) {
      let bytes = UnsafeBufferPointer(
        start: git_tree_entry_name(entry), count: git_tree_entry_name(entry).map(strlen) ?? 0)
      let shown = bytes.withMemoryRebound(to: UInt8.self) { PathName($0) }
      (name, fault) = (shown.text, shown.fault)
      id = git_tree_entry_id(entry)?.pointee ?? git_oid()
      rawMode = git_tree_entry_filemode(entry)
    }

    var isFolder: Bool { rawMode == GIT_FILEMODE_TREE }

    /// `nil` for a folder.
    var mode: FileMode? {
      switch rawMode {
      case GIT_FILEMODE_TREE: nil
      case GIT_FILEMODE_BLOB_EXECUTABLE: .executable
      case GIT_FILEMODE_LINK: .symlink
      case GIT_FILEMODE_COMMIT: .submodule
      default: .file
      }
    }
  }

  /// Calls `body` with the library's own tree, which only this keeps alive.
  func withRaw<Result>(_ body: (OpaquePointer) -> Result) -> Result {
    withExtendedLifetime(self) { body(pointer) }
  }

  /// The entry at a place, which only this tree keeps alive.
  func rawEntry(_ index: Int) -> OpaquePointer? { git_tree_entry_byindex(pointer, index) }

  /// The entry at a path below this tree.
  func entry(atPath path: String) -> Entry? {
    var found: OpaquePointer?
    guard git_tree_entry_bypath(&found, pointer, path) == 0, let found else { return nil }
    defer { git_tree_entry_free(found) }
    return Entry(found)
  }
}
