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
    guard case .function(let function) = first else {
      guard command.operands.count == 1, piped == nil else {
        throw failure(command, at: first, "can't give argument to non-function \(first.description)")
      }
      return try evaluate(first, of: command)
    }
    var arguments: [TemplateValue] = []
    for operand in command.operands.dropFirst() { arguments.append(try evaluate(operand, of: command)) }
    if let piped { arguments.append(piped) }
    do throws(TemplateCallError) {
      return try function.call(arguments, pattern: command.pattern, data: data)
    } catch {
      throw TemplateRenderError(
        message: error.message(of: function), context: command.description, offset: command.offset
      )
    }
  }

  private func evaluate(
    _ operand: TemplateOperand, of command: TemplateCommand
  ) throws(TemplateRenderError) -> TemplateValue {
    switch operand {
    case .none: return .none
    case .string(let text): return .string(text)
    case .integer(let number): return .integer(number)
    case .float(let number): return .float(number)
    case .bool(let truth): return .bool(truth)
    case .field(let field, let path, _): return try descend(path, from: value(of: field), operand, command)
    case .unknownField(let name, _):
      throw failure(command, at: operand, "can't evaluate field \(name) in type " + Self.rootType)
    case .function(let function):
      guard let value = try? function.call([], pattern: nil, data: data) else {
        throw failure(command, at: operand, "wrong number of args for \(function.rawValue): got 0")
      }
      return value
    case .parenthesised(let pipeline, let path):
      return try descend(path, from: try evaluate(pipeline), operand, command)
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
    _ path: [String], from value: TemplateValue, _ operand: TemplateOperand, _ command: TemplateCommand
  ) throws(TemplateRenderError) -> TemplateValue {
    var value = value
    for name in path {
      guard case .map(let labels) = value else {
        throw failure(command, at: operand, "can't evaluate field \(name) in type \(value.typeName)")
      }
      value = .string(labels[name])
    }
    return value
  }

  private func failure(
    _ command: TemplateCommand, at operand: TemplateOperand, _ message: String
  ) -> TemplateRenderError {
    TemplateRenderError(message: message, context: operand.description, offset: command.offset)
  }
}
