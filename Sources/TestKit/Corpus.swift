package import FoundationEssentials

/// Real files beside the repository, or where `BELFRY_CORPUS` says, with what promtool and amtool say of each.
package struct Corpus: Sendable {
  /// One file of the corpus.
  package struct Entry: CustomStringConvertible, Sendable {
    package let path: String
    /// `rules`, `crd`, `rules-derived`, `utest`, `amconfig` and others.
    package let kind: String
    package let isAccepted: Bool
    package let firstError: String
    package let note: String

    package var description: String { path }
  }

  package let folder: URL
  /// Whether it is the one beside the repository, whose files are known.
  package let isUsual: Bool

  /// `nil` where there is no corpus.
  package static let found: Corpus? = {
    let file = URL(filePath: #filePath).resolvingSymlinksInPath()
    let root = (0..<3).reduce(file) { folder, _ in folder.deletingLastPathComponent() }
    let given = ProcessInfo.processInfo.environment["BELFRY_CORPUS"].map { URL(filePath: $0) }
    let folder = given ?? root.deletingLastPathComponent().appending(path: "shared/corpus")
    let isThere = FileManager.default.fileExists(atPath: folder.appending(path: "expected.tsv").path)
    return isThere ? Corpus(folder: folder, isUsual: given == nil) : nil
  }()

  /// The files of the kinds that `isWanted` accepts, in the order of the table.
  package func entries(of isWanted: (_ kind: String) -> Bool) throws -> [Entry] {
    let bytes = try Data(contentsOf: folder.appending(path: "expected.tsv"))
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().compactMap { line in
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard columns.count >= 9, isWanted(columns[1]) else { return nil }
      return Entry(
        path: columns[0], kind: columns[1], isAccepted: columns[3] == "ok", firstError: columns[7], note: columns[8])
    }
  }

  package func entries(_ kinds: Set<String>) throws -> [Entry] { try entries(of: kinds.contains) }

  package func bytes(of entry: Entry) throws -> [UInt8] { try bytes(at: entry.path) }

  package func bytes(at path: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: path))) }

  /// What the systems' own tests expect of their test data; empty where nobody wrote it down.
  package func upstreamVerdicts() -> [(path: String, isAccepted: Bool)] {
    guard let bytes = try? bytes(at: "upstream-expected.tsv") else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().compactMap { line in
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return columns.count > 1 ? (columns[0], columns[1] == "ok") : nil
    }
  }
}
