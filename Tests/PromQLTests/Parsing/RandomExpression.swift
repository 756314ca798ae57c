import Model
import TestKit

@testable import PromQL

/// Makes trees as the parser makes them, of every form.
struct RandomExpression {
  var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  mutating func expression(_ depth: Int = 4) -> Expr {
    expression(pick([.vector, .vector, .vector, .scalar, .matrix, .string]), depth)
  }

  mutating func expression(_ type: ValueType, _ depth: Int) -> Expr {
    switch type {
    case .string: return Expr(.string(word()))
    case .scalar: return scalar(depth)
    case .vector: return vector(depth)
    case .matrix: return matrix(depth)
    }
  }

  private mutating func chance(_ of: Int) -> Bool { Int.random(in: 0..<of, using: &random) == 0 }

  private mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
    choices[Int.random(in: 0..<choices.count, using: &random)]
  }

  private mutating func word() -> String {
    pick(["", "a", "job", "a.b", "μ", "\"", "\\d+\n", "`x'", "\u{7f}\u{1}", "sum", "a:b", "😀 x", "inf", "without"])
  }

  private mutating func number() -> NumberLiteral {
    if chance(4) { return NumberLiteral(pick([0, 0.001, 1, 300, 5400, -60, 31_536_000, 12.5]), isDuration: true) }
    return NumberLiteral(
      pick([
        0, -0.0, 1, 0.5, 15, 1e300, -1e-7, 1.5e21, 123_456_789.125, .infinity, -.infinity, .nan, .pi,
        .leastNonzeroMagnitude, 1e15,
      ]))
  }

  private mutating func scalar(_ depth: Int) -> Expr {
    guard depth > 0 else { return Expr(.number(number())) }
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return Expr(.parenthesised(scalar(depth - 1)))
    case 1: return signed(scalar(depth - 1))
    case 2: return binary(scalar(depth - 1), scalar(depth - 1), matching: nil)
    case 3: return call(pick(Function.allCases.filter { $0.signature.result == .scalar }), depth)
    default: return Expr(.number(number()))
    }
  }

  private mutating func signed(_ inner: Expr) -> Expr {
    if case .number = inner.form { return inner }
    let operand = inner.isLooserThanSigns ? Expr(.parenthesised(inner)) : inner
    return Expr(chance(2) ? .negation(operand) : .plus(operand))
  }

  private mutating func vector(_ depth: Int) -> Expr {
    guard depth > 0 else { return Expr(.selector(selector())) }
    switch Int.random(in: 0..<9, using: &random) {
    case 0: return Expr(.parenthesised(vector(depth - 1)))
    case 1: return signed(vector(depth - 1))
    case 2, 3: return call(pick(Function.allCases.filter { $0.signature.result == .vector }), depth)
    case 4, 5: return aggregation(depth)
    case 6:
      let scalar = scalar(depth - 1)
      let vector = vector(depth - 1)
      return chance(2) ? binary(scalar, vector, matching: nil) : binary(vector, scalar, matching: nil)
    case 7: return binary(vector(depth - 1), vector(depth - 1), matching: matching())
    default: return Expr(.selector(selector()))
    }
  }

  private mutating func binary(_ left: Expr, _ right: Expr, matching: VectorMatching?) -> Expr {
    var operation = pick(BinaryOperator.allCases)
    if operation.isSet, matching == nil { operation = .add }
    var matching = matching
    if operation.isSet {
      matching?.cardinality = .manyToMany
      matching?.include = []
      matching?.fillLeft = nil
      matching?.fillRight = nil
    }
    let areScalars = left.type == .scalar && right.type == .scalar
    var binary = Binary(
      operation, left, right, returnsBool: operation.isComparison && (areScalars || chance(3)), matching: matching)
    if binary.leftNeedsParentheses { binary.left = Expr(.parenthesised(left)) }
    if binary.rightNeedsParentheses { binary.right = Expr(.parenthesised(right)) }
    return Expr(.binary(binary))
  }

  private mutating func matching() -> VectorMatching {
    var matching = VectorMatching()
    if chance(2) {
      matching.on = chance(2)
      if matching.on || chance(2) { matching.labels = labels().filter { $0 != "include" } }
      if chance(2) {
        matching.cardinality = chance(2) ? .manyToOne : .oneToMany
        if chance(2) { matching.include = ["include", "without"] }
        matching.labels.removeAll { $0 == "without" }
      }
    }
    if chance(4) { matching.fillLeft = number() }
    if chance(4) { matching.fillRight = chance(2) ? matching.fillLeft : number() }
    return matching
  }

  private mutating func labels() -> [String] {
    (0..<Int.random(in: 0...3, using: &random)).map { _ in word() }.filter { !$0.isEmpty }
  }

  private mutating func call(_ function: Function, _ depth: Int) -> Expr {
    let signature = function.signature
    var types = signature.arguments
    if signature.optional > 0, chance(2) {
      types.removeLast()
    } else if signature.repeats != 0, let last = types.last, chance(2) {
      types += [last, last]
    }
    var arguments = types.map { expression($0, depth - 1) }
    if function == .info, arguments.count > 1 {
      arguments[1] = Expr(.selector(Selector(matchers: [matcher()])))
    }
    return Expr(.call(Call(function, arguments)))
  }

  private mutating func aggregation(_ depth: Int) -> Expr {
    let operation = pick(AggregationOperator.allCases)
    let parameter = operation.parameter.map {
      $0 == .string ? Expr(.string("version")) : expression($0, depth - 1)
    }
    let without = chance(2)
    return Expr(
      .aggregation(
        Aggregation(operation, parameter: parameter, vector(depth - 1), without: without, labels: labels())))
  }

  private mutating func matrix(_ depth: Int) -> Expr {
    if depth > 0, chance(2) {
      var inner = vector(depth - 1)
      if inner.isLooserThanSuffixes { inner = Expr(.parenthesised(inner)) }
      return Expr(
        .subquery(
          Subquery(inner, window: window(), step: chance(2) ? window() : nil, modifiers: modifiers())))
    }
    return Expr(.matrix(MatrixSelector(selector(), window: window())))
  }

  private mutating func selector() -> Selector {
    var selector = Selector(modifiers: modifiers())
    if chance(5) { selector.rangeExtension = chance(2) ? .anchored : .smoothed }
    selector.name =
      chance(4) ? nil : pick(["up", "a:b", "my.metric", "sum", "by", "on", "offset", "and", "NaN", "end"])
    if selector.name == nil || chance(2) { selector.matchers = [matcher()] }
    if chance(3) {
      selector.matchers.append(SelectorMatcher((try? Matcher("b", .matches, "x|.*y")) ?? Matcher("b", equals: "x")))
    }
    return selector
  }

  private mutating func matcher() -> SelectorMatcher {
    SelectorMatcher(
      (try? Matcher(pick(["a", "on", "le", "a.b", "inf"]), .equal, word() + "x")) ?? .init("a", equals: "b"))
  }

  private mutating func modifiers() -> TimeModifiers {
    var modifiers = TimeModifiers()
    if chance(4) { modifiers.offset = offset() }
    if chance(4) {
      modifiers.at = pick([
        .start, .end, .time(Timestamp(millisecondsSinceEpoch: pick([0, -1500, 1_700_000_000_001]))),
      ])
    }
    return modifiers
  }

  private mutating func offset() -> DurationExpr {
    let primary = DurationExpr(
      pick([.step, .range, .min(window(), duration()), .max(duration(), window()), .parenthesised(duration())]))
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return primary
    case 1: return DurationExpr(chance(2) ? .negation(primary) : .plus(primary))
    default: return DurationExpr(.literal(NumberLiteral(pick([300, -300, 0, 0.5, 90_061]), isDuration: true)))
    }
  }

  /// One that is positive, as far as it shows.
  private mutating func window() -> DurationExpr {
    if chance(4) {
      let sum = DurationExpr(.binary(pick([.add, .multiply, .power]), duration(), duration()))
      return chance(2) ? sum : DurationExpr(.parenthesised(sum))
    }
    return DurationExpr(.literal(NumberLiteral(pick([60, 300, 0.001, 3600, 604_800, 90_061]), isDuration: true)))
  }

  /// One that any operator may stand beside.
  private mutating func duration() -> DurationExpr {
    switch Int.random(in: 0..<5, using: &random) {
    case 0: DurationExpr(.step)
    case 1: DurationExpr(.literal(NumberLiteral(pick([1, 2, 0.5]))))
    case 2: DurationExpr(.parenthesised(DurationExpr(.negation(DurationExpr(.range)))))
    default: DurationExpr(.literal(NumberLiteral(300, isDuration: true)))
    }
  }
}
