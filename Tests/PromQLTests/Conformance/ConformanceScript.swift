import Model

@testable import PromQL

/// An acceptance script in the notation of Prometheus's `promqltest`.
struct ConformanceScript {
  enum Command {
    case clear
    case load(Load)
    case eval(ConformanceEval)
    /// Lines that are no command.
    case mistake(ScriptMistake)
  }

  /// Series to load.
  struct Load {
    var step: Duration
    /// Whether classic histograms are loaded as native ones too.
    var addsNativeHistograms: Bool
    var series: [(notation: SeriesNotation, starts: SeriesStartTimes?)]
  }

  private(set) var commands: [Command] = []

  init(_ text: String) {
    var lines = ScriptLines(text)
    while let line = lines.next() {
      guard !line.text.isEmpty else { continue }
      do throws(ScriptMistake) {
        commands.append(try Self.command(line, &lines))
      } catch {
        commands.append(.mistake(error))
        while let rest = lines.peek, !rest.text.isEmpty { _ = lines.next() }
      }
    }
  }

  private static func command(_ line: ScriptLine, _ lines: inout ScriptLines) throws(ScriptMistake) -> Command {
    let word = line.text.prefix { $0 != " " && $0 != "\t" }.lowercased()
    if word == "clear" { return .clear }
    if word.hasPrefix("load") { return .load(try load(line, &lines)) }
    if word.hasPrefix("eval") { return .eval(try ConformanceEval(line, &lines)) }
    throw line.mistake("expected clear, load or eval")
  }

  private static func load(_ line: ScriptLine, _ lines: inout ScriptLines) throws(ScriptMistake) -> Load {
    let words = line.text.split { $0 == " " || $0 == "\t" }
    guard words.count == 2, words[0] == "load" || words[0] == "load_with_nhcb" else {
      throw line.mistake("expected load or load_with_nhcb and a step")
    }
    var load = Load(step: try line.duration(words[1]), addsNativeHistograms: words[0] != "load", series: [])
    var starts: SeriesStartTimes?
    while let line = lines.nextInBlock() {
      if SeriesStartTimes.isMeant(by: line.text) {
        starts = try line.reading { text throws(SeriesSyntaxError) in try SeriesStartTimes.parse(text) }
        continue
      }
      let notation = try line.reading { text throws(SeriesSyntaxError) in try SeriesNotation.parse(text) }
      if let starts {
        guard starts.labels == notation.labels, starts.offsets.count == notation.values.count else {
          throw line.mistake("the start times above are for other values")
        }
      }
      load.series.append((notation, starts))
      starts = nil
    }
    guard starts == nil else { throw line.mistake("start times without values") }
    return load
  }
}

/// Lines of a script that say nothing the runner knows.
struct ScriptMistake: Error {
  var line: Int
  var message: String
}

/// One line of a script, without the blanks around it; a comment's is empty.
struct ScriptLine {
  /// From 1.
  var number: Int
  var text: String

  func mistake(_ message: String) -> ScriptMistake {
    ScriptMistake(line: number, message: "\(message): \(text)")
  }

  func duration(_ text: some StringProtocol) throws(ScriptMistake) -> Duration {
    do { return try Duration(prometheus: String(text)) } catch { throw mistake("'\(text)' is no duration") }
  }

  func reading<Value>(_ read: (String) throws(SeriesSyntaxError) -> Value) throws(ScriptMistake) -> Value {
    do { return try read(text) } catch { throw mistake("\(error)") }
  }
}

/// The lines of a script, in order.
struct ScriptLines {
  private let lines: [Substring]
  private var index = 0

  init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The line that is next.
  var peek: ScriptLine? {
    guard index < lines.count else { return nil }
    var text = lines[index].drop { $0.isWhitespace }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return ScriptLine(number: index + 1, text: text.hasPrefix("#") ? "" : String(text))
  }

  mutating func next() -> ScriptLine? {
    defer { index += 1 }
    return peek
  }

  /// The next line unless it is empty, which ends a block.
  mutating func nextInBlock() -> ScriptLine? {
    guard let line = peek, !line.text.isEmpty else { return nil }
    return next()
  }
}
