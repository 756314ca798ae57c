import Model

/// Evaluates the actions of a template for one sample.
struct TemplateRenderer {
  let data: TemplateData

  func evaluate(_ pipeline: TemplatePipeline) throws(TemplateRenderError) -> TemplateValue {
    var value: TemplateValue?
    for command in pipeline.commands { value = try evaluate(command, piped: value) }
    return value ?? .none
  }

  private func evaluate(
    _ command: TemplateCommand, piped: TemplateValue?
  ) throws(TemplateRenderError) -> TemplateValue {
    guard let first = command.operands.first else { return .none }
    guard case .function(let function) = first.kind else {
      guard command.operands.count == 1, piped == nil else { throw failure(at: first, first.wordsForArguments) }
      return try evaluate(first)
    }
    var arguments: [TemplateValue] = []
    for operand in command.operands.dropFirst() { arguments.append(try evaluate(operand)) }
    if let piped { arguments.append(piped) }
    do throws(TemplateCallError) {
      return try function.call(arguments, pattern: command.pattern, data: data)
    } catch {
      throw failure(error, of: function, in: command, first)
    }
  }

  private func evaluate(_ operand: TemplateOperand) throws(TemplateRenderError) -> TemplateValue {
    switch operand.kind {
    case .none: return .none
    case .string(let text): return .string(text)
    case .integer(let number): return .integer(number)
    case .float(let number): return .float(number)
    case .bool(let truth): return .bool(truth)
    case .field(let field, let path): return try descend(path, from: value(of: field), operand)
    case .unknownField(let name): throw failure(at: operand, "can't evaluate field \(name) in type " + Self.rootType)
    case .function(let function):
      do throws(TemplateCallError) {
        return try function.call([], pattern: nil, data: data)
      } catch {
        throw failure(error, of: function, in: TemplateCommand(offset: operand.offset, operands: [operand]), operand)
      }
    case .parenthesised(let pipeline, let path): return try descend(path, from: try evaluate(pipeline), operand)
    }
  }

  private static let rootType =
    "struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value interface {} }"

  private func value(of field: TemplateField) -> TemplateValue {
    switch field {
    case .labels: .map(data.labels)
    case .value: .float(data.value)
    case .externalLabels: .map(data.externalLabels)
    case .externalURL: .string(data.externalURL)
    }
  }

  /// Follows `.a.b` from a value; a key that a map doesn't have gives an empty text.
  private func descend(
    _ path: [String], from value: TemplateValue, _ operand: TemplateOperand
  ) throws(TemplateRenderError) -> TemplateValue {
    var value = value
    for name in path {
      guard case .map(let labels) = value else {
        throw failure(at: operand, "can't evaluate field \(name) in type \(value.typeName)")
      }
      value = .string(labels[name])
    }
    return value
  }

  private func failure(at operand: TemplateOperand, _ message: String) -> TemplateRenderError {
    TemplateRenderError(message: message, context: operand.written, offset: operand.offset)
  }

  /// A call's error, at the place that Go would name.
  private func failure(
    _ error: TemplateCallError, of function: TemplateFunction, in command: TemplateCommand, _ name: TemplateOperand
  ) -> TemplateRenderError {
    switch error {
    case .count(let wanted, let given):
      return failure(at: name, "wrong number of args for \(function.rawValue): want \(wanted) got \(given)")
    case .notText(let argument, let type):
      guard argument + 1 < command.operands.count else {
        return failure(at: name, "wrong type for value; expected string; got \(type)")
      }
      let operand = command.operands[argument + 1]
      if case .none = operand.kind { return failure(at: operand, "cannot assign nil to string") }
      guard operand.isLiteral else {
        return failure(at: operand, "wrong type for value; expected string; got \(type)")
      }
      return failure(at: operand, "expected string; found \(operand.written)")
    case .function(let words):
      return TemplateRenderError(
        message: "error calling \(function.rawValue): \(words)", context: command.description, offset: command.offset)
    }
  }
}

extension TemplateOperand {
  /// What Go says when something that is no function is given arguments.
  fileprivate var wordsForArguments: String {
    guard case .field(_, let path) = kind else { return "can't give argument to non-function \(written)" }
    if let last = path.last { return "\(last) is not a method but has arguments" }
    guard written.utf8.first == UInt8(ascii: ".") else { return "can't give argument to non-function \(written)" }
    return "\(written.dropFirst()) has arguments but cannot be invoked as function"
  }
}
