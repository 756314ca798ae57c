import CoreFoundation
import Glibc
import Importer

/// A folder that is filled once: new or empty, and nothing is ever written outside of it.
struct OutputFolder {
  let path: String

  /// Refuses a folder that holds anything; `mayHold` names what may be there already.
  ///
  /// - Throws: where it can't be made, or isn't empty.
  init(_ path: String, mayHold: Set<String> = []) throws(CommandFailure) {
    self.path = path
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard Files.isFolder(path) else { throw CommandFailure(.failed, "\(path): not a folder") }
    let there = try Self.names(in: path).filter { !mayHold.contains($0) }
    guard let first = there.first else { return }
    throw CommandFailure(
      .failed,
      "\(path) is not empty: it holds '\(first)'" + (there.count > 1 ? " and \(there.count - 1) more" : "")
        + "; name a new folder")
  }

  /// A folder that may hold anything.
  init(existing path: String) {
    self.path = path
  }

  /// Writes all files, each below the folder; what is there already stays, and is an error.
  func write(_ files: [ImportedFile], mode: mode_t = 0o644, folderMode: mode_t = 0o755) throws(CommandFailure) {
    for file in files where !Self.isSafe(file.path) {
      throw CommandFailure(.failed, "'\(file.path)' would be outside of \(path)")
    }
    do throws(Files.Failure) {
      try Files.makeFolder(path, mode: folderMode)
      for file in files {
        let target = path + "/" + file.path
        try Files.makeFolder(folder(of: target), mode: folderMode)
        guard !Files.exists(target) else { throw Files.Failure(path: target, code: EEXIST) }
        try Files.write(file.bytes, to: target, mode: mode)
      }
    } catch {
      throw CommandFailure(.failed, error.description)
    }
  }

  private func folder(of target: String) -> String {
    target.lastIndex(of: "/").map { String(target[..<$0]) } ?? path
  }

  /// Relative, of names that are no way out.
  static func isSafe(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return !parts.isEmpty && parts.allSatisfy { $0 != "" && $0 != "." && $0 != ".." && !$0.utf8.contains(0) }
  }

  private static func names(in folder: String) throws(CommandFailure) -> [String] {
    guard let stream = opendir(folder) else {
      throw CommandFailure(.failed, "\(folder): \(String(cString: strerror(errno)))")
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
