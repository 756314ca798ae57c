import Git
import Model
import StatusAPI

extension StatusBoard {
  /// The largest file that findings are shown in, in bytes.
  private static let shownText = 1 << 20

  func text(of file: String, in scope: Scope, for reader: Visibility) async -> [UInt8]? {
    guard reader.allows(scope), file.hasPrefix(scope.path + "/"), let attempted = await sync.state.attempted else {
      return nil
    }
    let path = settings.path.isEmpty ? file : settings.path + "/" + file
    do throws(GitError) {
      guard let entry = try mirror.repository.entry(at: attempted.commit, path: path), entry.mode.isReadable else {
        return nil
      }
      return try mirror.repository.blob(entry.blob, limit: Self.shownText)
    } catch {
      return nil
    }
  }
}
