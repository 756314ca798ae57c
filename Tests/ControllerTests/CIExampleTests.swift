import Diagnostics
import Foundation
import Testing
import YAML

@testable import Controller

/// The root of this repository.
private let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

/// One call of `belfry` in a pipeline.
private struct Call: Hashable, CustomStringConvertible {
  let verb: String
  let arguments: [String]

  var description: String { "belfry \(verb) \(arguments.joined(separator: " "))" }

  /// The calls in a script: words behind `belfry`, or behind the image's name where a container runs it.
  static func all(in script: String) -> [Call] {
    script.replacing("\\\n", with: " ").split(whereSeparator: { "\n|;&".contains($0) }).compactMap { command in
      let words = command.split(separator: " ").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "\"'")) }
      guard let name = words.firstIndex(where: { $0 == "belfry" || $0 == "$BELFRY_IMAGE" }), name + 1 < words.count,
        words[0] == "belfry" || words[0] == "docker", words[name + 1] != "$@"
      else { return nil }
      let rest = words[(name + 2)...].prefix { $0 != ">" && $0 != "<" }
      return Call(verb: words[name + 1], arguments: Array(rest))
    }
  }
}

extension YAMLNode {
  /// The scripts of a pipeline: values of `run`, and the items of `script`.
  fileprivate var scripts: [String] {
    var found: [String] = []
    for entry in entries ?? [] {
      switch entry.key.text {
      case "run": found += entry.value.text.map { [$0] } ?? []
      case "script": found += entry.value.items?.compactMap(\.text) ?? []
      default: found += entry.value.scripts
      }
    }
    for item in items ?? [] { found += item.scripts }
    return found
  }
}

@Suite struct `The pipelines of the examples` {
  static let files = [
    "github/belfry.yml", "github/pull-request.yml", "github/comment.yml", "gitlab/.gitlab-ci.yml",
  ]

  private static func document(_ name: String) throws -> (node: YAMLNode, text: String) {
    let path = root + "/examples/ci/" + name
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let stream = YAMLStream(parsing: Array(text.utf8), file: name)
    #expect(stream.diagnostics.all.map(\.message) == [])
    return (try #require(stream.documents.first?.root), text)
  }

  @Test(arguments: files) func `call verbs and flags that there are`(name: String) async throws {
    let calls = try Self.document(name).node.scripts.flatMap(Call.all)
    #expect(!calls.isEmpty)
    try await inWorld { world in
      let verbs = try await world.belfry("--help").output
      for call in calls { try await check(call, verbs, world) }
    }
  }

  private func check(_ call: Call, _ verbs: String, _ world: borrowing World) async throws {
    #expect(verbs.contains("  \(call.verb) "), "no verb: \(call)")
    let help = try await world.belfry(call.verb, "--help").output
    let options = help.split(separator: "OPTIONS:", maxSplits: 1).last.map(String.init) ?? ""
    for (index, flag) in call.arguments.enumerated() where flag.hasPrefix("--") {
      #expect(options.contains(flag + " ") || options.contains(flag + "\n"), "\(flag) of \(call)")
      guard flag == "--format" else { continue }
      let values = options.split(separator: "--format <format>", maxSplits: 1).last?.prefix(300) ?? ""
      #expect(values.contains(call.arguments[index + 1]), "\(call)")
    }
  }

  @Test func `the stage with a token runs nothing of the fork`() throws {
    let (node, text) = try Self.document("github/comment.yml")
    #expect(!text.contains("actions/checkout"))
    // What people name never stands in a script as an expression.
    for name in Self.files { for script in try Self.document(name).node.scripts { #expect(!script.contains("${{")) } }
    #expect(node.entry("permissions")?.value.entries?.map(\.key.text) == ["contents"])
    let first = try Self.document("github/pull-request.yml").text
    #expect(!first.contains("secrets.") && !first.contains("write") && !first.contains("github.token"))
    #expect(!first.contains("pull_request_target"))
  }
}
