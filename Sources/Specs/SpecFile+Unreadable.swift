import Diagnostics
package import Model

/// Why a file of a spec repository has no bytes to read; texts stand behind its path.
package enum UnreadableFile: Error, Hashable, Sendable {
  /// What it is, or what the disk says: `is a symbolic link, and is not followed`.
  case refused(String)
  /// Where it lies, or how it is named: `has a name that is not UTF-8`.
  case malformedPath(String)
  /// It is larger than what is read, both in bytes.
  case tooLarge(Int, limit: Int)
}

extension SpecFile {
  /// A file whose bytes can't be had: an error of its scope, never an absence.
  ///
  /// `isFolder`: it stands where a folder with specs could be, so what it would hold counts as unreadable too.
  package static func unreadable(path: String, _ why: UnreadableFile, isFolder: Bool = false) -> SpecFile {
    let place = SourceSpan(file: path, range: .fileStart)
    var diagnostics = Diagnostics()
    switch why {
    case .refused(let reason):
      let remedy = isFolder ? "make it a folder" : "make it a regular file"
      diagnostics.error(
        "unreadable-file", "'\(path)' \(reason)", at: place, fix: remedy + ", or leave it out in .belfryignore")
    case .malformedPath(let reason):
      diagnostics.error(
        "malformed-path", "'\(path)' \(reason)", at: place, fix: "rename or move it, or leave it out in .belfryignore")
    case .tooLarge(let bytes, let limit):
      diagnostics.report(.tooLarge(bytes, limit: limit, at: place))
    }
    let scope = isFolder ? scope(ofFolder: path) ?? scope(ofPath: path) : scope(ofPath: path)
    var file = SpecFile(path: path, scope: scope, content: scope == nil ? .ignored : .specs, diagnostics: diagnostics)
    file.isUnlistedFolder = isFolder
    return file
  }

  /// The same for a reason that isn't about the path.
  package static func unreadable(path: String, reason: String) -> SpecFile { unreadable(path: path, .refused(reason)) }

  /// The scope whose files a folder at `path` would hold; `nil` outside, and for `tenants` itself, which holds many.
  package static func scope(ofFolder path: String) -> Scope? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    switch parts.first {
    case "platform": return .platform
    case "tenants" where parts.count == 2: return .tenant(String(parts[1]))
    case "tenants" where parts.count > 2: return .project(tenant: String(parts[1]), project: String(parts[2]))
    default: return nil
    }
  }
}

extension Diagnostic {
  /// A file of more bytes than are read.
  static func tooLarge(_ bytes: Int, limit: Int, at place: SourceSpan) -> Diagnostic {
    Diagnostic(
      .error, DiagnosticCode.fileTooLarge.rawValue, "the file has \(bytes) bytes; at most \(limit) are read", at: place,
      fix: "split it into several files")
  }
}
