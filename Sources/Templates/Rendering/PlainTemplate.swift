import Model

/// A rule's template that is only texts, labels and values, as nearly all are: it renders without a ``TemplateRun``.
struct PlainTemplate: Sendable {
  private enum Piece: Sendable {
    case text(String)
    case label(String)
    case externalLabel(String)
    case externalURL
    case value
  }

  private var pieces: [Piece] = []

  /// `nil` when there is more to the template.
  init?(_ nodes: [TemplateNode]) {
    for node in nodes {
      switch node {
      case .text(let text): pieces.append(.text(text))
      case .action(let pipeline):
        guard let piece = Self.piece(pipeline) else { return nil }
        pieces.append(piece)
      default: return nil
      }
    }
  }

  private static func piece(_ pipeline: TemplatePipeline) -> Piece? {
    guard pipeline.variables.isEmpty, pipeline.commands.count == 1, pipeline.commands[0].operands.count == 1 else {
      return nil
    }
    let operand = pipeline.commands[0].operands[0]
    var path = operand.path
    switch operand.kind {
    case .field: break
    case .variable(let variable) where variable.number == TemplateVariable.root: break
    case .variable(let variable):
      guard let field = TemplateFunctionSet.rule.variables.first(where: { $0.name == variable.name })?.field else {
        return nil
      }
      path.insert(field, at: 0)
    default: return nil
    }
    switch (path.first, path.count) {
    case ("Labels", 2): return .label(path[1])
    case ("ExternalLabels", 2): return .externalLabel(path[1])
    case ("ExternalURL", 1): return .externalURL
    case ("Value", 1): return .value
    default: return nil
    }
  }

  var dependencies: TemplateDependencies {
    let usesValue = pieces.contains { if case .value = $0 { true } else { false } }
    return usesValue ? .value : []
  }

  /// The text; `nil` when it is longer than the data's limits allow.
  func render(_ data: TemplateData) -> String? {
    var result = ""
    for piece in pieces {
      guard result.utf8.count <= data.limits.bytes else { return nil }
      switch piece {
      case .text(let text): result += text
      case .label(let name): result += data.labels[name]
      case .externalLabel(let name): result += data.externalLabels[name]
      case .externalURL: result += data.externalURL
      case .value: result += data.value.printedAsGo
      }
    }
    return result.utf8.count > data.limits.bytes ? nil : result
  }
}
