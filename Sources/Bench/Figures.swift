import Foundation

/// A row of the table that the benchmark prints.
struct Figure {
  let work: String
  let value: String
  let target: String

  init(_ work: String, _ value: String, target: String = "") {
    self.work = work
    self.value = value
    self.target = target
  }
}

/// Minimum, median and maximum of some runs.
struct Spread {
  let values: [Double]

  init(_ values: [Double]) {
    self.values = values.sorted()
  }

  var median: Double { values.isEmpty ? .nan : values[values.count / 2] }

  /// `median (min–max) unit`.
  func text(_ unit: String, _ digits: Int = 1) -> String {
    func number(_ value: Double) -> String { String(format: "%.\(digits)f", value) }
    guard let first = values.first, let last = values.last, values.count > 1 else { return number(median) + " " + unit }
    return "\(number(median)) \(unit) (\(number(first))–\(number(last)))"
  }
}

func report(_ figure: Figure) {
  let padded = figure.work.padding(toLength: max(66, figure.work.count), withPad: " ", startingAt: 0)
  print(padded + "  " + figure.value + (figure.target.isEmpty ? "" : "   target " + figure.target))
  fflush(nil)
}
