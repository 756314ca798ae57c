import Git
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
    let date = "\(time) +0000"
    return try await runTool(
      ["git", "-C", path] + arguments, ["GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date]
    )
  }

  /// Commits files on the branch checked out; `nil` removes one, `->target` is a symbolic link.
  @discardableResult
  func commit(_ files: [String: String?], _ message: String = "change", at time: Int = 1_700_000_000) async throws -> ObjectID {
    for (name, text) in files {
      let target = path + "/" + name
      let script =
        switch text {
        case nil: #"rm -f "$1""#
        case let text? where text.hasPrefix("->"): #"mkdir -p "$(dirname "$1")" && ln -sfn "${2#->}" "$1""#
        default: #"mkdir -p "$(dirname "$1")" && printf %s "$2" >"$1""#
        }
      try await runTool(["sh", "-c", script, "sh", target, text ?? ""])
    }
    try await git("add", "-A")
    try await git("commit", "-q", "--allow-empty", "-m", message, at: time)
    return try await head()
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
