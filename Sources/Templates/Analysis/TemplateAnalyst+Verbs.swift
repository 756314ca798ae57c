/// The verbs of `printf` against the values that they are to print.
extension TemplateAnalyst {
  /// Tells of verbs without value, values without verb, and verbs that the value doesn't have.
  ///
  /// Go prints such faults into the text (`%!d(float64=1.5)`) where nobody looks before the page goes out.
  mutating func checkVerbs(_ arguments: [Argument], at offset: Int) {
    guard case .text(let format?)? = arguments.first?.shape, let verbs = PrintfVerbs(format)?.letters else { return }
    let values = arguments.dropFirst()
    guard verbs.count == values.count else {
      let surplus = verbs.count > values.count ? "prints '%!\(verbs[values.count])(MISSING)'" : "prints '%!(EXTRA …)'"
      return tell(
        TemplateFinding(
          .verb, at: arguments[0].offset,
          "the format has \(Self.count(verbs.count, "verb")) for \(Self.count(values.count, "value")), and \(surplus); '%%' prints a percent sign"
        ))
    }
    for (verb, value) in zip(verbs, values) where Self.misfits(verb, value.shape) {
      let type = value.shape.typeName ?? "value"
      let isFloat = value.shape == .float
      tell(
        TemplateFinding(
          .verb, at: arguments[0].offset,
          "'%\(verb)' can't print \(value.written), \(type == "int" ? "an" : "a") \(type): it prints '%!\(verb)(\(type)=…)'",
          fix: isFloat ? "use '%.0f', '%g' or '%v'" : "use '%v'"))
    }
  }

  private static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }

  private static func misfits(_ verb: Character, _ shape: TemplateShape) -> Bool {
    switch shape {
    case .float: !"vTeEfFgGxXb".contains(verb)
    case .integer: !"vTbcdoOqxXU".contains(verb)
    case .text: !"vTsqxX".contains(verb)
    case .bool: !"vTt".contains(verb)
    default: false
    }
  }
}

/// The verbs of a format in which each takes the next value.
private struct PrintfVerbs {
  private(set) var letters: [Character] = []

  /// `nil` for formats with `*` or indexes, which take values otherwise.
  init?(_ format: String) {
    var rest = format[...]
    while let percent = rest.firstIndex(of: "%") {
      rest = rest[rest.index(after: percent)...].drop { "+-# 0123456789.".contains($0) }
      guard let verb = rest.first, verb != "*", verb != "[" else { return nil }
      if verb != "%" { letters.append(verb) }
      rest = rest.dropFirst()
    }
  }
}
