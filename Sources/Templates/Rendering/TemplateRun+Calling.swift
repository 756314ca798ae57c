import Model

/// Functions and their arguments.
extension TemplateRun {
  /// What a function or method is called with.
  struct Call {
    var arguments: ArraySlice<TemplateOperand> = []
    var piped: TemplateValue?
    /// The whole command; `nil` for a call without arguments among others' arguments.
    var command: TemplateCommand?

    var count: Int { arguments.count + (piped == nil ? 0 : 1) }

    var isEmpty: Bool { count == 0 }
  }

  mutating func call(
    _ function: TemplateFunction, _ name: TemplateOperand, _ call: Call, dot: TemplateValue
  ) throws(TemplateStop) -> TemplateValue {
    if function == .and || function == .or { return try decide(function, name, call, dot: dot) }
    let arguments = try arguments(function.signature, of: function.name, name, call, dot: dot)
    switch function {
    case .query: return try ask(arguments, name, call)
    case .call:
      let words =
        if case .none? = arguments.first { "call of nil" } else {
          "non-function \(call.arguments.first?.written ?? "") of type \(arguments[0].typeName)"
        }
      throw failure(.function(words), of: function.name, name, call)
    default: break
    }
    // A pattern that isn't written out is compiled for each call, which takes long.
    let compiles = (function == .match || function == .reReplaceAll) && call.command?.pattern == nil
    try step(name, bytes: function.isInstant ? 0 : arguments.lazy.map(\.size).reduce(compiles ? 64_000 : 0, +))
    let value: TemplateValue
    do throws(TemplateCallError) {
      value = try function.call(arguments, pattern: call.command?.pattern, in: scene, limit: scene.limits.bytes)
      try checkLength(value)
    } catch {
      throw failure(error, of: function.name, name, call)
    }
    try step(name, bytes: value.size)
    return value
  }

  /// `and` and `or`: arguments behind the one that decides are not evaluated.
  private mutating func decide(
    _ function: TemplateFunction, _ name: TemplateOperand, _ call: Call, dot: TemplateValue
  ) throws(TemplateStop) -> TemplateValue {
    guard !call.isEmpty else {
      throw failure(at: name, "wrong number of args for \(function.name): want at least 1 got 0")
    }
    var value = TemplateValue.none
    for operand in call.arguments {
      value = try argument(operand, .any, dot: dot)
      if value.isTrue == (function == .or) { return value }
    }
    return call.piped ?? value
  }

  private mutating func ask(
    _ arguments: [TemplateValue], _ name: TemplateOperand, _ call: Call
  ) throws(TemplateStop) -> TemplateValue {
    guard case .string(let text)? = arguments.first else { return .none }
    switch scene.answers[text] {
    case .samples(let samples):
      try step(name, bytes: samples.count * 64)
      return .list(.samples(samples))
    case .failed(let words): throw failure(.function(words), of: "query", name, call)
    case nil: throw .needs(text)
    }
  }

  /// The arguments of a call, each of the kind that the signature wants.
  mutating func arguments(
    _ signature: TemplateSignature, of name: String, _ operand: TemplateOperand, _ call: Call, dot: TemplateValue
  ) throws(TemplateStop) -> [TemplateValue] {
    if let complaint = signature.complaint(about: call.count) {
      throw failure(at: operand, "wrong number of args for \(name): \(complaint)")
    }
    var arguments: [TemplateValue] = []
    arguments.reserveCapacity(call.count)
    for argument in call.arguments {
      arguments.append(try self.argument(argument, signature.kind(at: arguments.count) ?? .any, dot: dot))
    }
    if let piped = call.piped {
      let kind = signature.kind(at: arguments.count) ?? .any
      arguments.append(try validated(piped, kind, call.arguments.last ?? operand))
    }
    return arguments
  }

  private mutating func argument(
    _ operand: TemplateOperand, _ kind: TemplateSignature.Kind, dot: TemplateValue
  ) throws(TemplateStop) -> TemplateValue {
    let value = try evaluate(operand, dot: dot)
    guard operand.isLiteral else { return try validated(value, kind, operand) }
    if let argument = value.argument(kind) { return argument }
    if case .none = value { throw failure(at: operand, "cannot assign nil to \(kind.goName)") }
    throw failure(
      at: operand,
      kind == .text
        ? "expected string; found \(operand.written)"
        : "can't handle \(operand.written) for arg of type \(kind.goName)")
  }

  private func validated(
    _ value: TemplateValue, _ kind: TemplateSignature.Kind, _ operand: TemplateOperand
  ) throws(TemplateStop) -> TemplateValue {
    if let argument = value.argument(kind) { return argument }
    if case .none = value { throw failure(at: operand, "invalid value; expected \(kind.goName)") }
    throw failure(at: operand, "wrong type for value; expected \(kind.goName); got \(value.typeName)")
  }

  /// A call's error, at the place that Go would name.
  func failure(
    _ error: TemplateCallError, of name: String, _ operand: TemplateOperand, _ call: Call
  ) -> TemplateStop {
    let message =
      switch error {
      case .function(let words): words
      case .tooLong(let limit): "the text is longer than \(limit) bytes"
      }
    // A function names the whole command, a method only itself.
    let command = operand.path.isEmpty ? call.command : nil
    return failure(
      "error calling \(name): \(message)", at: command?.offset ?? operand.offset,
      context: command?.description ?? operand.written)
  }

  private func checkLength(_ value: TemplateValue) throws(TemplateCallError) {
    guard case .string(let text) = value, text.utf8.count > scene.limits.bytes else { return }
    throw .tooLong(limit: scene.limits.bytes)
  }
}

extension TemplateValue {
  /// About how many bytes a function works through that gets or gives this value.
  fileprivate var size: Int {
    switch self {
    case .string(let text): text.utf8.count
    case .list(let list): list.elements.count * 16
    case .map(let map): map.pairs.count * 16
    case .labels(let labels): labels.pairs.count * 16
    default: 0
    }
  }
}

extension TemplateFunction {
  /// Whether it takes no longer over large values.
  fileprivate var isInstant: Bool {
    switch self {
    case .len, .index, .not: true
    default: false
    }
  }
}
