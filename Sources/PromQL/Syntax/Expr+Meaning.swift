import Model

extension Expr {
  /// A hash over what the expression means, the same on every run: parentheses, unary plus, the spelling of numbers and
  /// durations, and the order of matchers and of grouping labels make no difference.
  package var meaning: UInt64 {
    var hash = FNV1a()
    combine(into: &hash)
    return hash.value
  }

  private func combine(into hash: inout FNV1a) {
    switch form {
    case .number(let number):
      hash.combine(byte: 1)
      hash.combine(number: number)
    case .string(let text):
      hash.combine(byte: 2)
      hash.combine(word: text)
    case .selector(let selector):
      hash.combine(byte: 3)
      selector.combine(into: &hash)
    case .matrix(let matrix):
      hash.combine(byte: 4)
      matrix.selector.combine(into: &hash)
      matrix.window.combine(into: &hash)
    case .subquery(let subquery):
      hash.combine(byte: 5)
      subquery.inner.combine(into: &hash)
      subquery.window.combine(into: &hash)
      if let step = subquery.step { step.combine(into: &hash) } else { hash.combine(byte: 0) }
      subquery.modifiers.combine(into: &hash)
    case .call(let call):
      hash.combine(byte: 6)
      hash.combine(word: call.function.rawValue)
      hash.combine(UInt64(call.arguments.count))
      for argument in call.arguments { argument.combine(into: &hash) }
    case .aggregation(let aggregation): aggregation.combine(into: &hash)
    case .negation(let inner):
      hash.combine(byte: 8)
      inner.combine(into: &hash)
    case .plus(let inner), .parenthesised(let inner): inner.combine(into: &hash)
    case .binary(let binary):
      hash.combine(byte: 9)
      binary.combine(into: &hash)
      binary.left.combine(into: &hash)
      binary.right.combine(into: &hash)
    }
  }

  fileprivate func combineInner(into hash: inout FNV1a) { combine(into: &hash) }
}

extension FNV1a {
  /// Combines `text` and its end.
  fileprivate mutating func combine(word text: String) {
    combine(text)
    combine(byte: 0xff)
  }

  fileprivate mutating func combine(number: NumberLiteral?) {
    guard let number else { return combine(byte: 0) }
    combine(byte: 1)
    combine(number.value.bitPattern)
  }

  fileprivate mutating func combine(labels: [String]) {
    combine(UInt64(labels.count))
    for label in labels.sorted(by: { $0.precedesInBytes($1) }) { combine(word: label) }
  }
}

extension Selector {
  fileprivate func combine(into hash: inout FNV1a) {
    hash.combine(UInt64(matchers.count + (name == nil ? 0 : 1)))
    for matcher in allMatchers.sorted() {
      hash.combine(word: matcher.name)
      hash.combine(word: matcher.operation.rawValue)
      hash.combine(word: matcher.value)
    }
    modifiers.combine(into: &hash)
    hash.combine(word: rangeExtension?.rawValue ?? "")
  }
}

extension TimeModifiers {
  fileprivate func combine(into hash: inout FNV1a) {
    if let offset, offset.constantSeconds != 0 { offset.combine(into: &hash) } else { hash.combine(byte: 0) }
    switch at {
    case nil: hash.combine(byte: 0)
    case .start: hash.combine(byte: 1)
    case .end: hash.combine(byte: 2)
    case .time(let time):
      hash.combine(byte: 3)
      hash.combine(UInt64(bitPattern: time.millisecondsSinceEpoch))
    }
  }
}

extension DurationExpr {
  fileprivate func combine(into hash: inout FNV1a) {
    if let constantSeconds {
      hash.combine(byte: 1)
      hash.combine(constantSeconds.bitPattern)
      return
    }
    switch form {
    case .literal: break
    case .step: hash.combine(byte: 2)
    case .range: hash.combine(byte: 3)
    case .negation(let inner):
      hash.combine(byte: 4)
      inner.combine(into: &hash)
    case .plus(let inner), .parenthesised(let inner): inner.combine(into: &hash)
    case .binary(let operation, let left, let right): combine(&hash, operation.rawValue, left, right)
    case .min(let left, let right): combine(&hash, "min_of", left, right)
    case .max(let left, let right): combine(&hash, "max_of", left, right)
    }
  }

  private func combine(_ hash: inout FNV1a, _ name: String, _ left: DurationExpr, _ right: DurationExpr) {
    hash.combine(byte: 5)
    hash.combine(word: name)
    left.combine(into: &hash)
    right.combine(into: &hash)
  }
}

extension Aggregation {
  fileprivate func combine(into hash: inout FNV1a) {
    hash.combine(byte: 7)
    hash.combine(word: operation.rawValue)
    hash.combine(byte: without ? 1 : 0)
    hash.combine(labels: labels)
    parameter?.combineInner(into: &hash)
    inner.combineInner(into: &hash)
  }
}

extension Binary {
  /// All but the two sides.
  fileprivate func combine(into hash: inout FNV1a) {
    hash.combine(word: operation.rawValue)
    hash.combine(byte: returnsBool ? 1 : 0)
    guard let matching else { return hash.combine(byte: 0) }
    switch matching.cardinality {
    case .oneToOne: hash.combine(byte: 1)
    case .manyToOne: hash.combine(byte: 2)
    case .oneToMany: hash.combine(byte: 3)
    case .manyToMany: hash.combine(byte: 4)
    }
    hash.combine(byte: matching.on ? 1 : 0)
    hash.combine(labels: matching.labels)
    hash.combine(labels: matching.include)
    hash.combine(number: matching.fillLeft)
    hash.combine(number: matching.fillRight)
  }
}
