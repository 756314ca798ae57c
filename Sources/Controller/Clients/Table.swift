import Diagnostics

/// Text in columns, each as wide as its widest cell as a terminal shows it; the last isn't padded.
///
/// What steers a terminal is replaced in every cell, since labels and answers are written by others.
struct Table {
  private var rows: [[String]]

  init(_ header: [String]) {
    rows = [header]
  }

  mutating func row(_ cells: [String]) {
    rows.append(cells.map(\.displayable))
  }

  var isEmpty: Bool { rows.count == 1 }
  var text: String { text(for: .plain) }

  /// The table as it suits where it is shown: cut to a terminal's width, coloured where that is wanted.
  func text(for screen: Screen) -> String {
    let widest = screen.width.map { max(24, $0 / 3) }
    let cells = rows.map { row in
      row.enumerated().map { column, cell in
        guard let widest, column < row.count - 1 else { return cell }
        return cell.cut(toColumns: widest)
      }
    }
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      cells.map { column < $0.count ? $0[column].columns : 0 }.max() ?? 0
    }
    return cells.enumerated().map { number, row in
      line(row, widths, screen, isHeader: number == 0) + "\n"
    }.joined()
  }

  private func line(_ row: [String], _ widths: [Int], _ screen: Screen, isHeader: Bool) -> String {
    var line = ""
    var room = screen.width ?? .max
    for (column, cell) in row.enumerated() where room > 0 {
      if column > 0 { line += "  " }
      let shown = cell.columns > room ? cell.cut(toColumns: room) : cell
      let padding = column == row.count - 1 ? 0 : widths[column] - cell.columns
      line += isHeader ? screen.ink.faint(shown) : screen.ink.word(shown)
      line += String(repeating: " ", count: min(padding, max(0, room - shown.columns)))
      room = room == .max ? room : room - shown.columns - padding - 2
    }
    return line
  }
}

/// Where text is shown.
struct Screen: Hashable, Sendable {
  /// In columns; `nil` where lines aren't cut.
  var width: Int?
  var ink: Ink

  static let plain = Screen(width: nil, ink: Ink(isOn: false))

  /// That of stdout: a terminal, or a file or pipe, whose lines are whole and plain.
  static var ofOutput: Screen {
    guard Console.isTerminal else { return .plain }
    return Screen(width: Console.width, ink: Ink(isOn: Console.mayColourOutput))
  }
}

/// Colours on a terminal; without them the words say the same.
struct Ink: Hashable, Sendable {
  var isOn: Bool

  func faint(_ text: String) -> String { paint(text, "2") }
  func strong(_ text: String) -> String { paint(text, "1") }

  /// A cell whose first word tells how something stands is coloured so.
  func word(_ text: String) -> String {
    guard isOn, let colour = Self.colours[String(text.prefix { $0 != " " })] else { return text }
    return paint(text, colour)
  }

  private func paint(_ text: String, _ code: String) -> String {
    isOn && !text.isEmpty ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }

  private static let colours: [String: String] = {
    let groups = [
      ("31", ["firing", "Held", "rejected", "unreachable", "critical"]),
      ("33", ["pending", "Degraded", "Partial", "Suspended", "throttled", "warning", "Progressing", "held"]),
      ("32", ["resolved", "inactive", "Synced", "Healthy", "delivered"]),
    ]
    return Dictionary(groups.flatMap { code, words in words.map { ($0, code) } }) { first, _ in first }
  }()
}

extension String {
  /// How many columns a terminal shows this in; East Asian wide characters take two.
  var columns: Int { unicodeScalars.reduce(0) { $0 + $1.displayWidth } }

  /// The beginning that fits, with `…` where something was left out.
  func cut(toColumns limit: Int) -> String {
    guard columns > limit else { return self }
    guard limit > 0 else { return "" }
    var shown = ""
    var taken = 0
    for character in self {
      let width = character.unicodeScalars.reduce(0) { $0 + $1.displayWidth }
      guard taken + width <= limit - 1 else { break }
      shown.append(character)
      taken += width
    }
    return shown + "…"
  }
}
