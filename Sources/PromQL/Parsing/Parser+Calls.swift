private import Diagnostics

extension Parser {
  /// `name(…)`, from its parenthesis on.
  mutating func call(_ name: Token) -> Node? {
    guard let function = Words.functions.find(lexer.bytes, name.range, lexer.hash(name.range)) else {
      reportUnknownFunction(name)
      _ = arguments(of: nil)
      return nil
    }
    guard let arguments = arguments(of: function) else { return nil }
    check(arguments, of: function, name)
    let depth = arguments.reduce(0) { max($0, $1.depth) }
    return node(
      .call(Call(function, arguments.map(\.expr))), at: name.start..<lastEnd, function.signature.result, over: depth)
  }

  private mutating func reportUnknownFunction(_ name: Token) {
    // Looking for a near name costs more than reading the call.
    guard lexer.problems.count < Expr.problemLimit else { return }
    let written = shown(name.range)
    let near = Self.likelyFunction(written)
    report(
      "'\(written)' is not a function" + (near.map { "; did you mean '\($0)'?" } ?? ""), at: name.range,
      fix: near.map { "write \($0)" })
  }

  private static let renamed = ["holt_winters": "double_exponential_smoothing"]

  /// What a name that is no function's was likely meant to be.
  private static func likelyFunction(_ written: String) -> String? {
    if let now = Self.renamed[written] { return now }
    let known = Function.allCases.map(\.rawValue) + AggregationOperator.allCases.map(\.rawValue)
    let lowercased = written.lowercased()
    if known.contains(lowercased) { return lowercased }
    let begun = known.filter { $0.hasPrefix(lowercased) && $0.utf8.count <= written.utf8.count + 2 }
    return begun.min { $0.utf8.count < $1.utf8.count } ?? nearest(to: written, in: known)
  }

  /// The arguments in parentheses; `nil` when one of them couldn't be read.
  mutating func arguments(of function: Function?) -> [Node]? {
    let opening = token
    guard enter() else { return nil }
    defer { leave() }
    advance()
    if take(.rightParenthesis) { return [] }
    var arguments: [Node] = []
    var isComplete = true
    var isBroken = false
    while true {
      allowsEmptySelector = function == .info && arguments.count == 1
      let argument = expression()
      allowsEmptySelector = false
      if let argument { arguments.append(argument) } else { isComplete = false }
      if token.kind != .comma, token.kind != .rightParenthesis, token.kind != .end {
        isComplete = false
        isBroken = true
        reportUnexpected("',' or ')'")
        skipToComma()
      }
      let comma = token
      guard take(.comma) else { break }
      if token.kind == .rightParenthesis {
        report("no argument follows the last comma", at: comma.range, fix: "remove the comma")
        isComplete = false
        break
      }
    }
    guard take(.rightParenthesis) else {
      if !isBroken { report("this '(' is never closed", at: opening.range, fix: "write ) behind the arguments") }
      return nil
    }
    return isComplete ? arguments : nil
  }

  private mutating func check(_ arguments: [Node], of function: Function, _ name: Token) {
    let signature = function.signature
    let required = signature.arguments.count - signature.optional
    let most = signature.repeats.map { signature.arguments.count + $0 }
    let whole = name.start..<lastEnd
    if arguments.count < required || arguments.count > most ?? .max {
      report(
        "\(function.rawValue) takes \(signature.countInWords), \(Self.here(arguments.count))", at: whole,
        fix: "write \(function.usage)")
    } else if arguments.count == 2, signature.arguments.count == 2, arguments[0].type != arguments[1].type,
      arguments[0].type == signature.arguments[1], arguments[1].type == signature.arguments[0]
    {
      let (first, second) = (shown(arguments[0].expr.range), shown(arguments[1].expr.range))
      report(
        "the arguments of \(function.rawValue) stand the other way round: it takes \(signature.arguments[0].withArticle)"
          + " and \(signature.arguments[1].withArticle)",
        at: arguments[0].expr.range.lowerBound..<arguments[1].expr.range.upperBound,
        fix: "write \(function.rawValue)(\(second), \(first))")
      return
    }
    for (index, argument) in arguments.enumerated() {
      guard index < signature.arguments.count || signature.repeats != 0, let last = signature.arguments.last else {
        break
      }
      let wanted = index < signature.arguments.count ? signature.arguments[index] : last
      if argument.type != wanted { reportType(argument, wanted, "\(function.rawValue) needs") }
    }
    if function == .info, arguments.count > 1 { checkInfo(arguments[1]) }
  }

  private static func here(_ count: Int) -> String {
    count == 0 ? "here is none" : count == 1 ? "here is one" : "here are \(count)"
  }

  private mutating func checkInfo(_ argument: Node) {
    if case .selector(let selector) = argument.expr.form {
      guard selector.name != nil else { return }
    } else if argument.type != .vector {
      return
    }
    report(
      "the second argument of info says only which labels to add, '\(shown(argument.expr.range))' is more than that",
      at: argument.expr.range, fix: "write matchers in braces without a metric: {label=~\".+\"}")
  }

  /// Says that `argument` is of another kind than what `needs` it.
  private mutating func reportType(_ argument: Node, _ wanted: ValueType, _ needs: String) {
    let text = shown(argument.expr.range)
    let quoted = argument.type == .string ? text : "'\(text)'"
    report(
      "\(needs) \(wanted.withArticle), \(quoted) is \(argument.type.withArticle)", at: argument.expr.range,
      fix: conversion(argument, wanted, text))
  }

  private func conversion(_ argument: Node, _ wanted: ValueType, _ text: String) -> String? {
    let isShown = !text.hasSuffix("…")
    switch (argument.type, wanted) {
    case (.vector, .matrix):
      guard isShown else { return "write a range behind it: [5m], or [5m:] unless it is a plain selector" }
      if case .selector = argument.expr.form { return "write \(withRange(argument.expr.range))" }
      return "write \(text)[5m:], a subquery"
    case (.matrix, .vector):
      if case .matrix = argument.expr.form { return "remove the range, or apply a function such as rate(…) first" }
      return "apply a function such as max_over_time(…) first"
    case (.scalar, .vector): return isShown ? "write vector(\(text))" : "put it into vector(…)"
    case (.vector, .scalar): return isShown ? "write scalar(\(text)), or a number" : "put it into scalar(…)"
    case (_, .string): return isShown ? "write \"\(text)\" in quotes if that is meant" : nil
    case (_, .scalar): return "write a number"
    default: return nil
    }
  }

  /// The selector at `range` with a range: in front of its modifiers.
  private func withRange(_ range: Range<Int>) -> String {
    var lexer = Lexer(lexer.text(range))
    var end = 0
    while true {
      let token = lexer.next()
      switch token.kind {
      case .end: return lexer.text(0..<lexer.end) + "[5m]"
      case .at, .keyword(.offset), .keyword(.anchored), .keyword(.smoothed):
        if token.start > 0 {
          return lexer.text(0..<end) + "[5m]" + lexer.text(end..<lexer.end)
        }
      default: break
      }
      end = token.end
    }
  }

  // MARK: Aggregations

  /// `sum by (a) (…)` or `sum(…) by (a)`, behind its name.
  mutating func aggregation(_ operation: AggregationOperator, _ name: Token) -> Node? {
    var clause = groupingClause()
    guard token.kind == .leftParenthesis else {
      reportUnexpected(
        "'(' and what \(operation.rawValue) combines", fix: "write \(operation.rawValue) by (label) (expression)")
      return nil
    }
    expectsLabelName = operation == .countValues
    let arguments = arguments(of: nil)
    expectsLabelName = false
    if token.kind == .keyword(.by) || token.kind == .keyword(.without) {
      let second = token
      let later = groupingClause()
      if clause != nil {
        report("the labels are given twice", at: second.start..<lastEnd, fix: "remove one of the two")
      }
      clause = clause ?? later
    }
    guard let arguments else { return nil }
    let whole = name.start..<lastEnd
    let wanted = operation.parameter == nil ? 1 : 2
    guard arguments.count == wanted, let inner = arguments.last else {
      report(
        "\(operation.rawValue) takes \(wanted == 1 ? "one argument" : "a parameter and an expression"), "
          + Self.here(arguments.count),
        at: whole, fix: "write \(operation.usage)")
      return nil
    }
    if inner.type != .vector { reportType(inner, .vector, "\(operation.rawValue) needs") }
    if let type = operation.parameter { checkParameter(arguments[0], type, operation) }
    return node(
      .aggregation(
        Aggregation(
          operation, parameter: wanted == 2 ? arguments[0].expr : nil, inner.expr,
          without: clause?.without ?? false, labels: clause?.labels ?? [])),
      at: whole, .vector, over: max(inner.depth, arguments[0].depth))
  }

  private mutating func checkParameter(_ parameter: Node, _ type: ValueType, _ operation: AggregationOperator) {
    if parameter.type != type {
      reportType(parameter, type, "\(operation.rawValue) needs, as its first argument,")
    } else if case .string(let label) = parameter.expr.form, label.isEmpty {
      report(
        "count_values needs the name of a label for the values, this one is empty", at: parameter.expr.range,
        fix: "write a name, such as \"version\"")
    }
  }

  private mutating func groupingClause() -> (without: Bool, labels: [String])? {
    guard token.kind == .keyword(.by) || token.kind == .keyword(.without) else { return nil }
    let without = token.kind == .keyword(.without)
    advance()
    return (without, labelList())
  }
}

extension Signature {
  /// `2 arguments`, `1 to 3 arguments`, `at least 2 arguments`.
  fileprivate var countInWords: String {
    let least = arguments.count - optional
    guard let repeats else { return "at least \(least) argument\(least == 1 ? "" : "s")" }
    let most = arguments.count + repeats
    if least != most { return "\(least) to \(most) arguments" }
    return most == 0 ? "no arguments" : most == 1 ? "1 argument" : "\(most) arguments"
  }
}

extension Function {
  /// The call with the kinds of its arguments in place of them, optional ones in brackets.
  fileprivate var usage: String {
    let signature = signature
    let least = signature.arguments.count - signature.optional
    var text = rawValue + "("
    for (index, type) in signature.arguments.enumerated() {
      let separator = index == 0 ? "" : ", "
      text += index < least ? separator + type.rawValue : "[" + separator + type.rawValue + "]"
    }
    return text + (signature.repeats == 0 ? ")" : ", …)")
  }
}

extension AggregationOperator {
  /// The aggregation with the kinds of its arguments in place of them.
  fileprivate var usage: String {
    rawValue + "(" + (parameter.map { $0.rawValue + ", " } ?? "") + "instant vector)"
  }
}
