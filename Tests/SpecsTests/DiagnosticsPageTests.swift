import Diagnostics
import Foundation
import Model
import Specs
import Testing

/// `docs/diagnostics.md`: each code with the files that give it.
private struct DiagnosticsPage {
  /// One code: the files below its heading.
  struct Entry: Sendable, CustomTestStringConvertible {
    let code: String
    var files: [(path: String, text: String)] = []
    var testDescription: String { code }
  }

  var entries: [Entry] = []

  init(_ text: String) {
    var path: String?
    var body: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let open = path {
        if line == "```" {
          if !entries.isEmpty { entries[entries.count - 1].files.append((open, body.joined(separator: "\n") + "\n")) }
          (path, body) = (nil, [])
        } else {
          body.append(line)
        }
      } else if line.hasPrefix("```yaml ") {
        path = String(line.dropFirst(8))
      } else if line.hasPrefix("### ") {
        entries.append(Entry(code: String(line.dropFirst(4))))
      }
    }
  }

  static let read: DiagnosticsPage = DiagnosticsPage(
    (try? String(contentsOf: docs.appendingPathComponent("diagnostics.md"), encoding: .utf8)) ?? "")
}

/// The folder `docs` of the repository.
let docs: URL = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs")

@Suite struct `The page of diagnostics` {
  /// Codes that no text on a page can give, and one of unit tests, which no tree reads.
  static let withoutExample: Set<String> = [
    "ends-soon", "file-too-large", "has-ended", "limit-exceeded", "unreadable-file", "malformed-path", "not-authorised",
    "not-utf8",
    "malformed-series",
  ]

  /// Every code that has to be explained, list by list.
  static let codes: [String] = DiagnosticCode.allCases.map(\.rawValue)

  @Test func `explains every code once`() {
    let headings = DiagnosticsPage.read.entries.map(\.code)
    #expect(Set(headings).count == headings.count)
    #expect(Set(Self.codes).subtracting(headings).isEmpty)
  }

  @Test(arguments: DiagnosticsPage.read.entries)
  fileprivate func `shows a spec that gives it`(entry: DiagnosticsPage.Entry) {
    #expect(entry.files.isEmpty == Self.withoutExample.contains(entry.code))
    guard !entry.files.isEmpty else { return }
    var tree = SpecTree()
    _ = tree.update(
      entry.files.map { ($0.path, SpecFile.parse(path: $0.path, bytes: Array($0.text.utf8))) })
    let found = tree.problems.map(\.code)
    #expect(found.contains(entry.code), "found \(found)")
  }
}

@Suite struct `The pages of kinds` {
  @Test(arguments: Kind.allCases)
  func `are there, one for each`(kind: Kind) throws {
    let page = try String(contentsOf: docs.appendingPathComponent("spec/\(kind.rawValue).md"), encoding: .utf8)
    #expect(page.hasPrefix("# \(kind.rawValue)\n"))
  }

  @Test(arguments: Kind.allCases.map(\.rawValue) + ["RuleFile"])
  func `begin with an example that has no finding`(name: String) throws {
    let page = try String(contentsOf: docs.appendingPathComponent("spec/\(name).md"), encoding: .utf8)
    let blocks = page.split(separator: "```yaml ", omittingEmptySubsequences: false).dropFirst()
    #expect(!blocks.isEmpty)
    for block in blocks {
      let path = String(block.prefix { $0 != "\n" })
      let text = block.dropFirst(path.count + 1).split(separator: "```", omittingEmptySubsequences: false).first ?? ""
      let file = SpecFile.parse(path: path, bytes: Array(text.utf8))
      #expect(file.diagnostics.all.map(\.message) == [], "\(path)")
      #expect(!file.resources.isEmpty)
    }
  }

  @Test(arguments: SpecFields.all)
  func `name every field`(name: String, fields: [String]) throws {
    let page = try String(contentsOf: docs.appendingPathComponent("spec/\(name).md"), encoding: .utf8)
    for field in fields { #expect(page.contains("`\(field)`"), "\(field)") }
  }
}

@Suite struct `The pages of channels` {
  @Test(arguments: ChannelKind.allCases)
  func `begin with an example that has no finding, and name every field`(kind: ChannelKind) throws {
    let page = try String(contentsOf: docs.appendingPathComponent("channels/\(kind.rawValue).md"), encoding: .utf8)
    #expect(page.hasPrefix("# "))
    let blocks = page.split(separator: "```yaml ", omittingEmptySubsequences: false).dropFirst()
    #expect(!blocks.isEmpty)
    for block in blocks {
      let path = String(block.prefix { $0 != "\n" })
      let text = block.dropFirst(path.count + 1).split(separator: "```", omittingEmptySubsequences: false).first ?? ""
      let file = SpecFile.parse(path: path, bytes: Array(text.utf8))
      #expect(file.diagnostics.all.map(\.message) == [], "\(path)")
    }
    let channels = blocks.filter { $0.contains("kind: Channel") && $0.contains(kind.rawValue + ":") }
    #expect(!channels.isEmpty)
    for field in SpecFields.fields(of: kind) { #expect(page.contains("`\(field)`"), "\(field)") }
  }
}
