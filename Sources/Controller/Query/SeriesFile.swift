import Embedded
import Model
import PromQL

/// A file of series, as `belfry query --file` reads it: lines such as `up{job="a"} 1 1 0x3 _ 1`, or a `/metrics` page.
///
/// Values stand one step apart, the first at 1970-01-01T00:00:00Z. A line `load 15s` sets the step of those below it,
/// as in Prometheus's acceptance scripts; blank lines and lines that begin with `#` are passed over.
struct SeriesFile {
  private(set) var series: [SampleSeries] = []

  /// Reads a file. One that ends in `.prom` is a page as targets show it, samples without a time being of `now`.
  static func read(_ path: String, step: Duration, now: Timestamp) throws -> SeriesFile {
    let bytes = try Files.read(path, limit: 1 << 30)
    guard path.hasSuffix(".prom") else {
      return try SeriesFile(String(decoding: bytes, as: UTF8.self), path: path, step: step)
    }
    do throws(Exposition.Problem) {
      return SeriesFile(series: try Exposition.series(in: bytes, now: now))
    } catch {
      throw CommandFailure(.unsound, "\(path):\(error.line): \(error.message)")
    }
  }

  private init(series: [SampleSeries]) {
    self.series = series
  }

  /// The instant of the last sample.
  var end: Timestamp { series.compactMap(\.times.last).max() ?? .epoch }

  /// Reads the text; all lines at fault are told at once. `path`: for the messages.
  init(_ text: String, path: String, step: Duration) throws(CommandFailure) {
    var step = step
    var problems: [String] = []
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = line.drop { $0 == " " || $0 == "\t" }
      guard let first = line.first, first != "#", first != "\r" else { continue }
      do {
        if line.hasPrefix("load ") {
          step = try Self.step(line.dropFirst(5))
        } else {
          try add(SeriesNotation.parse(String(line)), step: step)
        }
      } catch {
        problems.append("\(path):\(number + 1): \(error)")
      }
    }
    guard problems.isEmpty else { throw CommandFailure(.unsound, problems.joined(separator: "\n")) }
  }

  private static func step(_ text: Substring) throws(SeriesSyntaxError) -> Duration {
    let word = text.split { $0 == " " || $0 == "\t" || $0 == "\r" }.first.map(String.init) ?? ""
    do throws(DurationSyntaxError) {
      let step = try Duration(prometheus: word)
      if step > .zero { return step }
    } catch {}
    throw SeriesSyntaxError("'\(word)' is no step; write a duration such as 15s", at: 5)
  }

  private mutating func add(_ notation: SeriesNotation, step: Duration) throws(SeriesSyntaxError) {
    if notation.hasNativeHistograms {
      throw SeriesSyntaxError("native histograms are not evaluated; write classic ones with 'le'", at: 0)
    }
    series.append(notation.samples(step: step))
  }
}

extension SeriesFile: SeriesSource {
  func series(for selection: Selection) -> [SampleSeries] {
    series.filter { selection.matchers.accept($0.labels) }
  }
}
