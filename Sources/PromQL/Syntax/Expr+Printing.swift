import Model

extension Expr: CustomStringConvertible {
  /// The expression in one line, as near to Prometheus's `String()` as reading it back to an equal one allows.
  package var description: String {
    var text = ""
    write(to: &text)
    return text
  }

  /// Appends ``description`` to `text`.
  func write(to text: inout String) {
    switch form {
    case .number(let number): text += number.text
    case .string(let string): text += string.quotedAsGo
    case .selector(let selector):
      selector.write(to: &text)
      text += selector.modifiers.atText
      text += selector.extensionText
      text += selector.modifiers.offsetText
    case .matrix(let matrix):
      matrix.selector.write(to: &text)
      text += "[\(matrix.window)]\(matrix.selector.extensionText)"
      text += matrix.selector.modifiers.atText
      text += matrix.selector.modifiers.offsetText
    case .subquery(let subquery):
      subquery.inner.write(to: &text, inParentheses: subquery.inner.isLooserThanSuffixes)
      text += subquery.suffix
    case .call(let call):
      text += call.function.rawValue
      Self.write(call.arguments, to: &text)
    case .aggregation(let aggregation):
      text += aggregation.head
      Self.write(children, to: &text)
    case .negation(let inner), .plus(let inner):
      text += sign
      inner.write(to: &text, inParentheses: inner.isLooserThanSigns)
    case .parenthesised(let inner): inner.write(to: &text, inParentheses: true)
    case .binary(let binary):
      binary.left.write(to: &text, inParentheses: binary.leftNeedsParentheses)
      text += " \(binary.head) "
      binary.right.write(to: &text, inParentheses: binary.rightNeedsParentheses)
    }
  }

  func write(to text: inout String, inParentheses: Bool) {
    if inParentheses { text += "(" }
    write(to: &text)
    if inParentheses { text += ")" }
  }

  private static func write(_ arguments: [Expr], to text: inout String) {
    text += "("
    for (index, argument) in arguments.enumerated() {
      if index > 0 { text += ", " }
      argument.write(to: &text)
    }
    text += ")"
  }

  /// `-` or `+` of a node that has one.
  var sign: String {
    if case .negation = form { return "-" }
    return "+"
  }

  /// Whether a range, `offset` or `@` behind it would belong to a part of it only.
  var isLooserThanSuffixes: Bool {
    switch form {
    case .negation, .plus, .binary: true
    case .number(let number): number.value.sign == .minus
    default: false
    }
  }

  var isLooserThanSigns: Bool {
    if case .binary(let binary) = form { return binary.operation != .power }
    return false
  }
}

extension Selector {
  /// Name and matchers, without modifiers.
  fileprivate func write(to text: inout String) {
    var isFirst = true
    if let name, !name.needsQuotesAsMetric {
      text += name
      guard !matchers.isEmpty else { return }
      text += "{"
    } else {
      text += "{"
      if let name {
        text += name.quotedAsGo
        isFirst = false
      }
    }
    for matcher in matchers {
      if !isFirst { text += "," }
      isFirst = false
      let name = matcher.matcher.name
      text += name.isPlainName(colons: false) ? name : name.quotedAsGo
      text += matcher.matcher.operation.rawValue
      text += matcher.matcher.value.quotedAsGo
    }
    text += "}"
  }

  fileprivate var extensionText: String { rangeExtension.map { " " + $0.rawValue } ?? "" }
}

extension TimeModifiers {
  fileprivate var offsetText: String {
    guard let offset else { return "" }
    return switch offset.form {
    case .binary: " offset (\(offset))"
    default: " offset \(offset)"
    }
  }

  fileprivate var atText: String {
    switch at {
    case nil: ""
    case .start: " @ start()"
    case .end: " @ end()"
    case .time(let time): " @ " + time.inSecondsText
    }
  }
}

extension Subquery {
  /// The brackets and what follows them.
  var suffix: String {
    "[\(window):\(step?.description ?? "")]\(modifiers.atText)\(modifiers.offsetText)"
  }
}

extension Aggregation {
  /// `sum by (a, b) `, with the space before a parenthesis that Prometheus prints, or `sum`.
  var head: String {
    guard without || !labels.isEmpty else { return operation.rawValue }
    return "\(operation.rawValue) \(without ? "without" : "by") (\(labels.listed)) "
  }
}

extension Binary {
  /// The operator with its modifiers.
  var head: String {
    var text = operation.rawValue
    if returnsBool { text += " bool" }
    guard let matching else { return text }
    let isGrouped = matching.cardinality == .manyToOne || matching.cardinality == .oneToMany
    if matching.on || !matching.labels.isEmpty || isGrouped {
      text += " \(matching.on ? "on" : "ignoring") (\(matching.labels.listed))"
    }
    if isGrouped {
      text += " \(matching.cardinality == .manyToOne ? "group_left" : "group_right") (\(matching.include.listed))"
    }
    if let left = matching.fillLeft, left == matching.fillRight { return text + " fill (\(left.text))" }
    if let left = matching.fillLeft { text += " fill_left (\(left.text))" }
    if let right = matching.fillRight { text += " fill_right (\(right.text))" }
    return text
  }

  var leftNeedsParentheses: Bool {
    switch left.form {
    case .binary(let inner):
      inner.operation.precedence < operation.precedence || (operation == .power && inner.operation == .power)
    case .negation, .plus: operation == .power
    case .number(let number): operation == .power && (number.value.sign == .minus)
    default: false
    }
  }

  var rightNeedsParentheses: Bool {
    guard case .binary(let inner) = right.form else { return false }
    return inner.operation.precedence < operation.precedence
      || (inner.operation.precedence == operation.precedence && operation != .power)
  }
}

extension [String] {
  /// Labels with commas between them.
  fileprivate var listed: String { map(\.asListedLabel).joined(separator: ", ") }
}

extension DurationExpr: CustomStringConvertible {
  package var description: String {
    switch form {
    case .literal(let number): number.text
    case .step: "step()"
    case .range: "range()"
    case .negation(let inner): "-" + inner.description(inParentheses: inner.isSum)
    case .plus(let inner): "+" + inner.description(inParentheses: inner.isSum)
    case .binary(let operation, let left, let right):
      left.description(inParentheses: left.isLooser(than: operation, orEqual: operation == .power)) + " "
        + operation.rawValue + " "
        + right.description(inParentheses: right.isLooser(than: operation, orEqual: operation != .power))
    case .min(let left, let right): "min_of(\(left), \(right))"
    case .max(let left, let right): "max_of(\(left), \(right))"
    case .parenthesised(let inner): "(\(inner))"
    }
  }

  private func description(inParentheses: Bool) -> String { inParentheses ? "(\(self))" : description }

  private var isSum: Bool {
    if case .binary(let operation, _, _) = form { return operation != .power }
    return false
  }

  private func isLooser(than operation: BinaryOperator, orEqual: Bool) -> Bool {
    switch form {
    case .binary(let own, _, _):
      own.precedence < operation.precedence || (orEqual && own.precedence == operation.precedence)
    // A sign in front of a power belongs to the whole power.
    case .negation, .plus: operation == .power && orEqual
    case .literal(let number): operation == .power && orEqual && number.value.sign == .minus
    default: false
    }
  }
}
