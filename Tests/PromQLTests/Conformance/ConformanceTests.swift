import Foundation
import Model
import Synchronization
import TestKit
import Testing

@testable import PromQL

/// The scripts of `PROMQLTEST_DIR`, or of the corpus beside the repository.
struct ConformanceScripts {
  let folder: URL
  let files: [String]

  static let folder: URL? =
    ProcessInfo.processInfo.environment["PROMQLTEST_DIR"].map { URL(fileURLWithPath: $0) }
    ?? Corpus.found?.folder.appendingPathComponent("promqltest")

  /// `nil` where there are none.
  static let found: ConformanceScripts? = {
    guard let folder else { return nil }
    let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let files = all.filter { $0.hasSuffix(".test") }.sorted()
    return files.isEmpty ? nil : ConformanceScripts(folder: folder, files: files)
  }()

  func text(of file: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appendingPathComponent(file)), as: UTF8.self)
  }
}

/// The reports of a run, told together when the last one is in.
final class ConformanceTable: Sendable {
  private let reports = Mutex<[String: ConformanceReport]>([:])

  /// The table once all `files` are reported.
  func add(_ report: ConformanceReport, of file: String, among files: [String]) -> String? {
    reports.withLock { reports in
      reports[file] = report
      return reports.count == files.count ? Self.text(reports) : nil
    }
  }

  private static func text(_ reports: [String: ConformanceReport]) -> String {
    let width = (reports.keys.map(\.count).max() ?? 0) + 2
    func line(_ name: String, _ numbers: [String]) -> String {
      name + String(repeating: " ", count: max(1, width - name.count))
        + numbers.map { String(repeating: " ", count: max(0, 9 - $0.count)) + $0 }.joined(separator: " ")
    }
    let sorted = reports.sorted { $0.key < $1.key }
    var lines = ["", "PromQL conformance", line("file", ["passed", "failed", "set aside"])]
    for (file, report) in sorted {
      lines.append(line(file, [report.passed, report.failures.count, report.setAside.count].map { "\($0)" }))
    }
    let all = reports.values
    let sums = [
      all.reduce(0) { $0 + $1.passed }, all.reduce(0) { $0 + $1.failures.count },
      all.reduce(0) { $0 + $1.setAside.count },
    ]
    lines.append(line("all", sums.map { "\($0)" }))
    let exceptions = sorted.flatMap { file, report in report.setAside.map { "  \(file):\($0)" } }
    if !exceptions.isEmpty { lines += ["", "set aside, because native histograms are read or expected:"] + exceptions }
    return lines.joined(separator: "\n") + "\n"
  }
}

@Suite struct `PromQL conformance` {
  private static let table = ConformanceTable()

  @Test(
    .enabled(
      if: ConformanceScripts.found != nil,
      "no scripts; PROMQLTEST_DIR names a directory of them"),
    arguments: ConformanceScripts.found?.files ?? [])
  func `a script's queries give what it expects`(_ file: String) throws {
    let scripts = try #require(ConformanceScripts.found)
    let report = ConformanceRunner.report(on: ConformanceScript(try scripts.text(of: file)))
    for failure in report.failures { Issue.record("\(file):\(failure)") }
    if let table = Self.table.add(report, of: file, among: scripts.files) { print(table) }
  }
}
