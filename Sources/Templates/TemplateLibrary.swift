/// Definitions that several templates share, by their names.
package struct TemplateLibrary: Sendable {
  private var definitions: [String: (definition: TemplateDefinition, text: String)] = [:]

  /// No definitions.
  package static let empty = TemplateLibrary()

  package init() {}

  /// Takes the definitions of a template over; of several with one name the last counts.
  package mutating func add(_ template: Template) {
    for (name, definition) in template.definitions { definitions[name] = (definition, template.text) }
  }

  package func contains(_ name: String) -> Bool { definitions[name] != nil }

  package var names: [String] { definitions.keys.sorted() }

  /// The definition of that name, the template's own before the shared, and the text that it stands in.
  func definition(_ name: String, of template: Template) -> (TemplateDefinition, String)? {
    if let own = template.definitions[name] { return (own, template.text) }
    return definitions[name].map { ($0.definition, $0.text) }
  }
}
