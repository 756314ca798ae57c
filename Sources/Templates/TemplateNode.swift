import Model
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
indirect enum TemplateOperand: Sendable {
  /// `nil`.
  case none
  case string(String)
  case integer(Int)
  case float(Double)
  case bool(Bool)
  case field(TemplateField, path: [String], written: String)
  case unknownField(String, written: String)
  case function(TemplateFunction)
  case parenthesised(TemplatePipeline, path: [String])
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
  var description: String { operands.map(\.description).joined(separator: " ") }
}

extension TemplateOperand: CustomStringConvertible {
  var description: String {
    switch self {
    case .none: "nil"
    case .string(let text): text.quotedAsGo
    case .integer(let number): String(number)
    case .float(let number): number.printedAsGo
    case .bool(let truth): truth ? "true" : "false"
    case .field(_, _, let written), .unknownField(_, let written): written
    case .function(let function): function.rawValue
    case .parenthesised(let pipeline, let path): "(" + pipeline.description + ")" + path.map { "." + $0 }.joined()
    }
  }

  fileprivate var usesValue: Bool {
    switch self {
    case .field(.value, _, _): true
    case .parenthesised(let pipeline, _): pipeline.usesValue
    default: false
    }
  }
}
