/// One line of a file as it is shown below a finding: cut to a width, with the place of the carets.
struct Snippet {
  private(set) var text = ""
  /// Terminal columns before the first caret.
  private(set) var caretIndent = 0
  private(set) var caretCount = 1

  /// One character as it is shown.
  private struct Cell {
    var text: String
    var width: Int
  }

  /// `columns` are the marked characters, from 0, and may be none or beyond the end of the line; `width` is how many
  /// terminal columns there are.
  init(line: Range<Int>, of bytes: [UInt8], columns: Range<Int>, width: Int) {
    let cells = Self.cells(line, of: bytes)
    var starts = [0]
    for cell in cells { starts.append(starts[starts.count - 1] + cell.width) }
    let first = min(columns.lowerBound, cells.count)
    let last = min(max(columns.upperBound, first), cells.count)
    let shown = Self.window(starts: starts, first: first, last: last, width: max(16, width))
    if shown.lowerBound > 0 { text = "…" }
    for cell in cells[shown] { text += cell.text }
    if shown.upperBound < cells.count { text += "…" }
    caretIndent = starts[first] - starts[shown.lowerBound] + (shown.lowerBound > 0 ? 1 : 0)
    caretCount = max(1, starts[min(last, shown.upperBound)] - starts[first])
  }

  private static func cells(_ line: Range<Int>, of bytes: [UInt8]) -> [Cell] {
    var cells: [Cell] = []
    var column = 0
    var offset = line.lowerBound
    while offset < line.upperBound {
      let (scalar, length, _) = SourceText.scalar(in: bytes, at: offset)
      offset += length
      // A tab goes to the next multiple of four, as most editors show it.
      let cell =
        scalar == "\t"
        ? Cell(text: String(repeating: " ", count: 4 - column % 4), width: 4 - column % 4)
        : Cell(text: String(scalar.displayable), width: scalar.displayable.displayWidth)
      column += cell.width
      cells.append(cell)
    }
    return cells
  }

  /// The cells to show: all when they fit, else a stretch around the carets with room for what comes before them.
  private static func window(starts: [Int], first: Int, last: Int, width: Int) -> Range<Int> {
    let count = starts.count - 1
    guard starts[count] > width else { return 0..<count }
    let room = width - 2
    let before = max(room / 3, room - (starts[count] - starts[first]))
    var lower = first
    while lower > 0, starts[first] - starts[lower - 1] <= before { lower -= 1 }
    var upper = lower
    while upper < count, starts[upper + 1] - starts[lower] <= room { upper += 1 }
    return lower..<upper
  }
}

extension Unicode.Scalar {
  /// This character, or a visible stand-in for one that would steer a terminal or reorder the line.
  package var displayable: Unicode.Scalar {
    switch value {
    case 0..<0x20: return Unicode.Scalar(0x2400 + value) ?? "\u{fffd}"
    case 0x7f: return "\u{2421}"
    case 0x80..<0xa0, 0x2028, 0x2029, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069, 0xfeff: return "\u{fffd}"
    default: return self
    }
  }

  /// How many terminal columns this character takes: 0 for a combining mark, 2 for an East Asian wide character or
  /// emoji (Unicode Standard Annex 11, by blocks), else 1.
  package var displayWidth: Int {
    guard value >= 0x300 else { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch value {
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xa960...0xa97f, 0xac00...0xd7a3, 0xf900...0xfaff,
      0xfe10...0xfe19, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f, 0x1f680...0x1f6ff,
      0x1f900...0x1f9ff, 0x1fa70...0x1faff, 0x20000...0x3fffd:
      return 2
    default:
      return properties.isEmojiPresentation ? 2 : 1
    }
  }
}

extension String {
  /// This text on one line and without characters that would steer a terminal.
  package var displayable: String {
    guard utf8.contains(where: { $0 < 0x20 || $0 >= 0x7f }) else { return self }
    var shown = ""
    for scalar in unicodeScalars { shown.unicodeScalars.append(scalar.displayable) }
    return shown
  }
}
