/// The variables that are declared where the parser stands.
///
/// A class so that parser and pipeline reader share one without copying; it never leaves the parse.
final class TemplateScope {
  /// What was declared at some place, to come back to.
  struct Mark {
    fileprivate var declared: [Int]
    fileprivate var counts: [Int: Int]
    fileprivate var knowsPredefined: Bool
  }

  /// Numbered in their order from 1; `$` is 0.
  private let predefined: [(name: String, field: String)]
  /// Whether ``predefined`` are in force: they are but within definitions.
  private var knowsPredefined = true
  /// The template's own variables, which are numbered from behind ``predefined``: numbers by name, and their names.
  private var numbers: [String: Int] = [:]
  private var names: [String] = []
  /// The template's declarations in force, in their order, and how often each variable is among them.
  private var declared: [Int] = []
  private var counts: [Int: Int] = [:]

  /// `predefined` are declared at the start, numbered in their order from 1.
  init(predefined: [(name: String, field: String)]) {
    self.predefined = predefined
  }

  /// How many declarations are in force.
  var depth: Int { declared.count }

  /// Ends the declarations behind the first `depth`.
  func restore(_ depth: Int) {
    while declared.count > depth, let number = declared.popLast() { counts[number, default: 1] -= 1 }
  }

  /// Begins a `define` or `block`, where only `$` is known; what was known is given back by ``leave(_:)``.
  func enter() -> Mark {
    let mark = Mark(declared: declared, counts: counts, knowsPredefined: knowsPredefined)
    declared = []
    counts = [:]
    knowsPredefined = false
    return mark
  }

  func leave(_ mark: Mark) {
    declared = mark.declared
    counts = mark.counts
    knowsPredefined = mark.knowsPredefined
  }

  /// Declares a variable from here on.
  func declare(_ name: String) {
    let number = number(name)
    declared.append(number)
    counts[number, default: 0] += 1
  }

  func number(_ name: String) -> Int {
    if let number = known(name) { return number }
    let number = 1 + predefined.count + names.count
    numbers[name] = number
    names.append(name)
    return number
  }

  /// The number of a variable whose name has come up.
  private func known(_ name: String) -> Int? {
    if name == "$" { return TemplateVariable.root }
    if let index = predefined.firstIndex(where: { $0.name == name }) { return index + 1 }
    return numbers.isEmpty ? nil : numbers[name]
  }

  /// The number of a variable that is declared here; `nil` where it isn't.
  func declaredNumber(_ name: String) -> Int? {
    guard let number = known(name) else { return nil }
    if number == TemplateVariable.root || (knowsPredefined && number <= predefined.count) { return number }
    return counts[number] ?? 0 > 0 ? number : nil
  }

  /// What to tell about a variable that isn't declared.
  func problem(_ name: String) -> TemplateSyntaxError.Problem {
    if predefined.contains(where: { $0.name == name }) { return .hiddenVariable(name) }
    let candidates = (predefined.map(\.name) + names).filter { declaredNumber($0) != nil }
    return .undefinedVariable(name, suggestion: nearest(to: name, among: candidates))
  }
}
