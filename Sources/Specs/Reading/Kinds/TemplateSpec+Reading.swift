import Diagnostics
import Model
import Templates
import YAML

extension TemplateSpec {
  static let fieldNames = ["text"]

  private static let names: FieldNames = {
    var names = FieldNames("a Template", fieldNames)
    names.answers = [
      "template": "write 'text'", "name": "the names stand in the text: {{ define \"name\" }}…{{ end }}",
    ]
    return names
  }()

  init?(_ node: YAMLNode, _ reading: inout Reading) {
    guard let fields = Fields(node, Self.names, &reading), let node = fields.required("text", &reading),
      let text = reading.word(node, "a template")
    else { return nil }
    // What can't be read might define anything, so that nobody who calls it is blamed.
    guard let template = reading.checkNotificationTemplate(node, text, named: "text") else { return nil }
    self.init(text: text)
    definitions = template.definitions.keys.sorted()
    guard definitions.isEmpty else { return }
    reading.warning(
      .noEffect, "the Template defines nothing", at: node.range.firstLineStart,
      fix: "write {{ define \"name\" }}…{{ end }}, and call it in a channel's 'template'")
  }
}
