/// A label or annotation value of a rule: Go's `text/template` as rules use it, read once.
///
/// Understood are fields, variables of the root object, literals, pipelines, comments, trim markers and the functions
/// of ``TemplateFunction``. An action that needs more of the language is read over and listed in ``unsupported``;
/// rendering leaves it as it is written.
package struct Template: Sendable {
  /// An action that needs the full language.
  package struct Unsupported: Hashable, Sendable {
    /// The word that needs it: `if`, `range`, `query`, `$x`, …
    package let construct: String
    /// Where the action begins, in bytes.
    package let offset: Int
  }

  /// The text as it is written.
  package let text: String
  /// The actions that stay as they are written.
  package let unsupported: [Unsupported]
  /// Whether the result depends on the sample's value, and not on its labels alone.
  package let usesValue: Bool
  private let nodes: [TemplateNode]

  /// Reads a template.
  ///
  /// A text without `{{` costs one look over its bytes, and nothing when rendered.
  package init(parsing text: String) throws(TemplateSyntaxError) {
    self.text = text
    guard Template.hasActions(text) else {
      nodes = []
      unsupported = []
      usesValue = false
      return
    }
    var parser = TemplateParser(text)
    try parser.parse()
    nodes = parser.nodes
    unsupported = parser.unsupported
    usesValue = nodes.contains {
      guard case .action(let pipeline) = $0 else { return false }
      return pipeline.usesValue
    }
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
  package var isStatic: Bool { nodes.isEmpty && unsupported.isEmpty && !Template.hasActions(text) }

  /// Expands the template.
  ///
  /// As in Prometheus nothing fails: after an error the text is `<error expanding template: …>` in its words.
  package func render(_ data: TemplateData) -> (text: String, error: TemplateRenderError?) {
    guard !isStatic else { return (text, nil) }
    var result = ""
    for node in nodes {
      switch node {
      case .text(let text), .raw(let text): result += text
      case .action(let pipeline):
        do throws(TemplateRenderError) {
          result += try TemplateRenderer(data: data).evaluate(pipeline).printed
        } catch {
          return (error.wording(in: text, named: data.name), error)
        }
      }
    }
    return (result, nil)
  }

  /// What stands in place of a value whose template can't be read, in Prometheus's words.
  package static func textInPlace(of error: TemplateSyntaxError, in text: String, named name: String) -> String {
    let place = TemplatePlace(of: error.offset, in: text)
    return "<error expanding template: error parsing template \(name): "
      + "template: \(name):\(place.line): \(error.description)>"
  }
}
