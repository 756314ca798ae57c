import Diagnostics
import Foundation
import JSON
import Model
import TestKit
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@testable import Controller

/// Texts that formats must not take for anything but text.
private let hostile = [
  "plain", "100%: a,b\r\n::error::injected", "::set-output name=x::y", "<a b=\"c\">&amp;]]>",
  "\u{0}\u{1}\u{b}\u{1b}[31m\u{7f}",
  "\u{85}\u{2028}::warning::x", "@team #12 `x` |y| **z**", "\u{fffe}\u{ffff}é漢👩‍👩‍👧", "::endgroup::", "%0A%25", "",
]

private func finding(
  _ message: String, line: Int = 3, file: String = "tenants/shop/a.yaml", level: Finding.Level = .error,
  code: String = "unknown-field", fix: String? = nil
) -> Finding {
  let range = SourceRange(SourcePosition(line: line, column: 5), SourcePosition(line: line, column: 9))
  return Finding(level: level, code: code, message: message, file: file, range: range, fix: fix, subject: "group")
}

private func report(_ findings: [Finding]) -> FindingReport {
  FindingReport(command: "check", findings: findings, summary: "2 files")
}

@Suite struct `Annotations of GitHub` {
  @Test func `message and properties are escaped, percent first`() {
    let command = GitHubCommand("error", [Label("file", "a:b,c%"), Label("title", "x\r\ny")], "50%:\r\n,%0A")
    #expect(command.text == "::error file=a%3Ab%2Cc%25,title=x%0D%0Ay::50%25:%0D%0A,%250A")
  }

  @Test(arguments: hostile) func `no text gives a command`(text: String) {
    let all = report([finding(text, fix: text), finding("other", file: text)]).github(token: "t0k")
    var isStopped = false
    for line in all.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      if line == "::t0k::" { isStopped = false }
      if isStopped || line.isEmpty || line == "2 files" { continue }
      let isOurs = ["::error file=", "::group::belfry ", "::stop-commands::t0k", "::t0k::", "::endgroup::"]
        .contains { line.hasPrefix($0) }
      #expect(isOurs, "\(line)")
      if line == "::stop-commands::t0k" { isStopped = true }
    }
    #expect(!isStopped)
    #expect(!all.contains("\u{1b}"))
  }

  @Test(arguments: fuzzSeeds(200)) func `what was escaped can be read back`(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let letters: [Character] = ["%", "\r", "\n", ":", ",", "a", "0", "A", "D", "é", " "]
    let text = String((0..<20).map { _ in letters.randomElement(using: &random) ?? "x" })
    let line = GitHubCommand("error", [Label("file", text)], text).text
    let isOneLine = !line.contains { $0.isNewline }
    #expect(isOneLine)
    func read(_ escaped: some StringProtocol) -> String {
      [("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")].reduce(String(escaped)) {
        $0.replacing($1.0, with: $1.1)
      }
    }
    let parts = line.dropFirst("::error file=".count).split(
      separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
    #expect(Array(read(parts[0]).unicodeScalars) == Array(text.unicodeScalars))
    #expect(
      Array(read(line.dropFirst("::error file=".count + parts[0].count + 2)).unicodeScalars)
        == Array(text.unicodeScalars))
  }

  @Test func `the step's summary is a table without markup from specs`() {
    let text = report(hostile.map { finding($0) }).stepSummary
    #expect(text.hasPrefix("### belfry check\n\n2 files\n\n| | where | what |"))
    #expect(!text.contains("<a"))
    #expect(!text.contains("@team"))
    let rows = text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("| error") }
    #expect(rows.count == hostile.count)
    for row in rows {
      let bars = row.replacing("\\\\", with: "").replacing("\\|", with: "").count { $0 == "|" }
      #expect(bars == 4, "\(row)")
    }
  }
}

@Suite struct `Fingerprints of findings` {
  @Test func `stay when lines are added above, and differ among findings alike`() {
    let before = report([finding("a", line: 3), finding("a", line: 9), finding("b", line: 4)])
    let after = report([finding("a", line: 30), finding("a", line: 90), finding("b", line: 31)])
    #expect(before.fingerprints == after.fingerprints)
    #expect(Set(before.fingerprints).count == 3)
    #expect(before.fingerprints.allSatisfy { $0.count == 32 })
    let moved = report([finding("a", file: "tenants/shop/b.yaml")])
    #expect(Set(moved.fingerprints).isDisjoint(with: before.fingerprints))
  }

  @Test func `GitLab's report has one for each finding`() throws {
    let value = try JSONValue(
      parsing: report([finding("a"), finding("b", level: .warning), finding("c", level: .note)]).gitlab.bytes())
    let items = try #require(value.array)
    #expect(items.map { $0["severity"]?.string } == ["critical", "minor", "info"])
    #expect(Set(items.map { $0["fingerprint"]?.string }).count == 3)
    #expect(items[0].at("location.lines.begin")?.int == 3)
    #expect(items[0].at("location.path")?.string == "tenants/shop/a.yaml")
  }
}

@Suite struct `XML reports` {
  @Test(arguments: hostile) func `are well-formed whatever a message holds`(text: String) throws {
    let all = report([finding(text, file: text + "x", fix: text), finding(text, level: .warning, code: text)])
    for xml in [all.junit.xml, all.checkstyle] {
      let names = try XMLNames(xml).names
      #expect(names.count > 3)
      #expect(!xml.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }
  }

  @Test func `JUnit counts errors as failures, and has one passing case for nothing`() throws {
    let some = report([finding("a"), finding("b", level: .warning)]).junit.xml
    #expect(some.contains(#"tests="2" failures="1" errors="0" skipped="1""#))
    let none = report([]).junit.xml
    #expect(none.contains(#"tests="1" failures="0""#))
    #expect(try XMLNames(none).names == ["testsuites", "testsuite", "testcase"])
    #expect(try XMLNames(report([]).checkstyle).names == ["checkstyle"])
  }
}

/// The names of a document's elements; throws where it is no XML.
private final class XMLNames: NSObject, XMLParserDelegate {
  private(set) var names: [String] = []

  init(_ text: String) throws {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    guard parser.parse() else {
      throw NotSeen(description: "no XML: \(String(describing: parser.parserError))\n\(text)")
    }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) { names.append(name) }
}
