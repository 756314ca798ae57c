import Model
import Patterns

@testable import PromQL

/// A query of a script, and what it must give.
struct ConformanceEval {
  /// What an error or an annotation must say.
  enum Words {
    case any
    case text(String)
    case pattern(Pattern)

    func match(_ words: String) -> Bool {
      switch self {
      case .any: true
      case .text(let text): text == words
      case .pattern(let pattern): pattern.matches(words)
      }
    }
  }

  /// The words that annotations of one level must match.
  struct Annotations {
    var expected: [Words] = []
    var isForbidden = false
  }

  let line: Int
  let query: String
  private(set) var times: QueryTimes
  private(set) var failure: Words?
  private(set) var annotations: [Annotation.Level: Annotations] = [:]
  private(set) var isOrdered = false
  private(set) var string: String?
  private(set) var scalar: Double?
  /// The places of an expected range vector of an instant query.
  private(set) var places: QueryTimes?
  private(set) var series: [SeriesNotation] = []

  /// Whether the expectation holds native histograms.
  var expectsNativeHistograms: Bool { series.contains(where: \.hasNativeHistograms) }

  init(_ line: ScriptLine, _ lines: inout ScriptLines) throws(ScriptMistake) {
    self.line = line.number
    (times, query) = try Self.header(line)
    let kind = line.text.prefix { $0 != " " && $0 != "\t" }
    switch kind {
    case "eval": break
    case "eval_fail": failure = .any
    case "eval_warn": annotations[.warning, default: .init()].expected.append(.any)
    case "eval_info": annotations[.info, default: .init()].expected.append(.any)
    case "eval_ordered" where times.step == nil: isOrdered = true
    default: throw line.mistake("unknown command")
    }
    let isOldFailure = kind == "eval_fail"
    while scalar == nil, let line = lines.nextInBlock() {
      if isOldFailure, try oldFailure(line) { continue }
      try expectation(line)
    }
    for (level, annotations) in annotations where annotations.isForbidden && !annotations.expected.isEmpty {
      throw line.mistake("\(level.rawValue) is both expected and forbidden")
    }
  }

  /// The times and the query of `eval instant at 5m up` and `eval range from 0 to 5m step 1m up`.
  private static func header(_ line: ScriptLine) throws(ScriptMistake) -> (QueryTimes, String) {
    var words = LineWords(line.text.drop { $0 != " " && $0 != "\t" })
    let times: QueryTimes
    switch words.next() {
    case "instant":
      guard words.next() == "at" else { throw line.mistake("expected at and a time") }
      times = QueryTimes(at: .epoch + (try line.duration(words.next())))
    case "range":
      times = try range(line, &words, after: "from")
    default: throw line.mistake("expected instant or range")
    }
    let query = words.rest
    guard !query.isEmpty else { throw line.mistake("expected a query") }
    return (times, String(query))
  }

  private static func range(
    _ line: ScriptLine, _ words: inout LineWords, after first: Substring
  ) throws(ScriptMistake) -> QueryTimes {
    guard words.next() == first else { throw line.mistake("expected \(first) and a time") }
    let start = try line.duration(words.next())
    guard words.next() == "to" else { throw line.mistake("expected to and a time") }
    let end = try line.duration(words.next())
    guard words.next() == "step" else { throw line.mistake("expected step and a duration") }
    let step = try line.duration(words.next())
    guard start <= end else { throw line.mistake("the end is before the start") }
    guard step > .zero else { throw line.mistake("the step is 0") }
    return QueryTimes(from: .epoch + start, through: .epoch + end, step: step)
  }

  private mutating func oldFailure(_ line: ScriptLine) throws(ScriptMistake) -> Bool {
    if line.text.hasPrefix("expected_fail_message") {
      failure = .text(line.text.dropFirst("expected_fail_message".count).trimmed)
      return true
    }
    guard line.text.hasPrefix("expected_fail_regexp") else { return false }
    failure = try Self.pattern(line.text.dropFirst("expected_fail_regexp".count).trimmed, line)
    return true
  }

  private mutating func expectation(_ line: ScriptLine) throws(ScriptMistake) {
    let text = line.text
    if text.hasPrefix("expect range vector") {
      var words = LineWords(text.dropFirst("expect range vector".count))
      let places = try Self.range(line, &words, after: "from")
      self.places = places
      times = QueryTimes(at: places.end)
    } else if text.hasPrefix("expect string") {
      string = try Self.unquoted(text.dropFirst("expect string".count).trimmed, line)
    } else if text.prefix(while: { $0 != " " && $0 != "\t" }) == "expect" {
      try directive(line)
    } else if let number = Self.number(text) {
      scalar = number
    } else {
      let notation = try line.reading { text throws(SeriesSyntaxError) in try SeriesNotation.parse(text) }
      guard times.step != nil || places != nil || notation.values.count < 2 else {
        throw line.mistake("an instant query has one value each")
      }
      series.removeAll { $0.labels == notation.labels }
      series.append(notation)
    }
  }

  /// `expect fail msg: …` and the like.
  private mutating func directive(_ line: ScriptLine) throws(ScriptMistake) {
    let rest = line.text.dropFirst("expect".count).trimmed
    let mode = rest.prefix { $0 != " " && $0 != "\t" }
    let matching = rest.dropFirst(mode.count).trimmed
    let words: Words
    if matching.isEmpty {
      words = .any
    } else if matching.hasPrefix("msg:") {
      words = .text(matching.dropFirst(4).trimmed)
    } else if matching.hasPrefix("regex:") {
      words = try Self.pattern(matching.dropFirst(6).trimmed, line)
    } else {
      throw line.mistake("expected msg: or regex:")
    }
    switch mode {
    case "ordered": isOrdered = true
    case "fail":
      guard failure == nil else { throw line.mistake("a query fails once only") }
      failure = words
    case "warn": annotations[.warning, default: .init()].expected.append(words)
    case "info": annotations[.info, default: .init()].expected.append(words)
    case "no_warn": annotations[.warning, default: .init()].isForbidden = true
    case "no_info": annotations[.info, default: .init()].isForbidden = true
    default: throw line.mistake("nothing is known of expect \(mode)")
    }
  }

  private static func pattern(_ text: String, _ line: ScriptLine) throws(ScriptMistake) -> Words {
    do { return .pattern(try Pattern(unanchored: text)) } catch { throw line.mistake(error.message) }
  }

  private static func unquoted(_ text: String, _ line: ScriptLine) throws(ScriptMistake) -> String {
    guard case .string(let value)? = Expr.parse(text).expr?.form else { throw line.mistake("expected a quoted string") }
    return value
  }

  private static func number(_ text: String) -> Double? {
    guard text.first.map({ !$0.isWhitespace && $0 != "{" }) ?? false else { return nil }
    switch text.lowercased() {
    case "nan": return .nan
    case "inf", "+inf": return .infinity
    case "-inf": return -.infinity
    default: return Double(text)
    }
  }
}

/// The words of a line, one after the other.
private struct LineWords {
  private var text: Substring

  init(_ text: Substring) {
    self.text = text
  }

  mutating func next() -> Substring {
    text = rest
    let word = text.prefix { $0 != " " && $0 != "\t" }
    text = text.dropFirst(word.count)
    return word
  }

  var rest: Substring { text.drop { $0 == " " || $0 == "\t" } }
}

extension Substring {
  fileprivate var trimmed: String { String(self).trimmed }
}

extension String {
  /// Without the blanks around it.
  fileprivate var trimmed: String {
    var text = drop { $0.isWhitespace }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
