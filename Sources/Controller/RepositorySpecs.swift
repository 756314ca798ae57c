import Git
import Model
import Specs

/// The spec files of a git repository: whole at a commit, or what differs between two.
struct RepositorySpecs: Sendable {
  let repository: Repository
  /// The folder within the repository that is the spec root; `""` for its own root.
  let folder: String

  /// Says which files are left out; relative to the spec root.
  static let ignoreFile = ".belfryignore"

  init(_ repository: Repository, folder: String) {
    self.repository = repository
    self.folder = folder
  }

  /// Every spec file at `commit`; with `scopes`, only those of these scopes.
  ///
  /// `rules`: those that hold instead of the commit's own.
  func files(
    at commit: ObjectID, only scopes: Set<Scope>? = nil, leavingOut rules: IgnoreRules? = nil
  ) async throws(GitError) -> [(path: String, file: SpecFile?)] {
    let ignored = if let rules { rules } else { try ignoreRules(at: commit) }
    let changes = try folderChanges(from: nil, to: commit)
    return try await read(changes.filter { isSpec($0, in: scopes, ignored) })
  }

  /// What differs from `old` to `new`: a file that is gone, or is now left out, comes as `nil`.
  func changes(from old: ObjectID, to new: ObjectID) async throws(GitError) -> [(path: String, file: SpecFile?)] {
    let ignored = try ignoreRules(at: new)
    let changes = try folderChanges(from: old, to: new)
    guard !changes.contains(where: { relative($0.path) == Self.ignoreFile }) else {
      return try await everything(at: new, besides: old, ignored)
    }
    return try await read(changes.filter { isSpec($0, in: nil, ignored) })
  }

  /// The path from the repository's root of a file that specs name by its path from the spec root.
  func repositoryPath(_ path: String) -> String {
    folder.isEmpty ? path : folder + "/" + path
  }

  /// After a change of `.belfryignore` any file may have come or gone.
  func everything(
    at new: ObjectID, besides old: ObjectID?, _ ignored: IgnoreRules
  ) async throws(GitError) -> [(path: String, file: SpecFile?)] {
    let now = try await read(
      try folderChanges(from: nil, to: new).filter { isSpec($0, in: nil, ignored) })
    guard let old else { return now }
    let present = Set(now.map(\.path))
    let before = try repository.entries(at: old, under: folder).map { relative($0.path) }
    return before.filter { !present.contains($0) && SpecFile.scope(ofPath: $0) != nil }.map { ($0, nil) } + now
  }

  private func ignoreRules(at commit: ObjectID) throws(GitError) -> IgnoreRules {
    try ignoreRules(try ignoreBlob(at: commit))
  }

  /// The blob of `.belfryignore` at a commit; `nil` where there is none that can be read.
  func ignoreBlob(at commit: ObjectID) throws(GitError) -> ObjectID? {
    guard let entry = try repository.entry(at: commit, path: repositoryPath(Self.ignoreFile)), entry.mode.isReadable
    else { return nil }
    return entry.blob
  }

  /// What such a blob says.
  func ignoreRules(_ blob: ObjectID?) throws(GitError) -> IgnoreRules {
    guard let blob else { return .none }
    return IgnoreRules(parsing: String(decoding: try repository.blob(blob, limit: 1 << 20), as: UTF8.self))
  }

  /// The path from the spec root of a file that the repository names by its path from its own root.
  func relative(_ path: String) -> String {
    folder.isEmpty ? path : String(path.dropFirst(folder.count + 1))
  }

  /// How many bytes of files are in memory at once, beside one file more.
  private static let budget = 64 << 20

  /// Reads the files that are there now, at most a thousand at a time, so that their bytes don't all stand in memory at
  /// once.
  func read(_ changes: [FileChange]) async throws(GitError) -> [(path: String, file: SpecFile?)] {
    var results = changes.filter { $0.new == nil }.map { (path: relative($0.path), file: SpecFile?.none) }
    let limit = SpecReading.options.limits.fileBytes
    var rest = changes.filter { $0.new != nil && $0.mode.isReadable }[...]
    while !rest.isEmpty {
      let slice = rest.prefix(1000)
      let blobs = try repository.blobs(slice.lazy.compactMap(\.new), limit: limit, budget: Self.budget)
      rest = rest.dropFirst(blobs.count)
      let sources = zip(slice, blobs).map { change, content in
        SpecReading.Source(path: relative(change.path)) { content.result(limit: limit) }
      }
      results += await SpecReading.read(sources, SpecReading.withoutLints)
    }
    var others: [SpecReading.Source] = []
    for change in changes where change.new != nil && !change.mode.isReadable { others.append(try unreadable(change)) }
    return results + (await SpecReading.read(others, SpecReading.withoutLints))
  }
}

extension BlobContent {
  fileprivate func result(limit: Int) -> Result<[UInt8], UnreadableFile> {
    switch self {
    case .bytes(let bytes): .success(bytes)
    case .tooLarge(let size): .failure(.tooLarge(size, limit: limit))
    case .damaged: .failure(.refused("can't be read: the bytes in the store don't hash to its name"))
    }
  }
}
