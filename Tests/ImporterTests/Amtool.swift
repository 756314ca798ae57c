import Foundation
import TestKit

extension Corpus {
  /// What amtool, or the operator, reads.
  static let configurations: [Entry] = (try? found?.entries(of: { $0.hasPrefix("am") })) ?? []

  /// What Alertmanager's own tests expect of its test data.
  static let upstream: [String: Bool] = Dictionary(
    (found?.upstreamVerdicts() ?? []).map { ($0.path, $0.isAccepted) }, uniquingKeysWith: { first, _ in first })
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
    guard result.code == 0 else { throw Failure(text: result.text) }
    return result.text.split(separator: "\n").last.map { $0.split(separator: ",").map(String.init) } ?? []
  }

  struct Failure: Error { let text: String }

  private static func run(_ arguments: [String]) throws -> Program.Outcome {
    try Program.run(path, arguments, environment: [])
  }
}
