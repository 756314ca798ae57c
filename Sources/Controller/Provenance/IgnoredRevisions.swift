import Git
import Model

/// The commits that `.git-blame-ignore-revs` lists: their changes are nobody's.
struct IgnoredRevisions: Sendable {
  static let fileName = ".git-blame-ignore-revs"

  private(set) var commits: Set<ObjectID> = []
  /// The files that they were read from.
  private var blobs: [ObjectID] = []

  init() {}

  /// Reads the files at `head`, at the root of the repository and of the specs, if they are others than before.
  ///
  /// - Returns: the commits that weren't ignored before.
  mutating func read(_ repository: Repository, at head: ObjectID, folder: String) throws(GitError) -> Set<ObjectID> {
    var found: [ObjectID] = []
    for path in Set([Self.fileName, folder.isEmpty ? Self.fileName : folder + "/" + Self.fileName]).sorted() {
      guard let entry = try repository.entry(at: head, path: path), entry.mode.isReadable else { continue }
      found.append(entry.blob)
    }
    guard found != blobs else { return [] }
    blobs = found
    let before = commits
    commits = []
    for case .bytes(let bytes) in try repository.blobs(found, limit: 1 << 20) {
      commits.formUnion(Self.commits(in: String(decoding: bytes, as: UTF8.self)))
    }
    return commits.subtracting(before)
  }

  /// One full commit id a line; what follows `#` is a comment. Other lines are passed over.
  static func commits(in text: String) -> [ObjectID] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      let word = line.prefix { $0 != "#" }.filter { !$0.isWhitespace }
      return ObjectID(word.lowercased())
    }
  }
}
