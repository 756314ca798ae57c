import Glibc

extension Mirror {
  /// Removes what a killed process left behind: locks of refs, and packs that were never finished.
  ///
  /// Only while no fetch runs.
  static func removeLeftovers(in path: String) {
    for name in names(in: path) where name.hasSuffix(".lock") { unlink(path + "/" + name) }
    for name in names(in: path + "/objects/pack") where isUnfinished(name) {
      unlink(path + "/objects/pack/" + name)
    }
    removeLocks(below: path + "/refs", depth: 0)
  }

  /// Whether a name in the pack folder is one that the library gives a pack while it is written.
  private static func isUnfinished(_ name: String) -> Bool {
    name.hasPrefix("pack_git2_") || name.hasPrefix("tmp_") || name.hasSuffix(".lock")
  }

  private static func removeLocks(below folder: String, depth: Int) {
    guard depth < 8 else { return }
    for name in names(in: folder) {
      let path = folder + "/" + name
      if name.hasSuffix(".lock") { unlink(path) } else { removeLocks(below: path, depth: depth + 1) }
    }
  }

  /// The names in a folder; none where it can't be read.
  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
