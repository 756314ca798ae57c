import Foundation
import Synchronization

/// Configurations of Alertmanager beside the repository, or where `BELFRY_CORPUS` says, with what amtool says of each.
struct AmtoolCorpus {
  /// One file of the corpus.
  struct Entry: CustomStringConvertible, Sendable {
    let path: String
    let kind: String
    let isAccepted: Bool
    let firstError: String
    let note: String

    var description: String { path }
  }

  let folder: URL
  /// Whether it is the one beside the repository, whose files are known.
  let isUsual: Bool

  static let found: AmtoolCorpus? = {
    let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    let root = file.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let given = ProcessInfo.processInfo.environment["BELFRY_CORPUS"].map { URL(fileURLWithPath: $0) }
    let folder = given ?? root.deletingLastPathComponent().appendingPathComponent("shared/corpus")
    let isThere = FileManager.default.fileExists(atPath: folder.appendingPathComponent("expected.tsv").path)
    return isThere ? AmtoolCorpus(folder: folder, isUsual: given == nil) : nil
  }()

  /// What amtool, or the operator, reads.
  static let entries: [Entry] = (try? found?.all()) ?? []

  private func all() throws -> [Entry] {
    let table = try String(contentsOf: folder.appendingPathComponent("expected.tsv"), encoding: .utf8)
    return table.split(separator: "\n").dropFirst().compactMap { line in
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard columns.count >= 9, columns[1].hasPrefix("am") else { return nil }
      return Entry(
        path: columns[0], kind: columns[1], isAccepted: columns[3] == "ok", firstError: columns[7], note: columns[8])
    }
  }

  func bytes(_ entry: Entry) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent(entry.path)))
  }

  /// What Alertmanager's own tests expect of its test data.
  static let upstream: [String: Bool] = {
    guard let file = found?.folder.appendingPathComponent("upstream-expected.tsv"),
      let table = try? String(contentsOf: file, encoding: .utf8)
    else { return [:] }
    let pairs = table.split(separator: "\n").dropFirst().compactMap { line -> (String, Bool)? in
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return columns.count > 1 ? (columns[0], columns[1] == "ok") : nil
    }
    return Dictionary(pairs) { first, _ in first }
  }()
}

/// The real amtool.
enum Amtool {
  static let path = "/usr/bin/amtool"
  static let isInstalled = FileManager.default.isExecutableFile(atPath: path)

  /// Whether it accepts a configuration.
  static func accepts(_ file: String) throws -> Bool { try run(["check-config", file]).code == 0 }

  /// The receivers that an alert with these labels goes to, in the order of the routes.
  static func receivers(of labels: [(String, String)], by file: String) throws -> [String] {
    let pairs = labels.map { $0.0 + "=\"" + $0.1 + "\"" }
    let result = try run(["config", "routes", "test", "--config.file=" + file] + pairs)
    guard result.code == 0 else { throw Failure(text: result.output) }
    return result.output.split(separator: "\n").last.map { $0.split(separator: ",").map(String.init) } ?? []
  }

  struct Failure: Error { let text: String }

  private static func run(_ arguments: [String]) throws -> (code: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.environment = [:]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
