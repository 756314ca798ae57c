import CoreFoundation
import Git
import Glibc

extension Files {
  /// What a folder holds below it.
  struct Tree {
    /// Regular files, relative to the folder, sorted.
    var files: [String] = []
    /// Links, sockets and other things that are no files, sorted.
    var others: [String] = []
    /// Folders that are repositories of their own, sorted; what they hold is not listed.
    var repositories: [String] = []
    /// What has a name that isn't taken, in no order; folders are not opened.
    var refused: [Refused] = []

    /// One of ``refused``: its path as it is shown, and what is wrong with it, behind that.
    struct Refused {
      var path: String
      var fault: String
      var isFolder: Bool
      /// Whether its name is good, and it lies too deep.
      var isTooDeep: Bool
    }
  }

  /// Folders below this depth are not opened, as in git's trees.
  private static let deepest = 200

  /// Everything below a folder but `.git`; symbolic links are named, never followed.
  static func tree(of folder: String) throws(Failure) -> Tree {
    var tree = Tree()
    var pending = [(path: "", depth: 0)]
    while let (relative, depth) = pending.popLast() {
      let path = relative.isEmpty ? folder : folder + "/" + relative
      guard let stream = opendir(path) else { throw Failure(path: path, code: errno) }
      defer { closedir(stream) }
      while let entry = readdir(stream) {
        let name = entryName(entry)
        if name.text == "." || name.text == ".." { continue }
        if name.text == ".git" {
          if !relative.isEmpty { tree.repositories.append(relative) }
          continue
        }
        let child = relative.isEmpty ? name.text : relative + "/" + name.text
        let kind = name.fault == nil ? try kind(of: entry, at: folder + "/" + child) : kind(of: entry)
        if let fault = name.fault ?? (kind == S_IFDIR && depth + 1 >= deepest ? tooDeep : nil) {
          let isFolder = kind == S_IFDIR
          tree.refused.append(
            Tree.Refused(path: child, fault: fault, isFolder: isFolder, isTooDeep: name.fault == nil))
          continue
        }
        switch kind {
        case S_IFDIR: pending.append((child, depth + 1))
        case S_IFREG: tree.files.append(child)
        default: tree.others.append(child)
        }
      }
    }
    tree.leaveOutRepositories()
    tree.files.sort()
    tree.others.sort()
    return tree
  }

  private static let tooDeep = "is nested more than \(deepest) folders deep"

  private static func entryName(_ entry: UnsafeMutablePointer<dirent>) -> PathName {
    withUnsafePointer(to: &entry.pointee.d_name) { tuple in
      tuple.withMemoryRebound(to: UInt8.self, capacity: 256) { name in
        PathName(
          UnsafeBufferPointer(
            start: name, count: strnlen(UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self), 256)))
      }
    }
  }

  private static func kind(of entry: UnsafeMutablePointer<dirent>, at path: String) throws(Failure) -> mode_t {
    guard Int(entry.pointee.d_type) == Int(DT_UNKNOWN) else { return kind(of: entry) }
    var status = stat()
    guard lstat(path, &status) == 0 else { throw Failure(path: path, code: errno) }
    return status.st_mode & S_IFMT
  }

  private static func kind(of entry: UnsafeMutablePointer<dirent>) -> mode_t {
    switch Int(entry.pointee.d_type) {
    case Int(DT_DIR): S_IFDIR
    case Int(DT_REG): S_IFREG
    default: S_IFLNK
    }
  }

  // MARK: Links

  /// What a symbolic link leads to, as it is written; `nil` for anything else.
  static func linkTarget(_ path: String) -> String? {
    var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = bytes.withUnsafeMutableBytes { buffer in
      buffer.bindMemory(to: CChar.self).baseAddress.map { readlink(path, $0, buffer.count) } ?? -1
    }
    return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  /// Whether a path leads, by whatever links, to a regular file within `root`.
  static func isFile(_ path: String, within root: String) -> Bool {
    guard let real = realpath(path, nil) else { return false }
    defer { free(real) }
    var status = stat()
    return String(cString: real).hasPrefix(root + "/") && stat(real, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// How many bytes a file has.
  static func size(_ path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }
}

extension Files.Tree {
  fileprivate mutating func leaveOutRepositories() {
    guard !repositories.isEmpty else { return }
    repositories.sort()
    let isOutside = { [repositories] (path: String) in !repositories.contains { path.hasPrefix($0 + "/") } }
    files = files.filter(isOutside)
    others = others.filter(isOutside)
    refused = refused.filter { isOutside($0.path) }
  }
}
