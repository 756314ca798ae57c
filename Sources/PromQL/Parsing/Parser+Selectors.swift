import Model
import Patterns

extension Parser {
  /// A metric's name, if any, and its matchers.
  mutating func selector(_ name: Token?) -> Node? {
    var selector = Selector()
    let start = name?.start ?? token.start
    if let name { selector.name = lexer.text(name.range) }
    var isComplete = true
    if token.kind == .leftBrace {
      isComplete = readMatchers(&selector)
    }
    guard isComplete else { return nil }
    let range = start..<lastEnd
    checkName(selector, isInFront: name != nil)
    let isEmpty = selector.name?.isEmpty ?? true && !selector.matchers.contains { !$0.matcher.acceptsEmpty }
    if isEmpty, !allowsEmptySelector {
      report(
        "'\(shown(range))' would select every series: no matcher of it refuses the empty value", at: range,
        fix: "name a metric, or write a matcher such as job=\"api\" or job=~\".+\"")
    }
    allowsEmptySelector = false
    return Node(Expr(.selector(selector), at: range), .vector)
  }

  private mutating func checkName(_ selector: Selector, isInFront: Bool) {
    guard let name = selector.name else { return }
    for matcher in selector.matchers where matcher.matcher.name == "__name__" {
      report(
        "the metric is named twice: '\(name)' and '\(matcher.matcher.value)'", at: matcher.range, fix: "remove one")
      return
    }
  }

  /// What stands in braces; whether all of it could be read.
  private mutating func readMatchers(_ selector: inout Selector) -> Bool {
    let opening = token
    advance()
    var isComplete = true
    while token.kind != .rightBrace {
      if token.kind == .end {
        if isComplete { report("this '{' is never closed", at: opening.range, fix: "write } behind the matchers") }
        return false
      }
      if !readMatcher(&selector) {
        isComplete = false
        skipMatcher()
      }
      if token.kind == .comma {
        advance()
      } else if token.kind != .rightBrace, token.kind != .end {
        if isComplete { reportUnexpected("',' or '}'", fix: "write , between matchers") }
        isComplete = false
        if token.kind != .word, token.kind != .string { skipMatcher() }
        _ = take(.comma)
      }
    }
    advance()
    return isComplete
  }

  private mutating func skipMatcher() {
    while token.kind != .comma, token.kind != .rightBrace, token.kind != .end { advance() }
  }

  private mutating func readMatcher(_ selector: inout Selector) -> Bool {
    let label = token
    let name: String
    switch label.kind {
    case .word: name = lexer.text(label.range)
    case .string:
      guard let contents = lexer.contents(label) else { return false }
      name = contents
    case .bad: return false
    case .comma:
      report("there is no matcher in front of ','", at: label.range, fix: "remove the comma")
      return false
    default:
      reportUnexpected("a label's name or '}'", fix: "write matchers such as job=\"api\"")
      return false
    }
    advance()
    let operation: Matcher.Operator
    switch token.kind {
    case .assign: operation = .equal
    case .binary(.notEqual): operation = .notEqual
    case .regexMatch: operation = .matches
    case .regexNotMatch: operation = .matchesNot
    case .comma where label.kind == .string, .rightBrace where label.kind == .string:
      return readName(name, label, &selector)
    case .bad: return false
    default:
      reportUnexpected("=, !=, =~ or !~", fix: "write \(shown(label.range))=\"…\"")
      return false
    }
    advance()
    return readValue(name, label, operation, &selector)
  }

  private mutating func readName(_ name: String, _ label: Token, _ selector: inout Selector) -> Bool {
    guard let first = selector.name else {
      selector.name = name
      return true
    }
    report("the metric is named twice: '\(first)' and '\(name)'", at: label.range, fix: "remove one")
    return true
  }

  private mutating func readValue(
    _ name: String, _ label: Token, _ operation: Matcher.Operator, _ selector: inout Selector
  ) -> Bool {
    guard token.kind == .string else {
      let isWord = token.kind == .word || token.kind == .number || token.kind == .duration
      reportUnexpected("a string", fix: isWord ? "write \"\(shown(token.range))\"" : "write the value in quotes")
      return false
    }
    let value = token
    guard let text = lexer.contents(value) else { return false }
    advance()
    do throws(PatternSyntaxError) {
      let matcher =
        operation == .equal
        ? Matcher(name, equals: text) : try Matcher(name, operation, text, dotMatchesLineBreaks: true)
      selector.matchers.append(SelectorMatcher(matcher, at: label.start..<value.end))
      return true
    } catch {
      report(
        "\(shown(value.range)) is not a pattern of RE2: \(error.message)", at: value.range,
        fix: "escape what is meant literally, in backquotes: `a\\.b`")
      return true
    }
  }
}

extension Matcher {
  /// Whether a series without the label passes.
  var acceptsEmpty: Bool { operation == .equal ? value.isEmpty : accepts("") }
}
