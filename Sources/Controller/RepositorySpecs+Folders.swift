import Git
import Model
import Specs

extension RepositorySpecs {
  /// What differs below the spec root, without links that lead to a file which is no spec.
  ///
  /// Where the folder of all tenants can't be told from an empty one, that is an error: nothing may be taken for gone.
  func folderChanges(from old: ObjectID?, to new: ObjectID) throws(GitError) -> [FileChange] {
    let changes = try repository.changes(from: old, to: new, under: folder)
    for change in changes where change.new != nil && !change.mode.isReadable && relative(change.path) == "tenants" {
      throw .unsupported(
        detail: "'\(change.path)' \(try words(change).text), so nothing is changed; make it a folder again")
    }
    var kept: [FileChange] = []
    for change in changes {
      let isOtherLink =
        change.mode == .symlink && change.new != nil && SpecFile.scope(ofPath: relative(change.path)) == nil
      if isOtherLink, try leadsToFile(change, at: new) { continue }
      kept.append(change)
    }
    return kept
  }

  /// Whether a change is one of a spec file, or of something that stands where specs would.
  func isSpec(_ change: FileChange, in scopes: Set<Scope>?, _ ignored: IgnoreRules) -> Bool {
    let path = relative(change.path)
    let scope =
      change.mode.isFolder
      ? SpecFile.scope(ofFolder: path) ?? SpecFile.scope(ofPath: path) : SpecFile.scope(ofPath: path)
    guard let scope, scopes?.contains(scope) ?? true else { return false }
    return !ignored.matches(path)
  }

  /// A file that isn't read, with why.
  func unreadable(_ change: FileChange) throws(GitError) -> SpecReading.Source {
    let path = relative(change.path)
    let (why, isPath) = try words(change)
    let isFolder = change.mode.isFolder && SpecFile.scope(ofPath: path) == nil
    return SpecReading.Source(path: path, isFolder: isFolder) {
      .failure(isPath ? .malformedPath(why) : .refused(why))
    }
  }

  /// Why a change isn't read, behind its path, and whether that is about the path.
  private func words(_ change: FileChange) throws(GitError) -> (text: String, isAboutPath: Bool) {
    switch change.mode {
    case .refused(let why): return (why, true)
    case .refusedFolder(let why): return (why, false)
    case .submodule: return ("is a submodule, and is not followed", false)
    case .symlink:
      guard let target = try linkTarget(change) else { return ("is a symbolic link, and is not followed", false) }
      let place = resolved(target, from: change.path) == nil ? ", outside the repository," : ""
      return ("is a symbolic link to '\(PathName.shown(path: target.utf8))'\(place) and is not followed", false)
    case .file, .executable: return ("is not read", false)
    }
  }

  private func linkTarget(_ change: FileChange) throws(GitError) -> String? {
    guard let blob = change.new, case .bytes(let bytes)? = try repository.blobs([blob], limit: 4096).first else {
      return nil
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func leadsToFile(_ link: FileChange, at commit: ObjectID) throws(GitError) -> Bool {
    guard let target = try linkTarget(link), let path = resolved(target, from: link.path) else { return false }
    return try repository.entry(at: commit, path: path)?.mode.isReadable ?? false
  }

  /// The path from the repository's root that a link leads to; `nil` where it leaves the repository.
  private func resolved(_ target: String, from link: String) -> String? {
    guard !target.hasPrefix("/") else { return nil }
    var parts = link.split(separator: "/").dropLast()
    for part in target.split(separator: "/") where part != "." {
      if part != ".." {
        parts.append(part)
      } else if parts.popLast() == nil {
        return nil
      }
    }
    return parts.joined(separator: "/")
  }
}

extension FileMode {
  /// Whether this stands where a folder would.
  fileprivate var isFolder: Bool {
    switch self {
    case .symlink, .submodule, .refusedFolder: true
    case .file, .executable, .refused: false
    }
  }
}
