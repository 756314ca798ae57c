import Foundation
import JSON
import Model
import Synchronization
import TestKit
import Testing

@testable import Controller

/// The root of this repository.
private let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

/// The lines that a log wrote.
private final class Lines: Sendable {
  let all = Mutex<[String]>([])
  var list: [String] { all.withLock { $0 } }

  func log(_ format: Settings.LogFormat, _ clock: TestClock = TestClock(), terminal: Bool = false) -> EventLog {
    EventLog(format: format, clock: clock, isOnTerminal: terminal) { line in self.all.withLock { $0.append(line) } }
  }
}

@Suite struct `The event log` {
  /// What others write and a log might take for its own.
  static let nasty = [
    "two\nlines", "\r1970-01-01T00:00:00.000Z error fake.event", "\u{1b}[31mred", "nul\u{0}", "c1\u{85}x", "\u{2028}",
    "\u{202e}txt",
    "\u{7f}", "a=b \"c\"", "\u{feff}", "",
  ]

  @Test(arguments: nasty) func `an event is one line whatever a value holds`(_ value: String) throws {
    let lines = Lines()
    lines.log(.text).event("scope.held", .warning, ["why": value, "scope": "shop"])
    lines.log(.text, terminal: true).event("scope.held", .warning, ["why": value, "scope": "shop"])
    lines.log(.json).event("scope.held", .warning, ["why": value, "scope": "shop"])
    try #require(lines.list.count == 3)
    for line in [lines.list[0], lines.list[2]] {
      #expect(
        !line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f && line.hasPrefix("1970") }, "\(line)")
    }
    #expect(lines.list[0].hasSuffix(" scope=shop"))
    #expect(!lines.list[0].unicodeScalars.contains { 0x80..<0xa0 ~= $0.value || [0x2028, 0x202e].contains($0.value) })
    let json = try JSONValue(parsing: lines.list[2])
    #expect(json["why"]?.string == value)
    #expect(json["event"]?.string == "scope.held" && json["level"]?.string == "warning")
    #expect((json.members ?? []).map(\.name) == ["time", "level", "event", "why", "scope"])
  }

  @Test func `text is plain in a file, aligned and coloured on a terminal`() {
    let lines = Lines()
    lines.log(.text).event("api.listening", .info, ["host": "127.0.0.1", "port": "8080"])
    lines.log(.text, terminal: true).event("scope.held", .error, ["scope": "商店"])
    #expect(
      lines.list == [
        "1970-01-01T00:00:00.000Z info api.listening host=127.0.0.1 port=8080",
        "1970-01-01T00:00:00.000Z \u{1b}[31merror\u{1b}[0m   scope.held             scope=\"商店\"",
      ])
  }

  @Test func `what fails every second isn't a line every second, and what was left out is counted`() {
    let lines = Lines()
    let clock = TestClock()
    let log = lines.log(.text, clock)
    for _ in 0..<60 {
      log.event("source.unreachable", .error, ["url": "https://git.example.com", "error": "refused"])
      log.event("source.reachable", .info, ["url": "https://git.example.com"])
      clock.advance(by: .seconds(1))
    }
    #expect(lines.list.count { $0.contains("source.unreachable") } == EventRepeats.limit)
    #expect(lines.list.count { $0.contains("source.reachable") } == 60)
    log.event("source.unreachable", .error, ["url": "https://git.example.com", "error": "refused"])
    #expect(lines.list.last?.hasSuffix(" error=refused repeated=50") == true, "\(lines.list.last ?? "")")
    log.event("source.unreachable", .error, ["url": "https://other.example.com", "error": "refused"])
    #expect(lines.list.last?.contains("repeated") == false)
    #expect(log.counts.leftOut == 50 && log.counts.written[.error] == 12)
  }

  @Test func `a flood of different events keeps memory bounded`() {
    let lines = Lines()
    let log = lines.log(.text)
    for number in 0..<5_000 { log.event("scope.held", .warning, ["scope": "\(number)"]) }
    #expect(lines.list.count == 5_000)
  }

  @Test func `docs and code name the same events at the same levels`() throws {
    let documented = try Self.documented()
    var inCode: [String: Set<String>] = [:]
    for (name, levels) in try Self.inSources() { inCode[name, default: []].formUnion(levels) }
    for outcome in ["delivered", "observed", "held"] { inCode["notification." + outcome] = ["info"] }
    for outcome in ["rejected", "throttled", "unreachable"] { inCode["notification." + outcome] = ["warning"] }
    #expect(
      Set(documented.keys) == Set(inCode.keys), "\(Set(documented.keys).symmetricDifference(inCode.keys).sorted())")
    for (name, levels) in inCode.sorted(by: { $0.key < $1.key }) {
      #expect(documented[name] == levels, "\(name): \(levels.sorted()) in the code")
    }
  }

  /// The table of `docs/logs.md`.
  private static func documented() throws -> [String: Set<String>] {
    let text = try String(contentsOfFile: root + "/docs/logs.md", encoding: .utf8)
    var events: [String: Set<String>] = [:]
    for line in text.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      events[cells[0].replacing("`", with: "")] = Set(cells[1].split(separator: ", ").map(String.init))
    }
    return events
  }

  /// The names in calls of `event`, each with the levels that stand beside it.
  private static func inSources() throws -> [(name: String, levels: Set<String>)] {
    let files = FileManager.default.enumerator(atPath: root + "/Sources/Controller")
    var found: [(String, Set<String>)] = []
    while let file = files?.nextObject() as? String {
      guard file.hasSuffix(".swift") else { continue }
      let text = try String(contentsOfFile: root + "/Sources/Controller/" + file, encoding: .utf8)
      for call in text.split(separator: "event(").dropFirst() {
        // Up to the fields: a name, or two of them, and the level, or two.
        let head = call.prefix { $0 != "[" && $0 != "\n" || $0 == "\n" }.split(separator: "[")[0].prefix(220)
        let names = head.matches(of: /"([a-z-]+\.[a-z-]+)"/).map { String($0.1) }
        guard !names.isEmpty else { continue }
        let levels = head.matches(of: /\.(info|warning|error)\b/).map { String($0.1) }
        if names.count == 2, levels.count == 2 {
          for (name, level) in zip(names, levels) { found.append((name, [level])) }
        } else {
          for name in names { found.append((name, Set(levels.isEmpty ? ["info"] : levels))) }
        }
      }
    }
    return found
  }
}
