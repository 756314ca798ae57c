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

  /// Takes over those of a template's definitions that have these names.
  package mutating func add(_ template: Template, only names: some Sequence<String>) {
    for name in names { if let found = template.definitions[name] { definitions[name] = (found, template.text) } }
  }

  /// Takes all of another library over, which counts where both have a name.
  package mutating func add(_ other: TemplateLibrary) {
    definitions.merge(other.definitions) { $1 }
  }

  package func contains(_ name: String) -> Bool { definitions[name] != nil }

  package var names: [String] { definitions.keys.sorted() }

  /// The name among these that is nearest to a misspelt one; `nil` when none is near.
  package func suggestion(for name: String) -> String? { nearest(to: name, among: names) }

  /// The definition of that name, the template's own before the shared, and the text that it stands in.
  func definition(_ name: String, of template: Template) -> (TemplateDefinition, String)? {
    if let own = template.definitions[name] { return (own, template.text) }
    return definitions[name].map { ($0.definition, $0.text) }
  }
}
