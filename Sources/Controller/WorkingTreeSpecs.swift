import Git
import Glibc
import Model
import Specs

/// The spec files of a folder on disk, as `check` and `diff` read them.
struct WorkingTreeSpecs {
  /// The folder that holds `platform/` and `tenants/`.
  let root: String
  /// The part of `root` that was asked about; `""` for all of it.
  let focus: String

  /// Finds the spec root at `path`, or in the nearest folder above it.
  init(at path: String) throws(CommandFailure) {
    guard let resolved = realpath(path, nil) else {
      throw CommandFailure(.failed, "\(path): \(String(cString: strerror(errno)))")
    }
    defer { free(resolved) }
    let asked = String(cString: resolved)
    var folder = asked
    while !Self.isRoot(folder) {
      guard let slash = folder.lastIndex(of: "/"), slash != folder.startIndex else {
        throw CommandFailure(
          .failed, "neither \(path) nor a folder above it holds platform/ or tenants/; name the folder that does")
      }
      folder = String(folder[..<slash])
    }
    root = folder
    focus = String(asked.dropFirst(folder.count).drop { $0 == "/" })
  }

  /// As ``init(at:)``, for a path that may not be there yet: the nearest folder above it that is decides.
  init(enclosing path: String) throws(CommandFailure) {
    var there = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    var missing: [String] = []
    let start = path.hasPrefix("/") ? "/" : "./"
    while !there.isEmpty, !Files.exists(start + there.joined(separator: "/")) {
      missing.insert(there.removeLast(), at: 0)
    }
    let found = try WorkingTreeSpecs(at: start + there.joined(separator: "/"))
    root = found.root
    focus = ([found.focus] + missing).filter { !$0.isEmpty }.joined(separator: "/")
  }

  private static func isRoot(_ folder: String) -> Bool {
    Files.isFolder(folder + "/tenants") || Files.isFolder(folder + "/platform")
  }

  /// Every spec file below the root that `.belfryignore` doesn't leave out.
  func sources() throws(CommandFailure) -> [SpecReading.Source] {
    do throws(Files.Failure) {
      let rules =
        Files.exists(root + "/.belfryignore")
        ? IgnoreRules(parsing: String(decoding: try Files.read(root + "/.belfryignore", limit: 1 << 20), as: UTF8.self))
        : .none
      let tree = try Files.tree(of: root)
      let files = tree.files.filter { SpecFile.scope(ofPath: $0) != nil && !rules.matches($0) }
      // A link in its place says nothing of who has what.
      if tree.others.contains("tenants") { throw Files.Failure(path: root + "/tenants", code: ENOTDIR) }
      let others = tree.others.filter { !rules.matches($0) }.compactMap(other)
      return files.map(source) + others
        + tree.repositories.filter { !rules.matches($0) }.compactMap(repository)
        + tree.refused.filter { !rules.matches($0.path) }.compactMap(refused)
    } catch {
      throw CommandFailure(.failed, error.description)
    }
  }

  private func source(_ path: String) -> SpecReading.Source {
    SpecReading.Source(path: path) { [root] in
      do throws(Files.Failure) {
        return .success(try Files.read(root + "/" + path, limit: Self.limit))
      } catch {
        guard error.code == EFBIG, let size = Files.size(root + "/" + path) else {
          return .failure(.refused("can't be read: " + String(cString: strerror(error.code))))
        }
        return .failure(.tooLarge(size, limit: Self.limit))
      }
    }
  }

  private static let limit = SpecReading.options.limits.fileBytes

  /// Something that is no file: said to be unreadable where it has a spec's name, or stands where a folder could.
  private func other(_ path: String) -> SpecReading.Source? {
    let isFile = SpecFile.scope(ofPath: path) != nil
    guard isFile || (SpecFile.scope(ofFolder: path) != nil && !Files.isFile(root + "/" + path, within: root)) else {
      return nil
    }
    let target = Files.linkTarget(root + "/" + path)
    let words =
      target.map { "is a symbolic link to '\(PathName.shown(path: $0.utf8))' and" } ?? "is no regular file, and"
    return SpecReading.Source(path: path, isFolder: !isFile) { .failure(.refused(words + " is not followed")) }
  }

  /// A repository within: git keeps no more than its commit.
  private func repository(_ path: String) -> SpecReading.Source? {
    guard SpecFile.scope(ofFolder: path) != nil else { return nil }
    return SpecReading.Source(path: path, isFolder: true) {
      .failure(.refused("is a repository of its own, which git takes in as a submodule, and is not followed"))
    }
  }

  /// Something whose name isn't taken: said where it has a spec's name, or may hold specs.
  private func refused(_ found: Files.Tree.Refused) -> SpecReading.Source? {
    let scope = found.isFolder ? SpecFile.scope(ofFolder: found.path) : SpecFile.scope(ofPath: found.path)
    guard scope != nil else { return nil }
    return SpecReading.Source(path: found.path, isFolder: found.isFolder) {
      .failure(found.isTooDeep ? .refused(found.fault) : .malformedPath(found.fault))
    }
  }

  /// Whether a path is part of what was asked about.
  func isInFocus(_ path: String) -> Bool {
    focus.isEmpty || path == focus || path.hasPrefix(focus + "/")
  }
}
