package import Model

/// What a name in a tree stands for.
package enum FileMode: Hashable, Sendable {
  case file
  case executable
  /// Its content is the path it points to; specs are never read through one.
  case symlink
  /// Another repository; its id is a commit that this repository doesn't have.
  case submodule
  /// A file that isn't read, whatever it is; the text says why, behind its path: `has a name that is not UTF-8`.
  case refused(String)
  /// A folder that can't be opened, so that nobody knows what is in it; the text says why, behind its path.
  case refusedFolder(String)

  /// Whether the content is the file itself.
  package var isReadable: Bool { self == .file || self == .executable }
}

/// One file of a tree.
package struct TreeEntry: Hashable, Sendable {
  /// From the root of the repository, with `/` between folders.
  package let path: String
  package let blob: ObjectID
  package let mode: FileMode

  package init(path: String, blob: ObjectID, mode: FileMode) {
    self.path = path
    self.blob = blob
    self.mode = mode
  }
}

/// One file that differs between two trees: added where `old` is `nil`, removed where `new` is.
package struct FileChange: Hashable, Sendable {
  /// From the root of the repository, with `/` between folders.
  package let path: String
  package let old: ObjectID?
  package let new: ObjectID?
  /// What the name stands for now; for a removed file, what it stood for.
  package let mode: FileMode

  package init(path: String, old: ObjectID?, new: ObjectID?, mode: FileMode) {
    self.path = path
    self.old = old
    self.new = new
    self.mode = mode
  }
}
