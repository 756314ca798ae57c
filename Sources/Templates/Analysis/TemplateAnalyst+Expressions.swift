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
    var arguments = rest.map { operand in
      Argument(shape: self.shape(of: operand, dot: dot), offset: operand.offset, written: operand.written)
    }
    if let piped { arguments.append(Argument(shape: piped, offset: first.offset, written: "the value piped in")) }
    check(command, function, first, arguments)
    return result(of: function, at: first.offset, arguments)
  }

  mutating func shape(of operand: TemplateOperand, dot: TemplateShape) -> TemplateShape {
    var shape = base(of: operand, dot: dot)
    for name in operand.path { shape = member(name, of: shape, operand) }
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

  private mutating func member(_ name: String, of shape: TemplateShape, _ operand: TemplateOperand) -> TemplateShape {
    switch shape {
    case .labels:
      note(name, at: operand.offset, as: .label)
      return .text(nil)
    case .externalLabels:
      note(name, at: operand.offset, as: .externalLabel)
      return .text(nil)
    case .sampleLabels: return .text(nil)
    case .map(let fields): return fields[name] ?? .unknown
    case .time, .duration, .unknown: return .unknown
    default: break
    }
    if shape == .rule, name == "Value" { depends(on: .value) }
    if let field = shape.field(name) { return field }
    tell(unknownField(name, of: shape, operand))
    return .unknown
  }

  private func unknownField(_ name: String, of shape: TemplateShape, _ operand: TemplateOperand) -> TemplateFinding {
    let candidates = shape.fieldNames
    guard !candidates.isEmpty else {
      return TemplateFinding(
        .unknownField, at: operand.offset,
        "'\(operand.written)' asks for the field '\(name)' of a \(shape.typeName ?? "value"), which has none")
    }
    let near = nearest(to: name, among: candidates)
    let known = candidates.map { "." + $0 }.joined(separator: ", ")
    return TemplateFinding(
      .unknownField, at: operand.offset, "'\(operand.written)': there is no field '\(name)'; there are \(known)",
      fix: near.map { "write .\($0)" } ?? (shape == .rule ? "labels are .Labels.\(name) or $labels.\(name)" : nil))
  }
}

extension TemplateShape {
  /// The shape of a field of a struct; `nil` when it has none of that name.
  func field(_ name: String) -> TemplateShape? {
    switch (self, name) {
    case (.rule, "Labels"): .labels
    case (.rule, "ExternalLabels"): .externalLabels
    case (.rule, "ExternalURL"): .text(nil)
    case (.rule, "Value"), (.sample, "Value"): .float
    case (.sample, "Labels"): .sampleLabels
    case (.notification, "Receiver"), (.notification, "Status"), (.notification, "ExternalURL"),
      (.notification, "NotificationReason"):
      .text(nil)
    case (.notification, _) where fieldNames.contains(name): .unknown
    default: nil
    }
  }

  /// The fields of a struct.
  var fieldNames: [String] {
    switch self {
    case .rule: ["Labels", "Value", "ExternalLabels", "ExternalURL"]
    case .sample: ["Labels", "Value"]
    case .notification:
      [
        "Receiver", "Status", "Alerts", "NotificationReason", "GroupLabels", "CommonLabels", "CommonAnnotations",
        "RouteLabels", "ExternalURL",
      ]
    default: []
    }
  }
}
