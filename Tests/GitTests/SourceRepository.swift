import Git
import Glibc
import Model

/// A repository made with git itself, for others to fetch from.
struct SourceRepository: Sendable {
  let folder: TemporaryFolder
  var path: String { folder.path + "/source" }

  /// An empty repository whose first branch will be `main`.
  init() async throws {
    folder = try TemporaryFolder()
    try await runTool(["git", "init", "-q", "-b", "main", path])
  }

  /// Runs git in the repository.
  @discardableResult
  func git(_ arguments: String..., at time: Int = 1_700_000_000) async throws -> String {
    let date = "@\(time) +0000"
    return try await runTool(
      ["git", "-C", path] + arguments, ["GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date]
    )
  }

  /// Commits files on the branch checked out; `nil` removes one, `->target` is a symbolic link.
  @discardableResult
  func commit(_ files: [String: String?], _ message: String = "change", at time: Int = 1_700_000_000) async throws
    -> ObjectID
  {
    // Removals first: a file may become a folder.
    for (name, text) in files.sorted(by: { ($0.value != nil ? 1 : 0, $0.key) < ($1.value != nil ? 1 : 0, $1.key) }) {
      try write(text, to: name)
    }
    try await git("add", "-A")
    try await git("commit", "-q", "--allow-empty", "-m", message, at: time)
    return try await head()
  }

  private func write(_ text: String?, to name: String) throws {
    let target = path + "/" + name
    _ = remove(target)
    guard let text else { return }
    var end = path.endIndex
    while let slash = target[target.index(after: end)...].firstIndex(of: "/") {
      mkdir(String(target[..<slash]), 0o700)
      end = slash
    }
    if text.hasPrefix("->") {
      symlink(String(text.dropFirst(2)), target)
    } else {
      _ = try folder.write(text, to: "source/" + name)
    }
  }

  /// The commit that a revision names.
  func head(_ revision: String = "HEAD") async throws -> ObjectID {
    let text = try await git("rev-parse", revision + "^{commit}")
    guard let id = ObjectID(text) else { throw ToolFailure(description: "no commit id: \(text)") }
    return id
  }

  /// Reads a fast-import stream into the repository.
  func importStream(_ stream: String) async throws {
    let file = try folder.write(stream, to: "stream")
    try await runTool(["sh", "-c", #"git -C "$1" fast-import --quiet --force <"$2""#, "sh", path, file])
  }
}

extension Mirror {
  /// A mirror in a new folder.
  static func temporary() throws -> Mirror {
    try Mirror.open(at: try TemporaryFolder().path + "/mirror").mirror
  }

  /// Fetches in this process.
  @discardableResult
  func fetchHere(_ remote: RemoteSettings) throws -> MirrorUpdate {
    try record(fetchInProcess(try request(for: remote)), from: remote)
  }
}

/// The error that `body` throws; `nil` where it throws none.
func failure<Result>(_ body: () async throws -> Result) async -> GitError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error as? GitError
  }
}
