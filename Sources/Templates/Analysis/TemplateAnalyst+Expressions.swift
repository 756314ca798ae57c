/// Shapes of pipelines, commands and operands.
extension TemplateAnalyst {
  mutating func shape(of pipeline: TemplatePipeline, dot: TemplateShape) -> TemplateShape {
    var shape: TemplateShape?
    for command in pipeline.commands { shape = self.shape(of: command, piped: shape, dot: dot) }
    return shape ?? .unknown
  }

  private mutating func shape(
    of command: TemplateCommand, piped: TemplateShape?, dot: TemplateShape
  ) -> TemplateShape {
    guard let first = command.operands.first else { return .unknown }
    let rest = command.operands.dropFirst()
    guard case .function(let function) = first.kind, first.path.isEmpty else {
      let shape = shape(of: first, dot: dot)
      var others: [TemplateShape] = piped.map { [$0] } ?? []
      for operand in rest { others.append(self.shape(of: operand, dot: dot)) }
      for other in others { escapes(other) }
      if !others.isEmpty, !shape.hasMethods {
        tell(
          TemplateFinding(
            .argumentCount, at: first.offset, "'\(first.written)' is no function, so it takes no arguments"))
      }
      return shape
    }
    let decides = function == .and || function == .or
    var arguments = rest.enumerated().map { index, operand in
      let shape =
        decides && index > 0
        ? considering { $0.shape(of: operand, dot: dot) } : self.shape(of: operand, dot: dot)
      return Argument(shape: shape, offset: operand.offset, written: operand.written)
    }
    if let piped { arguments.append(Argument(shape: piped, offset: first.offset, written: "the value piped in")) }
    check(command, function, first, arguments)
    return result(of: function, at: first.offset, arguments)
  }

  mutating func shape(of operand: TemplateOperand, dot: TemplateShape) -> TemplateShape {
    var shape = base(of: operand, dot: dot)
    for (index, name) in operand.path.enumerated() { shape = member(name, of: shape, operand, index) }
    return shape
  }

  private mutating func base(of operand: TemplateOperand, dot: TemplateShape) -> TemplateShape {
    switch operand.kind {
    case .none: return .unknown
    case .string(let text): return .text(text)
    case .integer(let number): return .integer(number)
    case .float: return .float
    case .bool: return .bool
    case .dot, .field: return dot
    case .variable(let variable):
      if variable.name == "$value" { depends(on: .value) }
      return shape(of: variable)
    case .function(let function):
      check(TemplateCommand(offset: operand.offset, operands: [operand]), function, operand, [])
      return result(of: function, at: operand.offset, [])
    case .parenthesised(let pipeline): return shape(of: pipeline, dot: dot)
    }
  }

  /// `index`: the name's place among the operand's fields.
  private mutating func member(
    _ name: String, of shape: TemplateShape, _ operand: TemplateOperand, _ index: Int
  ) -> TemplateShape {
    switch shape {
    case .labels:
      note(name, at: operand.offset, as: .label)
      return .text(nil)
    case .externalLabels:
      note(name, at: operand.offset, as: .externalLabel)
      return .text(nil)
    case .sampleLabels: return .text(nil)
    case .map(let fields): return fields[name] ?? .unknown
    case .namedValues: return shape.field(name) ?? .text(nil)
    case .time, .duration, .unknown: return .unknown
    default: break
    }
    if shape == .rule, name == "Value" { depends(on: .value) }
    if let field = shape.field(name) { return field }
    if let finding = unknownField(name, of: shape, operand, index) { tell(finding) }
    return .unknown
  }

  private func unknownField(
    _ name: String, of shape: TemplateShape, _ operand: TemplateOperand, _ index: Int
  ) -> TemplateFinding? {
    let offset = operand.offset(ofField: index)
    let candidates = shape.fieldNames
    guard !candidates.isEmpty else {
      return TemplateFinding(
        .unknownField, at: offset,
        "'\(operand.written)' asks for the field '\(name)' of a \(shape.typeName ?? "value"), which has none")
    }
    let near = nearest(to: name, among: candidates)
    // What is guessed is told only where it looks like a slip.
    guard near != nil || !isGuessing else { return nil }
    let known = candidates.map { "." + $0 }.joined(separator: ", ")
    return TemplateFinding(
      .unknownField, at: offset, "'\(operand.written)': there is no field '\(name)'; there are \(known)",
      fix: near.map { "write .\($0)" } ?? shape.remedy(for: name))
  }
}

extension TemplateOperand {
  /// Where one of its fields stands, with its point.
  fileprivate func offset(ofField index: Int) -> Int {
    let lengths = path.map { 1 + $0.utf8.count }
    switch kind {
    // Of several fields Go names the second.
    case .field where path.count > 1: return offset - lengths[0] + lengths[..<index].reduce(0, +)
    case .variable: return offset + lengths[..<index].reduce(0, +)
    default: return offset
    }
  }
}
