import Model
import PromQL

/// Small plots of series for a terminal, made of block characters; gaps stay empty.
struct Plot {
  private static let bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// The instants at the left and at the right edge.
  let start: Timestamp
  let end: Timestamp
  /// In characters; at least 1.
  let width: Int

  init(from start: Timestamp, through end: Timestamp, width: Int) {
    self.start = start
    self.end = end
    self.width = max(1, width)
  }

  /// The mean of the finite values in each column; `nil` where there is none.
  func columns(_ series: SampleSeries) -> [Double?] {
    let span = Double(max(1, (end - start).wholeMilliseconds))
    var sums = [Double](repeating: 0, count: width)
    var counts = [Int](repeating: 0, count: width)
    for (time, value) in zip(series.times, series.values) where value.isFinite {
      let share = Double((time - start).wholeMilliseconds) / span
      guard share >= 0, share <= 1 else { continue }
      let column = min(width - 1, Int(share * Double(width)))
      sums[column] += value
      counts[column] += 1
    }
    return zip(sums, counts).map { $1 == 0 ? nil : $0 / Double($1) }
  }

  /// One line: the height of each bar is the column's place between the series' least and greatest value.
  func line(_ series: SampleSeries) -> String {
    let columns = columns(series)
    guard let range = Self.range(columns) else { return String(repeating: " ", count: width) }
    return columns.map { value in
      guard let value else { return " " }
      return Self.bars[Self.level(value, range, levels: Self.bars.count)]
    }.joined()
  }

  /// Several lines with the scale at the left and the times below; `height` is that of the plot alone.
  func chart(_ series: SampleSeries, height: Int) -> String {
    let columns = columns(series)
    let height = max(2, height)
    guard let range = Self.range(columns) else { return "no finite values\n" }
    let levels = columns.map { $0.map { Self.level($0, range, levels: height * Self.bars.count) } }
    let marks = [range.upperBound.rounded, range.lowerBound.rounded]
    let margin = marks.map(\.count).max() ?? 0
    var text = ""
    for row in (0..<height).reversed() {
      let mark = row == height - 1 ? marks[0] : row == 0 ? marks[1] : ""
      text += String(repeating: " ", count: margin - mark.count) + mark + " │"
      for level in levels { text += Self.cell(level, row: row) }
      text += "\n"
    }
    let left = start.description
    let right = end.description
    let gap = max(2, width - left.count - right.count)
    text += String(repeating: " ", count: margin) + " └" + String(repeating: "─", count: width) + "\n"
    text += String(repeating: " ", count: margin + 2) + left + String(repeating: " ", count: gap) + right + "\n"
    return text
  }

  private static func cell(_ level: Int?, row: Int) -> String {
    guard let level else { return " " }
    let inRow = level - row * bars.count
    if inRow < 0 { return " " }
    return bars[min(inRow, bars.count - 1)]
  }

  private static func range(_ columns: [Double?]) -> ClosedRange<Double>? {
    let values = columns.compactMap(\.self)
    guard let least = values.min(), let greatest = values.max() else { return nil }
    return least...greatest
  }

  /// From 0 to `levels - 1`; in the middle where all values are equal.
  private static func level(_ value: Double, _ range: ClosedRange<Double>, levels: Int) -> Int {
    // Halves, so that the span of the greatest values doesn't overflow.
    let span = range.upperBound / 2 - range.lowerBound / 2
    guard span > 0 else { return levels / 2 }
    let share = (value / 2 - range.lowerBound / 2) / span
    return min(levels - 1, max(0, Int(share * Double(levels))))
  }
}
