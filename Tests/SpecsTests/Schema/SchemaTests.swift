import Foundation
import JSON
import Model
import Specs
import TestKit
import Testing

/// The folder of the repository.
private let root = docs.deletingLastPathComponent()

@Suite struct `The schemas` {
  @Test(arguments: SpecSchema.files.map(\.name))
  func `are those of the folder schemas`(name: String) throws {
    let schema = try #require(SpecSchema.files.first { $0.name == name }?.schema)
    let text = String(decoding: schema.bytes(pretty: true), as: UTF8.self) + "\n"
    let file = root.appendingPathComponent("schemas/" + name)
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    let written = try String(contentsOf: file, encoding: .utf8)
    #expect(lineDifference(from: written, to: text) == "", "run 'belfry schema --out schemas'")
  }

  @Test(arguments: SpecFields.all)
  func `have the fields that the decoder reads`(name: String, fields: [String]) throws {
    let object = name == "RuleFile" ? SpecSchema.ruleFile : SpecSchema.spec(of: try #require(Kind(rawValue: name)))
    let known = Set(names(in: object, deep: true))
    #expect(Set(fields).subtracting(known) == [])
    // What only a schema names are Alertmanager's older fields, and those of nested objects.
    #expect(Set(names(in: object, deep: false)).subtracting(fields).subtracting(Self.older) == [])
  }

  private static let older: Set = [
    "groups", "match", "match_re", "source_match", "source_match_re", "target_match", "target_match_re",
  ]

  @Test(arguments: ChannelKind.allCases)
  func `have the fields of each kind of channel`(kind: ChannelKind) {
    #expect(Set(names(in: SpecSchema.destination(kind), deep: false)) == Set(SpecFields.fields(of: kind)))
  }

  private func names(in object: SchemaObject, deep: Bool) -> [String] {
    object.fields.flatMap { field in [field.name] + (deep ? names(in: field.type) : []) }
  }

  private func names(in type: SchemaType) -> [String] {
    switch type {
    case .object(let object): names(in: object, deep: true)
    case .list(let item, _, _, _): names(in: item)
    case .either(let types): types.flatMap { names(in: $0) }
    case .shared(let name) where name != "route":
      SpecSchema.shared.first { $0.name == name }.map { names(in: $0.object, deep: true) } ?? []
    case .shared: SpecSchema.shared.first { $0.name == "route" }?.object.fields.map(\.name) ?? []
    default: []
    }
  }

  @Test func `take every example, and what the pages show`() throws {
    var count = 0
    let folders = [root.appendingPathComponent("examples/tenants"), docs]
    for case let file as URL in folders.flatMap({ folder in
      FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? []
    }) {
      if file.pathExtension == "yaml" {
        let path = file.path.dropFirst(folders[0].path.count + 1)
        _ = read(try String(contentsOf: file, encoding: .utf8), at: String(path))
        count += 1
      } else if file.pathExtension == "md" {
        for (path, text) in blocks(of: try String(contentsOf: file, encoding: .utf8)) {
          _ = read(text, at: path)
          count += 1
        }
      }
    }
    #expect(count > 100)
  }

  /// The files that a page shows: fenced, with a path behind `yaml`.
  private func blocks(of page: String) -> [(path: String, text: String)] {
    page.components(separatedBy: "```yaml ").dropFirst().compactMap { block in
      guard let line = block.firstIndex(of: "\n"), let end = block.range(of: "\n```") else { return nil }
      let path = String(block[..<line])
      guard SpecFile.scope(ofPath: path) != nil, line < end.lowerBound else { return nil }
      return (path, String(block[block.index(after: line)..<end.lowerBound]) + "\n")
    }
  }

  @Test(.enabled(if: Corpus.found != nil, "no corpus of rule files: set BELFRY_CORPUS"))
  func `take the rule files that promtool takes`() throws {
    let corpus = try #require(Corpus.found)
    var count = 0
    for entry in try corpus.entries(["rules", "crd", "rules-derived"]) {
      let file = corpus.folder.appendingPathComponent(entry.path)
      guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
      _ = read(text, at: "platform/rules.yaml")
      count += 1
    }
    #expect(count > 100)
  }
}
