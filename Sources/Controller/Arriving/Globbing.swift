import Glibc

/// Files that patterns of a configuration name.
enum Globbing {
  /// The regular files that a pattern names, relative to the configuration's own folder; sorted.
  static func files(matching pattern: String, beside file: String) -> [String] {
    let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
    var matches = glob_t()
    defer { globfree(&matches) }
    guard glob(pattern.hasPrefix("/") ? pattern : folder + pattern, 0, nil, &matches) == 0 else { return [] }
    return (0..<Int(matches.gl_pathc)).compactMap { index in
      matches.gl_pathv[index].map { String(cString: $0) }
    }.filter { !Files.isFolder($0) }
  }
}
