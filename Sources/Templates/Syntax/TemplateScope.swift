/// The variables that are declared where the parser stands.
///
/// A class so that parser and pipeline reader share one without copying; it never leaves the parse.
final class TemplateScope {
  /// What was declared at some place, to come back to.
  struct Mark {
    fileprivate var declared: [Int]
    fileprivate var counts: [Int: Int]
  }

  /// Numbers by name, of all variables of the template.
  private var numbers: [String: Int] = ["$": TemplateVariable.root]
  private var names = ["$"]
  /// The declarations in force, in their order, and how often each variable is among them.
  private var declared: [Int] = [TemplateVariable.root]
  private var counts: [Int: Int] = [TemplateVariable.root: 1]
  private let predefined: Set<String>

  /// `predefined` are declared at the start, numbered in their order from 1.
  init(predefined: [String]) {
    self.predefined = Set(predefined)
    for name in predefined { declare(name) }
  }

  /// How many declarations are in force.
  var depth: Int { declared.count }

  /// Ends the declarations behind the first `depth`.
  func restore(_ depth: Int) {
    while declared.count > depth, let number = declared.popLast() { counts[number, default: 1] -= 1 }
  }

  /// Begins a `define` or `block`, where only `$` is known; what was known is given back by ``leave(_:)``.
  func enter() -> Mark {
    let mark = Mark(declared: declared, counts: counts)
    declared = [TemplateVariable.root]
    counts = [TemplateVariable.root: 1]
    return mark
  }

  func leave(_ mark: Mark) {
    declared = mark.declared
    counts = mark.counts
  }

  /// Declares a variable from here on.
  func declare(_ name: String) {
    let number = number(name)
    declared.append(number)
    counts[number, default: 0] += 1
  }

  func number(_ name: String) -> Int {
    if let number = numbers[name] { return number }
    let number = names.count
    numbers[name] = number
    names.append(name)
    return number
  }

  func isDeclared(_ name: String) -> Bool {
    guard let number = numbers[name] else { return false }
    return counts[number] ?? 0 > 0
  }

  /// What to tell about a variable that isn't declared.
  func problem(_ name: String) -> TemplateSyntaxError.Problem {
    if predefined.contains(name) { return .hiddenVariable(name) }
    let candidates = names.filter { $0 != "$" && isDeclared($0) }
    return .undefinedVariable(name, suggestion: nearest(to: name, among: candidates))
  }
}
