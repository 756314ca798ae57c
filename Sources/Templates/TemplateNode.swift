import Patterns

/// A piece of a parsed template.
enum TemplateNode: Sendable {
  case text(String)
  case action(TemplatePipeline)
  /// An action that needs the full language, as it is written.
  case raw(String)
}

/// Commands of which each gives its value to the next, as its last argument.
struct TemplatePipeline: Sendable {
  var commands: [TemplateCommand]
}

/// A function with its arguments, or a value by itself.
struct TemplateCommand: Sendable {
  /// Where it begins in the template, in bytes.
  var offset: Int
  /// At least one.
  var operands: [TemplateOperand]
  /// The compiled pattern of `match` and `reReplaceAll`, where it is written out.
  var pattern: Pattern?
}

/// A value or a function as it is written.
struct TemplateOperand: Sendable {
  /// What it is.
  indirect enum Kind: Sendable {
    /// `nil`.
    case none
    case string(String)
    case integer(Int)
    case float(Double)
    case bool(Bool)
    /// A field of the root object by its own name or by its variable, and what of it.
    case field(TemplateField, path: [String])
    case unknownField(String)
    case function(TemplateFunction)
    case parenthesised(TemplatePipeline, path: [String])
  }

  var kind: Kind
  /// Where Go says it is, in bytes: at its first field behind a field or variable, otherwise at its start.
  var offset: Int
  /// As Go prints it in error texts.
  var written: String
}

/// The fields of the root object, which also have a variable each.
enum TemplateField: Sendable {
  case labels, value, externalLabels, externalURL

  init?(field name: String) {
    switch name {
    case "Labels": self = .labels
    case "Value": self = .value
    case "ExternalLabels": self = .externalLabels
    case "ExternalURL": self = .externalURL
    default: return nil
    }
  }

  init?(variable name: String) {
    switch name {
    case "$labels": self = .labels
    case "$value": self = .value
    case "$externalLabels": self = .externalLabels
    case "$externalURL": self = .externalURL
    default: return nil
    }
  }
}

extension TemplatePipeline: CustomStringConvertible {
  /// As Go prints it in error texts.
  var description: String { commands.map(\.description).joined(separator: " | ") }

  var usesValue: Bool { commands.contains { $0.operands.contains(where: \.usesValue) } }
}

extension TemplateCommand: CustomStringConvertible {
  var description: String { operands.map(\.written).joined(separator: " ") }
}

extension TemplateOperand {
  fileprivate var usesValue: Bool {
    switch kind {
    case .field(.value, _): true
    case .parenthesised(let pipeline, _): pipeline.usesValue
    default: false
    }
  }

  /// Whether it is a value written out, which Go checks by what is written.
  var isLiteral: Bool {
    switch kind {
    case .none, .string, .integer, .float, .bool: true
    case .field, .unknownField, .function, .parenthesised: false
    }
  }
}
