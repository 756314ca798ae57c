import Model
import PromQL
import Specs

/// Series in memory that grow with the virtual clock: what a test feeds in and what its rules write.
///
/// The series of a selector are found once: a new series is offered to the selectors that are known, so that a step
/// costs what it reads.
struct SeriesStore: SeriesSource {
  private var series: [SampleSeries] = []
  private var positions: [Labels: Int] = [:]
  /// The selectors that are known, with the positions of their series.
  private var selectors: [Selector] = []
  private var selectorPositions: [[Matcher]: Int] = [:]
  /// Selectors by the metric name that they ask for; `""` for those that don't ask for one.
  private var selectorsByName: [String: [Int]] = [:]
  /// Series of native histograms, which have no samples here.
  private var histograms: [Labels] = []

  private struct Selector: Sendable {
    let matchers: [Matcher]
    var series: [Int] = []
    var hasHistograms = false
  }

  /// Makes a selector known.
  mutating func register(_ matchers: [Matcher]) {
    guard selectorPositions[matchers] == nil else { return }
    let position = selectors.count
    selectorPositions[matchers] = position
    let name = matchers.first { $0.name == "__name__" && $0.operation == .equal }?.value ?? ""
    selectorsByName[name, default: []].append(position)
    var selector = Selector(matchers: matchers)
    selector.series = series.indices.filter { matchers.accept(series[$0].labels) }
    selector.hasHistograms = histograms.contains { matchers.accept($0) }
    selectors.append(selector)
  }

  /// The position of a series, which is created when there is none.
  mutating func position(of labels: Labels) -> Int {
    if let known = positions[labels] { return known }
    let position = series.count
    series.append(SampleSeries(labels))
    positions[labels] = position
    forEachSelector(of: labels) { $0.series.append(position) }
    return position
  }

  /// Says that a series holds native histograms: whoever selects it is told.
  mutating func addHistogram(_ labels: Labels) {
    histograms.append(labels)
    forEachSelector(of: labels) { $0.hasHistograms = true }
  }

  private mutating func forEachSelector(of labels: Labels, _ body: (inout Selector) -> Void) {
    let name = labels["__name__"]
    for key in name.isEmpty ? [""] : [name, ""] {
      for selector in selectorsByName[key] ?? [] where selectors[selector].matchers.accept(labels) {
        body(&selectors[selector])
      }
    }
  }

  /// Adds a sample; one that isn't later than the last of its series is dropped, as a database drops it.
  mutating func append(_ value: Double, at time: Timestamp, to position: Int) {
    if let last = series[position].times.last, last >= time { return }
    series[position].append(value, at: time)
  }

  func series(for selection: Selection) throws(EvaluationError) -> [SampleSeries] {
    if let known = selectorPositions[selection.matchers] {
      if selectors[known].hasHistograms { throw .nativeHistogram }
      return selectors[known].series.compactMap { within(selection, series[$0]) }
    }
    if histograms.contains(where: selection.matchers.accept) { throw .nativeHistogram }
    return series.compactMap { selection.matchers.accept($0.labels) ? within(selection, $0) : nil }
  }

  /// The series, unless all of its samples lie outside the window.
  private func within(_ selection: Selection, _ series: SampleSeries) -> SampleSeries? {
    guard let first = series.times.first, let last = series.times.last else { return nil }
    return first <= selection.through && last > selection.after ? series : nil
  }
}

/// The series of a test, which come into the store as the virtual clock passes their samples.
struct InputFeed: Sendable {
  private struct Line: Sendable {
    let values: [SeriesNotation.Value]
    let position: Int
    var next = 0
  }

  private let start: Timestamp
  private let interval: Int64
  private var lines: [Line] = []

  /// Of several series with the same labels the last counts, as in promtool.
  init(_ test: UnitTest, into store: inout SeriesStore) {
    start = test.start
    interval = max(1, test.interval.wholeMilliseconds)
    var last: [Labels: Int] = [:]
    for (index, input) in test.inputSeries.enumerated() { last[input.labels] = index }
    for (index, input) in test.inputSeries.enumerated() where last[input.labels] == index {
      if input.values.contains(.nativeHistogram) {
        store.addHistogram(input.labels)
      } else {
        lines.append(Line(values: input.values, position: store.position(of: input.labels)))
      }
    }
  }

  /// Stores the samples up to and including `now`.
  mutating func load(through now: Timestamp, into store: inout SeriesStore) {
    let elapsed = now.millisecondsSinceEpoch - start.millisecondsSinceEpoch
    guard elapsed >= 0 else { return }
    let count = elapsed / interval + 1
    for index in lines.indices {
      let end = Int(min(count, Int64(lines[index].values.count)))
      while lines[index].next < end {
        let next = lines[index].next
        if case .number(let number) = lines[index].values[next] {
          let time = Timestamp(millisecondsSinceEpoch: start.millisecondsSinceEpoch + Int64(next) * interval)
          store.append(number, at: time, to: lines[index].position)
        }
        lines[index].next += 1
      }
    }
  }
}
