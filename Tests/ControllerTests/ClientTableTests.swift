import JSON
import Model
import TestKit
import Testing

@testable import Controller

@Suite struct `Tables and times of the clients` {
  private static let rows = [
    ["firing", "接口超时", "商店/结账", "x=\"1\""], ["pending", "Down", "shop/api", "付=\"款\" 长=\"长长长长长长长长长长\""],
    ["resolved", "e\u{301}te\u{301}", "a", "evil=\"\u{1b}[2J\n\u{202e}\""],
  ]

  private func table() -> Table {
    var table = Table(["STATE", "ALERT", "SCOPE", "LABELS"])
    for row in Self.rows { table.row(row) }
    return table
  }

  @Test func `columns align whatever the script, and nothing steers the terminal`() {
    let lines = table().text.split(separator: "\n").map(String.init)
    #expect(lines.count == 4)
    let starts = lines.map { line in
      // The column at which the third cell begins.
      var columns = 0
      var gaps = 0
      var wasGap = false
      for scalar in line.unicodeScalars {
        if scalar == " " {
          if wasGap {}; wasGap = true
        } else {
          if wasGap { gaps += 1 }
          if gaps == 2, wasGap { return columns }
          wasGap = false
        }
        columns += String(scalar).columns
      }
      return -1
    }
    #expect(Set(starts).count == 1, "\(starts)\n\(lines.joined(separator: "\n"))")
    #expect(!lines[3].unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\u{202e}" })
  }

  @Test(arguments: [24, 40, 41, 60, 80]) func `lines are cut to a terminal's width, and only there`(_ width: Int) {
    let screen = Screen(width: width, ink: Ink(isOn: false))
    for line in table().text(for: screen).split(separator: "\n") { #expect(String(line).columns <= width, "\(line)") }
    #expect(table().text.contains("长长长长长长长长长长"))
  }

  @Test func `colours are on a terminal only and say nothing that the words don't`() {
    let plain = table().text
    let coloured = table().text(for: Screen(width: nil, ink: Ink(isOn: true)))
    #expect(!plain.contains("\u{1b}") && coloured.contains("\u{1b}[31mfiring\u{1b}[0m"))
    #expect(coloured.replacing(/\u{1b}\[[0-9]+m/, with: "") == plain)
  }

  @Test(arguments: [
    (0, "now"), (5, "5s ago"), (60, "1m ago"), (90, "1m ago"), (3_600, "1h ago"), (12_000, "3h20m ago"),
    (187_200, "2d4h ago"), (-240, "in 4m"),
  ]) func `times are told as people say them`(_ seconds: Int64, _ words: String) {
    let now = Timestamp(millisecondsSinceEpoch: 1_700_000_000_000)
    let times = ClientTimes(style: .relative, now: now)
    #expect(times.relative(now - .seconds(seconds)) == words)
    #expect(times.text(nil) == "-" && times.text("soon") == "soon")
  }

  @Test func `changes of a list are what came, what changed and what went`() throws {
    func alerts(_ text: String) throws -> [JSONValue] { try JSONValue(parsing: text).array ?? [] }
    var changes = AlertChanges()
    let first = changes.take(try alerts(#"[{"fingerprint":"a","scope":"s","state":"pending"}]"#))
    #expect(first.map(\.state) == ["pending"])
    #expect(changes.take(try alerts(#"[{"fingerprint":"a","scope":"s","state":"pending"}]"#)).isEmpty)
    let second = changes.take(
      try alerts(
        #"[{"fingerprint":"a","scope":"s","state":"firing"},{"fingerprint":"a","scope":"t","state":"pending"}]"#))
    #expect(second.map(\.state) == ["firing", "pending"])
    #expect(changes.take([]).map(\.state) == ["gone", "gone"])
  }
}
