import Foundation
import Testing

@testable import Controller

/// The root of this repository.
private let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

@Suite struct `The help of codes` {
  /// The first paragraph below each heading of a code, without Markdown's marks, wrapped.
  private static func page(of text: String) -> String {
    var paragraphs: [String: [String]] = [:]
    var code: String?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("### ") {
        code = String(line.dropFirst(4))
      } else if let open = code {
        if line.isEmpty || line.hasPrefix("```") {
          if paragraphs[open] != nil || line.hasPrefix("```") { code = nil }
        } else {
          paragraphs[open, default: []].append(String(line))
        }
      }
    }
    return paragraphs.keys.sorted().map { code in
      let words = plain(paragraphs[code, default: []].joined(separator: " ")).split(separator: " ")
      var lines: [String] = []
      for word in words {
        if let last = lines.last, last.count + 1 + word.count <= 104 {
          lines[lines.count - 1] = last + " " + word
        } else {
          lines.append(String(word))
        }
      }
      return code + "\n" + lines.map { "  " + $0 + "\n" }.joined()
    }.joined()
  }

  private static func plain(_ text: String) -> String {
    text.replacing("`", with: "").replacing(/\[([^\]]*)\]\([^)]*\)/) { String($0.1) }
  }

  @Test func `is what the page of diagnostics says`() throws {
    let docs = try String(contentsOfFile: root + "/docs/diagnostics.md", encoding: .utf8)
    let page = Self.page(of: docs)
    let file = root + "/Sources/Controller/Findings/CodeHelp.swift"
    guard ProcessInfo.processInfo.environment["RECORD"] == "1" else {
      #expect(page == CodeHelp.page + "\n", "RECORD=1 writes \(file) anew")
      return
    }
    let source = try String(contentsOfFile: file, encoding: .utf8)
    let mark = "static let page = #\"\"\"\n"
    let start = try #require(source.firstRange(of: mark)).upperBound
    let indented = page.split(separator: "\n").map { "    " + $0 + "\n" }.joined()
    try (source[..<start] + indented + "    \"\"\"#\n}\n").write(toFile: file, atomically: true, encoding: .utf8)
  }
}
