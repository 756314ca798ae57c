package import Model

/// When the counters behind the samples of a series began, as scripts write it: `requests_total@st -30s _ -10sx3`.
///
/// One offset for each value of the line that follows, from the sample's own time.
package struct SeriesStartTimes: Hashable, Sendable {
  package var labels: Labels
  /// `nil` where the start isn't known.
  package var offsets: [Duration?]

  /// Whether a line gives start times and not values: whether `@st` follows the series.
  package static func isMeant(by text: String) -> Bool {
    var selector = SeriesSelectorReader(text)
    guard (try? selector.labels()) != nil else { return false }
    return text.utf8.dropFirst(selector.position).starts(with: "@st".utf8)
  }

  /// Reads a line; at most `limit` offsets.
  package static func parse(
    _ text: String, limit: Int = 1_000_000
  ) throws(SeriesSyntaxError) -> SeriesStartTimes {
    var selector = SeriesSelectorReader(text)
    let labels = try selector.labels()
    guard text.utf8.dropFirst(selector.position).starts(with: "@st".utf8) else {
      throw SeriesSyntaxError("expected @st behind the series", at: selector.position)
    }
    var place = selector.position + 3
    var offsets: [Duration?] = []
    for item in text.utf8.dropFirst(place).split(separator: 0x20, omittingEmptySubsequences: false) {
      let text = String(Substring(item)).replacing("\t", with: "")
      if !text.isEmpty { offsets += try items(text, at: place, limit: limit - offsets.count) }
      place += item.count + 1
    }
    return SeriesStartTimes(labels: labels, offsets: offsets)
  }

  private static func items(_ text: String, at place: Int, limit: Int) throws(SeriesSyntaxError) -> [Duration?] {
    let parts = text.split(separator: "x", maxSplits: 1, omittingEmptySubsequences: false)
    let count = parts.count > 1 ? Int(parts[1]) : 0
    guard let count, count >= 0 else {
      throw SeriesSyntaxError("expected a whole number behind x, found '\(parts[1])'", at: place)
    }
    guard count < limit else {
      throw SeriesSyntaxError("the series would have more start times than allowed; repeat fewer of them", at: place)
    }
    if parts[0] == "_" { return Array(repeating: nil, count: parts.count > 1 ? count : 1) }
    let terms = try self.terms(parts[0], at: place)
    guard terms.count < 2 || parts.count > 1 else {
      throw SeriesSyntaxError("expected x and a count behind an offset and its step", at: place)
    }
    let step = terms.count > 1 ? terms[1] : .zero
    return (0...count).map { terms[0] + step * $0 }
  }

  /// `-30s+10s`: an offset, and a step where there are two.
  private static func terms(_ text: Substring, at place: Int) throws(SeriesSyntaxError) -> [Duration] {
    var terms: [Duration] = []
    var rest = text
    while !rest.isEmpty {
      let isNegative = rest.first == "-"
      if isNegative || rest.first == "+" { rest = rest.dropFirst() }
      let word = rest.prefix { $0 != "+" && $0 != "-" }
      rest = rest.dropFirst(word.count)
      guard terms.count < 2, let duration = try? Duration(prometheus: String(word)) else {
        throw SeriesSyntaxError("expected '_' or a duration such as -30s, found '\(text)'", at: place)
      }
      terms.append(isNegative ? .zero - duration : duration)
    }
    guard !terms.isEmpty else { throw SeriesSyntaxError("expected '_' or a duration such as -30s", at: place) }
    return terms
  }
}
