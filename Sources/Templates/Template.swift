/// A template of Go's `text/template`, read once: a label or annotation of a rule, or a part of a notification.
package struct Template: Sendable {
  /// The text as it is written.
  package let text: String
  /// The functions, variables and fields that it may use.
  package let functions: TemplateFunctionSet
  /// The bodies of its `define` and `block`.
  package let definitions: [String: TemplateDefinition]
  /// What its text depends on.
  package let dependencies: TemplateDependencies
  let nodes: [TemplateNode]
  /// The template as a list of texts and fields, where it is nothing more.
  let plain: PlainTemplate?

  /// Reads a template.
  ///
  /// A text without `{{` costs one look over its bytes, and nothing when rendered. Of several problems the first is
  /// thrown; ``problems(in:functions:)`` tells all.
  package init(parsing text: String, functions: TemplateFunctionSet = .rule) throws(TemplateSyntaxError) {
    self.text = text
    self.functions = functions
    guard Template.hasActions(text) else {
      nodes = []
      definitions = [:]
      dependencies = []
      plain = nil
      return
    }
    var parser = TemplateParser(text, functions)
    parser.parse()
    if let first = parser.problems.first { throw first }
    nodes = parser.nodes
    definitions = parser.definitions
    plain = functions.root == .rule && parser.definitions.isEmpty ? PlainTemplate(parser.nodes) : nil
    dependencies =
      plain?.dependencies
      ?? TemplateAnalysis(of: parser.nodes, definitions: parser.definitions, functions: functions).dependencies
  }

  /// What ``analysis(library:)`` says of a text, without making a template of it.
  package static func analysis(
    of text: String, functions: TemplateFunctionSet = .rule
  ) throws(TemplateSyntaxError) -> TemplateAnalysis {
    guard hasActions(text) else { return TemplateAnalysis() }
    var parser = TemplateParser(text, functions)
    parser.parse()
    if let first = parser.problems.first { throw first }
    return TemplateAnalysis(of: parser.nodes, definitions: parser.definitions, functions: functions)
  }

  /// Everything that keeps a text from being a template, in the order of the text; at most twenty.
  package static func problems(in text: String, functions: TemplateFunctionSet = .rule) -> [TemplateSyntaxError] {
    guard hasActions(text) else { return [] }
    var parser = TemplateParser(text, functions)
    parser.parse()
    return parser.problems
  }

  /// Whether the text is a template at all: whether `{{` stands in it.
  package static func hasActions(_ text: String) -> Bool {
    var previous: UInt8 = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: "{"), previous == byte { return true }
      previous = byte
    }
    return false
  }

  /// Whether rendering always gives ``text``.
  package var isStatic: Bool { nodes.isEmpty && !Template.hasActions(text) }

  /// Whether the result depends on the sample's value.
  package var usesValue: Bool { dependencies.contains(.value) }

  /// Whether the text, apart from white space around it, surely has more than one line.
  package var spansLines: Bool {
    var lines = 0
    var pendingBreak = false
    for node in isStatic ? [.text(text)] : nodes {
      switch node {
      case .text(let text):
        for byte in text.utf8 {
          if byte == UInt8(ascii: "\n") {
            pendingBreak = lines > 0
          } else if byte > 0x20 {
            lines = max(lines, 1) + (pendingBreak ? 1 : 0)
            pendingBreak = false
          }
        }
      case .action(let pipeline) where !pipeline.variables.isEmpty: break
      case .action, .invocation:
        lines = max(lines, 1) + (pendingBreak ? 1 : 0)
        pendingBreak = false
      case .branch, .loop, .breakOut, .continueLoop: break
      }
    }
    return lines > 1
  }

  /// What labels, queries and functions it uses, and what is wrong with it that its syntax doesn't show.
  package func analysis(library: TemplateLibrary = .empty) -> TemplateAnalysis {
    TemplateAnalysis(of: nodes, definitions: definitions, functions: functions, library: library)
  }
}

/// What a template's text depends on beside labels.
package struct TemplateDependencies: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// The sample's value.
  package static let value = TemplateDependencies(rawValue: 1)
  /// What `query` gives.
  package static let queries = TemplateDependencies(rawValue: 2)
  /// What `now` gives.
  package static let time = TemplateDependencies(rawValue: 4)
}
