import Diagnostics
import Model

extension SpecTree {
  /// The folder above `scope` of which nobody knows what it holds: what `scope` has may be there, and may not.
  ///
  /// Only a tenant's folder holds other scopes.
  func unlistedFolder(above scope: Scope) -> String? {
    guard case .project(let tenant, _) = scope else { return nil }
    let folder = Scope.tenant(tenant)
    return entry(folder)?.unlisted.contains(folder.path) ?? false ? folder.path : nil
  }

  /// Whether a path lies in a folder of which nobody knows what it holds.
  func isInUnlistedFolder(_ path: String) -> Bool {
    (SpecFile.scope(ofPath: path)?.lineage ?? []).contains { level in
      entry(level)?.unlisted.contains { path.hasPrefix($0 + "/") } ?? false
    }
  }

  /// What is said of it, in the scope that is held for it.
  func reportUnlistedFolder(above scope: Scope, to found: inout Diagnostics) {
    guard let folder = unlistedFolder(above: scope), let tenant = scope.tenant,
      let said = entry(.tenant(tenant))?.diagnostics[folder]
    else { return }
    found.append(said)
  }
}

/// The files of a scope by their paths in small letters: two that differ in nothing else are one to some file systems.
struct CaseIndex: Sendable {
  /// How many files have a path, by its hash.
  private var counts: [UInt64: Int32] = [:]
  private var clashes: Set<UInt64> = []

  mutating func insert(_ path: String) {
    let key = Self.key(path)
    let count = counts[key, default: 0] + 1
    counts[key] = count
    if count > 1 { clashes.insert(key) }
  }

  mutating func remove(_ path: String) {
    let key = Self.key(path)
    let count = counts[key, default: 0] - 1
    counts[key] = count > 0 ? count : nil
    if count < 2 { clashes.remove(key) }
  }

  /// The groups of `files` that differ in case alone, each in order. No file is looked at while there are none.
  func clashing(among files: Set<String>) -> [[String]] {
    guard !clashes.isEmpty else { return [] }
    let concerned = files.filter { clashes.contains(Self.key($0)) }
    return Dictionary(grouping: concerned) { $0.lowercased() }.values.filter { $0.count > 1 }.map { $0.sorted() }
  }

  private static func key(_ path: String) -> UInt64 {
    var hash = FNV1a()
    hash.combine(path.lowercased())
    return hash.value
  }
}

extension ScopeEntry {
  /// The groups of files that differ in upper and lower case alone.
  var clashingFiles: [[String]] { cases.clashing(among: files) }

  /// Tells of files that can't lie beside each other everywhere.
  func reportCaseClashes(to found: inout Diagnostics) {
    for paths in clashingFiles {
      for path in paths.dropFirst() {
        found.error(
          "case-clash", "'\(path)' and '\(paths[0])' differ in upper and lower case alone",
          at: SourceSpan(file: path, range: .fileStart), fix: "rename one: macOS and Windows hold only one of them")
      }
    }
  }
}
