import Diagnostics
import Foundation
import Model
import Notifier
import Specs
import TestKit
import Testing
import YAML

@testable import Importer

/// The imported tree beside the original: the same receivers for the same labels.
@Suite struct `Imported routing agrees with Alertmanager` {
  private static let accepted = Corpus.configurations.filter { $0.isAccepted && $0.kind != "amconfig-crd" }
  /// Label sets for each file: so many by a second writing of the rules, and of these so many by amtool.
  private static let count = 1000
  private static let amtoolCount = ProcessInfo.processInfo.environment["BELFRY_AMTOOL_SETS"].flatMap(Int.init) ?? 20

  @Test(.enabled(if: Corpus.found != nil, "no corpus is beside the repository"))
  func `for each configuration of the corpus`() throws {
    let corpus = try #require(Corpus.found)
    var lines: [String] = []
    var sets = (naive: 0, amtool: 0)
    for entry in Self.accepted {
      let agreement = try Agreement(try corpus.bytes(of: entry), named: entry.path)
      try agreement.compareStructure()
      let result = try agreement.compareReceivers(Self.count, amtool: Amtool.isInstalled ? Self.amtoolCount : 0)
      #expect(result.differences.isEmpty, "\(entry.path): \(result.differences.prefix(3))")
      sets.naive += Self.count
      sets.amtool += result.amtool
      lines.append(
        "\(entry.path): \(agreement.root.all.count) routes, \(result.routesHit) reached, \(Self.count) label sets agree"
      )
    }
    lines.append("\(Self.accepted.count) configurations, \(sets.naive) label sets, 0 differ")
    print("\(Self.accepted.count) configurations: \(sets.naive) label sets, \(sets.amtool) of them asked of amtool too")
    guard corpus.isUsual else { return print(lines.joined(separator: "\n")) }
    #expect(goldenDifference(lines.joined(separator: "\n") + "\n", "agreement.txt") == nil)
  }

  @Test(.enabled(if: Corpus.found != nil, "no corpus is beside the repository"))
  func `and so do the verdicts`() throws {
    let corpus = try #require(Corpus.found)
    var lines: [String] = []
    for entry in Corpus.configurations where entry.kind != "amconfig-crd" {
      let expected = Corpus.upstream[entry.path] ?? entry.isAccepted
      let isTooOld = entry.note.contains("unknown to amtool 0.25") && Corpus.upstream[entry.path] == nil
      let imported = AlertmanagerImport(file: entry.path, bytes: try corpus.bytes(of: entry)).result()
      let first = imported.diagnostics.all.first { $0.severity == .error }?.message ?? ""
      if isTooOld {
        lines.append("\(entry.path): \(imported.isRefused ? "refused: " + first : "imported"), amtool is too old")
      } else {
        #expect(imported.isRefused == !expected, "\(entry.path): \(first); amtool: \(entry.firstError)")
      }
    }
    guard corpus.isUsual else { return print(lines.joined(separator: "\n")) }
    #expect(goldenDifference(lines.joined(separator: "\n") + "\n", "newer-than-amtool.txt") == nil)
  }
}

/// One configuration and what it became.
private struct Agreement {
  let root: NaiveRoute
  let imported: Imported
  let routes: RouteSet
  let tree: SpecTree
  let text: String
  private let receivers: [[String]: String]

  init(_ bytes: [UInt8], named path: String) throws {
    var diagnostics = Diagnostics()
    let config = try #require(ConfigText(file: path, bytes: bytes, diagnostics: &diagnostics))
    root = try NaiveRoute(try #require(config.node["route"]), below: nil)
    imported = AlertmanagerImport(file: path, bytes: bytes).result()
    try #require(!imported.isRefused, "\(path): \(imported.diagnostics.all.map(\.message))")
    var tree = SpecTree()
    tree.update(imported.files.map { ($0.path, SpecFile.parse(path: $0.path, bytes: $0.bytes)) })
    let problems = tree.problems.filter { $0.severity == .error }
    #expect(problems.isEmpty, "\(path): \(problems.map(\.message))")
    self.tree = tree
    let id = try #require(tree.resources(in: .platform).first { $0.id.kind == .route }?.id)
    guard case .route(let spec)? = tree.resource(id)?.spec else { throw CancellationError() }
    routes = RouteSet([RouteTree(id, spec) { ResourceID(.platform, $0, $1) }])
    receivers = Dictionary(imported.receivers.map { ($0.channels, $0.name) }) { first, _ in first }
    // amtool reads a plain file; a Secret's text is written out.
    text =
      config.reader.lineOffset > 0 || config.reader.file != path
      ? Self.innerText(bytes) : String(decoding: bytes, as: UTF8.self)
  }

  private static func innerText(_ bytes: [UInt8]) -> String {
    let root = YAMLStream(parsing: bytes, file: "").documents.first?.root
    let data = root?["stringData"] ?? root?["data"]
    let text = data?.entries?.first?.value.text ?? ""
    return Array(text.utf8).base64Decoded.map { String(decoding: $0, as: UTF8.self) } ?? text
  }

  // MARK: Comparing

  struct Result {
    var differences: [String] = []
    var routesHit = 0
    var amtool = 0
  }

  func compareReceivers(_ count: Int, amtool amtoolCount: Int) throws -> Result {
    var result = Result()
    var sets = LabelSets(for: root, seed: 5)
    var hit: Set<[Int]> = []
    let file = FileManager.default.temporaryDirectory.path + "/belfry-agreement-\(UUID().uuidString).yml"
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: file) }
    for index in 0..<count {
      let labels = sets.next()
      let preview = RoutePreview(of: Labels(labels.map { Label($0.0, $0.1) }), in: .tenant("shop"), through: routes)
      let ours = preview.steps.map { receivers[$0.channels.map(\.name)] ?? "?" }
      hit.formUnion(preview.steps.map(\.path))
      let theirs = root.ends(Dictionary(labels) { $1 }).map(\.receiver)
      if ours != theirs { result.differences.append("\(labels): \(theirs) became \(ours)") }
      if index % max(1, count / max(1, amtoolCount)) == 0, result.amtool < amtoolCount {
        result.amtool += 1
        let asked = try Amtool.receivers(of: labels, by: file)
        if asked != ours { result.differences.append("\(labels): amtool says \(asked), not \(ours)") }
      }
    }
    result.routesHit = hit.count
    return result
  }

  /// Node by node: grouping, times, `continue`, intervals.
  func compareStructure() throws {
    guard let tree = routes.trees.first else { return }
    let theirs = root.all
    #expect(tree.nodes.count == theirs.count)
    for (ours, naive) in zip(tree.nodes, theirs) {
      switch ours.groupBy {
      case .all: #expect(naive.groupBy == ["..."])
      case .labels(let names): #expect(names == naive.groupBy)
      }
      let waits = [ours.groupWait, ours.groupInterval, ours.repeatInterval]
      #expect(try waits == naive.waits.map { try Duration(prometheus: $0) })
      #expect(ours.continues == naive.continues)
      #expect(ours.matchers.count == naive.matchers.count)
      #expect(ours.muteTimeIntervals.map(\.name) == naive.mute.map(\.asLabel))
      #expect(ours.activeTimeIntervals.map(\.name) == naive.active.map(\.asLabel))
    }
  }
}
