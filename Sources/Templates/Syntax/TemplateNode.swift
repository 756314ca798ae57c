import Patterns

/// A piece of a parsed template.
enum TemplateNode: Sendable {
  case text(String)
  case action(TemplatePipeline)
  case branch(TemplateBranch)
  case loop(TemplateLoop)
  case invocation(TemplateInvocation)
  case breakOut
  case continueLoop
}

/// `if` or `with`, with all its `else if` or `else with`.
struct TemplateBranch: Sendable {
  /// One condition and what it guards.
  struct Arm: Sendable {
    var condition: TemplatePipeline
    var body: [TemplateNode]
  }

  /// `with`: the dot is the condition's value within its arm.
  var rebindsDot: Bool
  var arms: [Arm]
  var otherwise: [TemplateNode]
}

/// `range`.
struct TemplateLoop: Sendable {
  var pipeline: TemplatePipeline
  var body: [TemplateNode]
  var otherwise: [TemplateNode]
}

/// `template`, or the place of a `block`.
struct TemplateInvocation: Sendable {
  var name: String
  /// Where the name stands, in bytes.
  var offset: Int
  var argument: TemplatePipeline?
}

/// The body of a `define` or `block`.
package struct TemplateDefinition: Sendable {
  package let name: String
  /// Where the name stands, in bytes.
  let offset: Int
  let nodes: [TemplateNode]
}

/// Commands of which each gives its value to the next, as its last argument.
struct TemplatePipeline: Sendable {
  /// Where it begins, in bytes.
  var offset: Int
  /// The variables in front of `:=` or `=`; in a `range` at most two.
  var variables: [TemplateVariable] = []
  /// Whether the variables are assigned (`=`) and not declared.
  var assigns = false
  var commands: [TemplateCommand] = []
}

/// A variable by its number within the template; its name has the dollar.
struct TemplateVariable: Hashable, Sendable {
  /// The number of `$`.
  static let root = 0

  var number: Int
  var name: String
  var offset: Int
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

/// A value or a function as it is written, and the fields of it that follow.
struct TemplateOperand: Sendable {
  /// What it is.
  enum Kind: Sendable {
    /// `nil`.
    case none
    case string(String)
    case integer(Int)
    case float(Double)
    case bool(Bool)
    case dot
    /// `.a.b`: the fields are the operand's ``TemplateOperand/path``.
    case field
    case variable(TemplateVariable)
    case function(TemplateFunction)
    case parenthesised(TemplatePipeline)
  }

  var kind: Kind
  /// The fields and methods behind it: `.a.b`.
  var path: [String] = []
  /// Where Go says it is, in bytes: at its first field behind a field or variable, otherwise at its start.
  var offset: Int
  /// As Go prints it in error texts.
  var written: String
}

extension TemplatePipeline: CustomStringConvertible {
  /// As Go prints it in error texts.
  var description: String {
    let declaration = variables.map(\.name).joined(separator: ", ") + (assigns ? " = " : " := ")
    return (variables.isEmpty ? "" : declaration) + commands.map(\.description).joined(separator: " | ")
  }
}

extension TemplateCommand: CustomStringConvertible {
  var description: String { operands.map(\.written).joined(separator: " ") }
}

extension TemplateOperand {
  /// Whether it is a value written out, which Go checks by what is written.
  var isLiteral: Bool {
    switch kind {
    case .none, .string, .integer, .float, .bool: true
    case .dot, .field, .variable, .function, .parenthesised: false
    }
  }
}
