import Diagnostics
import Foundation
import TestKit
import Testing
import YAML

@Suite struct `Formatting YAML` {
  /// A text and what becomes of it.
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let before: String
    let after: String

    init(_ description: String, _ before: String, _ after: String) {
      testDescription = description
      self.before = before
      self.after = after
    }
  }

  private static func format(_ text: String) throws -> String {
    String(decoding: try YAMLFormatting.format(Array(text.utf8), file: "a.yaml"), as: UTF8.self)
  }

  @Test(arguments: [
    Row("indents by two", "a:\n    b:\n        c: 1\n", "a:\n  b:\n    c: 1\n"),
    Row("puts lists at their field", "a:\n    - b\n    - c\n", "a:\n- b\n- c\n"),
    Row(
      "moves what an item holds", "groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: up\n",
      "groups:\n- name: a\n  rules:\n  - alert: A\n    expr: up\n"),
    Row("one blank behind a dash", "a:\n-   b: 1\n    c: 2\n", "a:\n- b: 1\n  c: 2\n"),
    Row("an item on the next line", "a:\n  -\n    b: 1\n    c: 2\n", "a:\n-\n  b: 1\n  c: 2\n"),
    Row("lists in lists", "- - a\n  - b\n-   - c\n", "- - a\n  - b\n- - c\n"),
    Row("blanks and line ends", "a: 1  \r\n\r\n\r\n\r\nb: 2", "a: 1\n\nb: 2\n"),
    Row("a byte order mark", "\u{feff}a: 1\n", "a: 1\n"),
    Row(
      "block texts move whole", "a:\n    b: |\n        x\n          y  \n\n        z\n    c: 1\n",
      "a:\n  b: |\n      x\n        y  \n\n      z\n  c: 1\n"),
    Row("folded texts", "a:\n    b: >-\n      one\n      two\n", "a:\n  b: >-\n    one\n    two\n"),
    Row(
      "texts of several lines", "a:\n      b: one\n        two\n      c: \"x\n        y\"\n",
      "a:\n  b: one\n    two\n  c: \"x\n    y\"\n"),
    Row(
      "brackets", "a:\n    b: {c: 1,\n        d: 2}\n    e: [\n      1,\n    ]\n",
      "a:\n  b: {c: 1,\n      d: 2}\n  e: [\n    1,\n  ]\n"),
    Row(
      "comments",
      "# top\na:   # of a\n    # of b\n    b: 1\n    # end of a\n# of c\nc:\n      # list\n      - d # of d\n",
      "# top\na:   # of a\n  # of b\n  b: 1\n  # end of a\n# of c\nc:\n# list\n- d # of d\n"),
    Row("documents", "a:\n   b: 1\n---\nc:\n    d: 2\n", "a:\n  b: 1\n---\nc:\n  d: 2\n"),
    Row("anchors and merges", "x: &x\n    a: 1\ny:\n    <<: *x\n    b: 2\n", "x: &x\n  a: 1\ny:\n  <<: *x\n  b: 2\n"),
    Row(
      "a hash in a text", "a:\n    b: |\n      # no comment\n    c: 'x # y'\n",
      "a:\n  b: |\n    # no comment\n  c: 'x # y'\n"),
    Row("nothing", "", ""), Row("comments alone", "# a\n\n\n# b\n", "# a\n\n# b\n"),
    Row("wide characters", "'键':\n    值: 1\n", "'键':\n  值: 1\n"),
  ])
  func `gives one layout`(row: Row) throws {
    let formatted = try Self.format(row.before)
    #expect(formatted == row.after)
    #expect(try Self.format(formatted) == formatted)
  }

  @Test func `refuses what can't be read`() {
    #expect(throws: YAMLFormatting.Refusal.self) { try Self.format("a: [1") }
  }

  @Test func `takes real files without a change of meaning, and has done after one pass`() throws {
    let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    var (count, unreadable) = (0, 0)
    let folders = [root.appendingPathComponent("examples"), root.appendingPathComponent("k8s"), Corpus.found?.folder]
    for folder in folders.compactMap(\.self) {
      let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? []
      for case let file as URL in files where ["yaml", "yml"].contains(file.pathExtension) {
        let bytes = Array(try Data(contentsOf: file))
        do throws(YAMLFormatting.Refusal) {
          let once = try YAMLFormatting.format(bytes, file: file.path)
          #expect(try YAMLFormatting.format(once, file: file.path) == once, "\(file.path)")
          count += 1
        } catch .syntax {
          unreadable += 1
        } catch {
          Issue.record("\(file.path): \(error)")
        }
      }
    }
    #expect(count > 5)
  }

  @Test(arguments: 0..<40) func `never changes a meaning`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var lines: [String] = []
    Self.grow(&lines, depth: 0, indent: 0, &random)
    let text = lines.joined(separator: "\n") + "\n"
    do {
      let formatted = try Self.format(text)
      #expect(try Self.format(formatted) == formatted, "\(text)")
    } catch {
      Issue.record("\(error):\n\(text)")
    }
  }

  /// Adds a mapping or list with random indents, comments and texts.
  private static func grow(_ lines: inout [String], depth: Int, indent: Int, _ random: inout SplitMix64) {
    let pad = String(repeating: " ", count: indent)
    let isList = depth > 0 && Bool.random(using: &random)
    for index in 0..<Int.random(in: 1...3, using: &random) {
      if Int.random(in: 0..<4, using: &random) == 0 { lines.append(pad + "# comment \(index)") }
      if Int.random(in: 0..<6, using: &random) == 0 { lines.append("") }
      let head = isList ? "-" : "k\(index):"
      switch Int.random(in: 0..<(depth > 3 ? 4 : 6), using: &random) {
      case 0: lines.append(pad + head + " value # c")
      case 1: lines += [pad + head + " |", pad + "     text", pad + "       more # none", ""]
      case 2: lines += [pad + head + " [1,", pad + "   2]"]
      case 3: lines += [pad + head + " 'a", pad + "   b'"]
      default:
        lines.append(pad + head)
        grow(&lines, depth: depth + 1, indent: indent + Int.random(in: 1...5, using: &random), &random)
      }
    }
  }
}
