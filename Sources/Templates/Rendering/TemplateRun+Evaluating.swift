import Model

/// Pipelines, commands and their operands.
extension TemplateRun {
  /// The value of a pipeline; its variables are declared or assigned.
  mutating func evaluate(_ pipeline: TemplatePipeline, dot: TemplateValue) throws(TemplateStop) -> TemplateValue {
    var value: TemplateValue?
    for command in pipeline.commands { value = try evaluate(command, piped: value, dot: dot) }
    let result = value ?? .none
    for variable in pipeline.variables {
      if pipeline.assigns { try assign(variable, result) } else { declare(variable, result) }
    }
    return result
  }

  private mutating func evaluate(
    _ command: TemplateCommand, piped: TemplateValue?, dot: TemplateValue
  ) throws(TemplateStop) -> TemplateValue {
    guard let first = command.operands.first else { return .none }
    try step(first)
    let call = Call(arguments: command.operands.dropFirst(), piped: piped, command: command)
    if case .function(let function) = first.kind, first.path.isEmpty {
      return try self.call(function, first, call, dot: dot)
    }
    if case .none = first.kind { throw failure(at: first, "nil is not a command") }
    guard first.path.isEmpty else { return try member(of: first, call, dot: dot) }
    guard call.isEmpty else { throw failure(at: first, "can't give argument to non-function \(first.written)") }
    return try base(of: first, dot: dot)
  }

  /// The value of an operand by itself.
  mutating func evaluate(_ operand: TemplateOperand, dot: TemplateValue) throws(TemplateStop) -> TemplateValue {
    operand.path.isEmpty ? try base(of: operand, dot: dot) : try member(of: operand, Call(), dot: dot)
  }

  /// The value of an operand without the fields behind it.
  private mutating func base(of operand: TemplateOperand, dot: TemplateValue) throws(TemplateStop) -> TemplateValue {
    switch operand.kind {
    case .none: return .none
    case .string(let text): return .string(text)
    case .integer(let number): return .integer(number)
    case .float(let number): return .float(number)
    case .bool(let truth): return .bool(truth)
    case .dot, .field: return dot
    case .variable(let variable):
      guard let value = value(of: variable) else { throw failure(at: operand, "undefined variable: \(variable.name)") }
      return value
    case .function(let function): return try call(function, operand, Call(), dot: dot)
    case .parenthesised(let pipeline):
      return try nest(operand) { run throws(TemplateStop) in try run.evaluate(pipeline, dot: dot) }
    }
  }

  /// Follows the fields and methods behind an operand; the last takes the arguments.
  private mutating func member(
    of operand: TemplateOperand, _ call: Call, dot: TemplateValue
  ) throws(TemplateStop) -> TemplateValue {
    var value = try base(of: operand, dot: dot)
    for (index, name) in operand.path.enumerated() {
      let isLast = index == operand.path.count - 1
      value = try member(
        name, of: value, operand, isLast ? call : Call(), dot: dot, isWithinChain: index > 0)
    }
    return value
  }

  private mutating func member(
    _ name: String, of value: TemplateValue, _ operand: TemplateOperand, _ call: Call, dot: TemplateValue,
    isWithinChain: Bool
  ) throws(TemplateStop) -> TemplateValue {
    if let method = value.method(name) {
      let arguments = try arguments(method.signature, of: name, operand, call, dot: dot)
      do throws(TemplateCallError) {
        return try method.body(arguments)
      } catch {
        throw failure(error, of: name, operand, call)
      }
    }
    if case .object(let object) = value, let field = object.field(name) {
      guard call.isEmpty else {
        throw failure(at: operand, "\(name) has arguments but cannot be invoked as function")
      }
      return field
    }
    switch value.bare {
    case .none:
      // A missing entry has no entries either; Go tells that only where the first is asked for in the same chain.
      guard isWithinChain else { return .none }
      throw failure(at: operand, "nil pointer evaluating interface {}.\(name)")
    case .labels(let labels):
      guard call.isEmpty else { throw failure(at: operand, "\(name) is not a method but has arguments") }
      return .string(labels[name])
    case .map(let map):
      guard call.isEmpty else { throw failure(at: operand, "\(name) is not a method but has arguments") }
      return map[name] ?? .none
    default: throw failure(at: operand, "can't evaluate field \(name) in type \(value.typeName)")
    }
  }
}
