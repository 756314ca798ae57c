extension Expr {
  /// The expression over as many lines as it takes to keep them within `width` characters, indented by two spaces each
  /// level; what can't be broken may be longer.
  package func pretty(width: Int = 100) -> String {
    var printer = PrettyPrinter(width: width)
    printer.write(self, level: 0)
    return printer.text
  }
}

/// Breaks what is too long for a line at its parentheses and operators.
private struct PrettyPrinter {
  let width: Int
  var text = ""

  mutating func write(_ expr: Expr, level: Int) {
    if !expr.hasMoreNodes(than: width) {
      let line = expr.description
      if level * 2 + line.utf8.count <= width { return write(line, level: level) }
    }
    writeBroken(expr, level: level)
  }

  private mutating func writeBroken(_ expr: Expr, level: Int) {
    switch expr.form {
    case .number, .string, .selector, .matrix: write(expr.description, level: level)
    case .subquery(let subquery):
      if subquery.inner.isLooserThanSuffixes {
        writeInParentheses(subquery.inner, level: level)
      } else {
        writeBroken(subquery.inner, level: level)
      }
      text += subquery.suffix
    case .call(let call): write(call.function.rawValue, expr.children, level: level)
    case .aggregation(let aggregation): write(aggregation.head, expr.children, level: level)
    case .negation(let inner), .plus(let inner):
      write(expr.sign, level: level)
      if inner.isLooserThanSigns { writeBlock([inner], level: level) } else { writeBehind(inner, level: level) }
    case .parenthesised(let inner): writeInParentheses(inner, level: level)
    case .binary(let binary):
      writeSide(binary.left, inParentheses: binary.leftNeedsParentheses, level: level + 1)
      text += "\n"
      write(binary.head, level: level)
      text += "\n"
      writeSide(binary.right, inParentheses: binary.rightNeedsParentheses, level: level + 1)
    }
  }

  private mutating func write(_ line: String, level: Int) {
    indent(level)
    text += line
  }

  private mutating func indent(_ level: Int) {
    text += String(repeating: "  ", count: level)
  }

  private mutating func write(_ head: String, _ arguments: [Expr], level: Int) {
    indent(level)
    text += head
    writeBlock(arguments, level: level)
  }

  /// In parentheses, each on lines of its own.
  private mutating func writeBlock(_ expressions: [Expr], level: Int) {
    text += "(\n"
    for (index, expression) in expressions.enumerated() {
      if index > 0 { text += ",\n" }
      write(expression, level: level + 1)
    }
    text += "\n"
    indent(level)
    text += ")"
  }

  private mutating func writeInParentheses(_ inner: Expr, level: Int) {
    indent(level)
    writeBlock([inner], level: level)
  }

  private mutating func writeSide(_ side: Expr, inParentheses: Bool, level: Int) {
    if inParentheses { writeInParentheses(side, level: level) } else { write(side, level: level) }
  }

  /// Behind a sign, on its line.
  private mutating func writeBehind(_ inner: Expr, level: Int) {
    var printer = PrettyPrinter(width: width)
    printer.write(inner, level: level)
    text += String(printer.text.drop { $0 == " " })
  }
}

extension Expr {
  /// Whether there are so many nodes that they can't stand on a line of `limit` characters.
  fileprivate func hasMoreNodes(than limit: Int) -> Bool {
    var left = limit
    countDown(&left)
    return left < 0
  }

  private func countDown(_ left: inout Int) {
    left -= 1
    for child in children where left >= 0 { child.countDown(&left) }
  }
}
