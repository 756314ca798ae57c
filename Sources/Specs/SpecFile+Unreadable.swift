import Diagnostics
import Model

extension SpecFile {
  /// A file whose bytes can't be had: an error of its scope, never an absence.
  ///
  /// `reason`: why, behind the file's name: `is a symbolic link, and is not followed`.
  package static func unreadable(path: String, reason: String) -> SpecFile {
    let start = SourcePosition(line: 1, column: 1)
    var diagnostics = Diagnostics()
    diagnostics.error(
      "unreadable-file", "'\(path)' \(reason)", at: SourceSpan(file: path, range: SourceRange(start, start)),
      fix: "make it a regular file, or leave it out in .belfryignore")
    let scope = scope(ofPath: path)
    return SpecFile(
      path: path, scope: scope, content: scope == nil ? .ignored : .specs, diagnostics: diagnostics)
  }
}
