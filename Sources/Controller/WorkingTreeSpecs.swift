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
    do {
      let rules =
        Files.exists(root + "/.belfryignore")
        ? IgnoreRules(parsing: String(decoding: try Files.read(root + "/.belfryignore", limit: 1 << 20), as: UTF8.self))
        : .none
      let tree = try Files.tree(of: root)
      let files = tree.files.filter { SpecFile.scope(ofPath: $0) != nil && !rules.matches($0) }
      let others = tree.others.filter { SpecFile.scope(ofPath: $0) != nil && !rules.matches($0) }
      return files.map(source)
        + others.map { path in
          SpecReading.Source(path: path) { .failure(.init("is a link or no regular file, and is not followed")) }
        }
    } catch {
      throw CommandFailure(.failed, error.description)
    }
  }

  private func source(_ path: String) -> SpecReading.Source {
    SpecReading.Source(path: path) { [root] in
      do throws(Files.Failure) {
        return .success(try Files.read(root + "/" + path))
      } catch {
        return .failure(.init(String(cString: strerror(error.code))))
      }
    }
  }

  /// Whether a path is part of what was asked about.
  func isInFocus(_ path: String) -> Bool {
    focus.isEmpty || path == focus || path.hasPrefix(focus + "/")
  }
}
