import Diagnostics
import Model
import YAML

extension Reading {
  /// The text of a scalar, whatever YAML would make of it: `1`, `true` and `no` are texts where a text is expected.
  mutating func text(_ node: YAMLNode, _ what: String) -> String? {
    if let text = node.text { return text }
    error(.wrongType, "\(node.kindWords) stands where \(what) is expected", at: node.range)
    return nil
  }

  /// A text with at least one character.
  mutating func word(_ node: YAMLNode, _ what: String) -> String? {
    guard let text = text(node, what) else { return nil }
    guard !text.isEmpty else {
      error(.missingField, "an empty text stands where \(what) is expected", at: node.range)
      return nil
    }
    return text
  }

  /// `true` or `false`; the words of YAML 1.1 are taken too, with a warning.
  mutating func boolean(_ node: YAMLNode) -> Bool? {
    if let value = node.scalar?.bool { return value }
    guard let scalar = node.scalar, case .boolean(let value)? = scalar.yaml11Reading else {
      let found = node.text.map { "'" + Wording.short($0) + "'" } ?? node.kindWords
      error(.wrongType, "\(found) stands where true or false is expected", at: node.range, fix: "write true or false")
      return nil
    }
    warning(
      .ambiguousBoolean, "'\(scalar.text)' is \(value) to YAML 1.1 and a text to YAML 1.2; it is read as \(value)",
      at: node.range, fix: "write \(value)")
    return value
  }

  /// A whole number within `range`.
  mutating func integer(_ node: YAMLNode, in range: ClosedRange<Int>) -> Int? {
    guard let scalar = node.scalar, scalar.tag == .integer else {
      let found = node.text.map { "'" + Wording.short($0) + "'" } ?? node.kindWords
      error(
        .wrongType, "\(found) stands where a whole number is expected", at: node.range,
        fix: "write digits without quotes")
      return nil
    }
    let value = scalar.integer.map { Int($0) }
    if let value, scalar.yaml11Reading == .octal {
      warning(
        .ambiguousNumber, "'\(scalar.text)' is octal to YAML 1.1 and decimal to YAML 1.2; it is read as \(value)",
        at: node.range, fix: "write \(value)")
    }
    guard let value, range.contains(value) else {
      let bounds =
        range.upperBound == .max ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
      error(.outOfRange, "\(Wording.short(scalar.text)) is out of range; \(bounds) is accepted", at: node.range)
      return nil
    }
    return value
  }

  /// One of a few words.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ node: YAMLNode, _ type: Choice.Type, _ what: String
  ) -> Choice? {
    guard let text = text(node, what) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let words = Choice.allCases.map(\.rawValue)
    error(
      .unknownValue, "'\(Wording.short(text))' is not \(what)" + Wording.suggestion(text, among: words), at: node.range,
      fix: "write one of \(words.joined(separator: ", "))")
    return nil
  }

  /// A duration in Prometheus's notation.
  mutating func duration(_ node: YAMLNode, allowsZero: Bool = true) -> Duration? {
    guard let text = text(node, "a duration") else { return nil }
    if let last = lastDuration, last.text == text, allowsZero || last.value != .zero { return last.value }
    do {
      let value = try Duration(prometheus: text)
      lastDuration = (text, value)
      guard allowsZero || value != .zero else {
        error(.outOfRange, "a duration of zero is not accepted here", at: node.range, fix: "write at least 1ms")
        return nil
      }
      return value
    } catch {
      report(error, text, at: node.range)
      return nil
    }
  }

  private mutating func report(_ problem: DurationSyntaxError, _ text: String, at range: SourceRange) {
    let shown = Wording.short(text)
    if problem.problem == .expectedUnit, problem.offset == text.utf8.count, !text.isEmpty {
      error(.durationWithoutUnit, "'\(shown)' has no unit", at: range, fix: "write seconds: '\(shown)s'")
      return
    }
    if let rewritten = GoDuration.prometheus(text) {
      error(
        .malformedDuration, "'\(shown)' is a duration of Go, not of Prometheus", at: range, fix: "write '\(rewritten)'")
      return
    }
    let why =
      switch problem.problem {
      case .expectedNumber:
        text.isEmpty ? "it is empty" : "a whole number is expected at character \(problem.offset + 1)"
      case .expectedUnit: "no unit is known at character \(problem.offset + 1)"
      case .unitsOutOfOrder: "units go from large to small, each once"
      case .tooLong: "it is longer than 292 years"
      }
    error(
      .malformedDuration, "'\(shown)' is not a duration: \(why)", at: range,
      fix: "write whole numbers with y, w, d, h, m, s or ms, such as 30s, 5m or 1h30m")
  }

  /// An instant in RFC 3339.
  mutating func timestamp(_ node: YAMLNode) -> Timestamp? {
    guard let text = text(node, "a time") else { return nil }
    if let instant = Timestamp(rfc3339: text) { return instant }
    let digits = text.utf8.prefix { $0 == UInt8(ascii: "-") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    let isDay = digits.count == 10 && text.utf8.count == 10
    let lacksZone = !isDay && Timestamp(rfc3339: text + "Z") != nil
    error(
      .malformedTimestamp,
      lacksZone ? "'\(text)' has no time zone" : "'\(Wording.short(text))' is not a time of RFC 3339", at: node.range,
      fix: lacksZone
        ? "add the zone: '\(text)Z' for UTC, or an offset such as '+08:00'"
        : "write date, time and zone, such as '\(isDay ? text : "2026-11-20")T08:00:00Z'")
    return nil
  }

  /// An IANA time zone.
  mutating func zone(_ node: YAMLNode) -> String? {
    guard let text = word(node, "a time zone") else { return nil }
    if text == "Local" {
      error(
        .unknownZone, "'Local' would be the zone of the machine that runs Belfry", at: node.range,
        fix: "name the zone, such as 'Europe/Berlin', or write 'UTC'")
      return nil
    }
    guard text == "UTC" || options.knowsZone?(text) ?? true else {
      error(
        .unknownZone, "no time zone is named '\(Wording.short(text))'", at: node.range,
        fix: "write a name of the IANA database, such as 'Europe/Berlin' or 'Asia/Shanghai'")
      return nil
    }
    return text
  }

  /// A language that messages are written in.
  mutating func locale(_ node: YAMLNode) -> String? {
    guard let text = word(node, "a language") else { return nil }
    let language = text.prefix { $0 != "-" && $0 != "_" }.lowercased()
    guard language == "en" || language == "zh" else {
      error(.unknownValue, "no messages are written in '\(Wording.short(text))'", at: node.range, fix: "write en or zh")
      return nil
    }
    return text
  }
}

/// Durations as Go writes them, where they say what Prometheus can say too.
enum GoDuration {
  /// `1h30m` for `1.5h`; `nil` when `text` is no such duration.
  static func prometheus(_ text: String) -> String? {
    var total = 0.0
    var rest = Substring(text)
    var hasFraction = false
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(number.count)
      let unit = rest.prefix { $0.isASCII && $0.isLetter }
      rest = rest.dropFirst(unit.count)
      guard let count = Double(number), let size = sizes[String(unit)] else { return nil }
      hasFraction = hasFraction || number.contains(".")
      total += count * size
    }
    guard hasFraction, total > 0, total < 9e12, total == total.rounded() else { return nil }
    return Duration.milliseconds(Int64(total)).prometheus
  }

  private static let sizes: [String: Double] = [
    "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
  ]
}
