import Git
import Glibc
import Model

/// Where files are, seen from the root of the git repository: the place that forges count paths from.
struct FindingPaths: Sendable {
  /// The repository's root; `nil` outside of one.
  private let root: String?
  /// The spec root's path in the repository; `""` where they are the same.
  private let folder: String

  /// `place`: a file or folder; for paths relative to the spec root, that root.
  init(at place: String) {
    let tree = try? WorkingTree.discover(from: place)
    root = tree.map { Self.resolved($0.root) }
    folder = tree?.folder ?? ""
  }

  /// The path of a file that specs name by its path from the spec root.
  func ofSpec(_ path: String) -> String {
    folder.isEmpty ? path : folder + "/" + path
  }

  /// The path of a file that is named from the working folder; as it was named where it isn't in the repository.
  func ofFile(_ path: String) -> String {
    let absolute = Self.resolved(path)
    guard let root, absolute.hasPrefix(root + "/") else {
      return path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    }
    return String(absolute.dropFirst(root.count + 1))
  }

  private static func resolved(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
