import Foundation

/// Real rule files beside the repository, or where `BELFRY_CORPUS` says, with what promtool says of each.
struct Corpus {
  /// One file of the corpus.
  struct Entry: CustomStringConvertible, Sendable {
    let path: String
    /// `rules`, `crd`, `rules-derived`, `utest` and others.
    let kind: String
    let isAccepted: Bool
    let firstError: String
    let note: String

    var description: String { path }
  }

  let folder: URL
  /// Whether it is the one beside the repository, whose files are known.
  let isUsual: Bool

  /// `nil` where there is no corpus.
  static let found: Corpus? = {
    let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    let root = file.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let given = ProcessInfo.processInfo.environment["BELFRY_CORPUS"].map { URL(fileURLWithPath: $0) }
    let folder = given ?? root.deletingLastPathComponent().appendingPathComponent("shared/corpus")
    let isThere = FileManager.default.fileExists(atPath: folder.appendingPathComponent("expected.tsv").path)
    return isThere ? Corpus(folder: folder, isUsual: given == nil) : nil
  }()

  /// The files of these kinds.
  func entries(_ kinds: Set<String>) throws -> [Entry] {
    let table = try String(contentsOf: folder.appendingPathComponent("expected.tsv"), encoding: .utf8)
    return table.split(separator: "\n").dropFirst().compactMap { line in
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard columns.count >= 9, kinds.contains(columns[1]) else { return nil }
      return Entry(
        path: columns[0], kind: columns[1], isAccepted: columns[3] == "ok", firstError: columns[7], note: columns[8])
    }
  }

  func bytes(of entry: Entry) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent(entry.path)))
  }

  func bytes(at path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent(path)))
  }

  /// What Prometheus's own tests expect of its test data; empty where nobody wrote it down.
  func upstreamVerdicts() throws -> [(path: String, isAccepted: Bool)] {
    let file = folder.appendingPathComponent("upstream-expected.tsv")
    guard let table = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return table.split(separator: "\n").dropFirst().compactMap { line in
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return columns.count > 1 ? (columns[0], columns[1] == "ok") : nil
    }
  }
}
