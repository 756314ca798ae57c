import Model

/// `Template`: `define` blocks for messages.
package struct TemplateSpec: Hashable, Sendable {
  /// Definitions that the text no longer has, and that stay in force because a held scope calls them.
  package struct Kept: Hashable, Sendable {
    /// The earlier text, which has them.
    package var text: String
    /// Sorted; whatever else the text defines is no longer in force.
    package var definitions: [String]
  }

  package var text: String
  /// What its `define` blocks are called, sorted: the names by which other templates call them. Follows from the text.
  package internal(set) var definitions: [String]
  /// Empty in what a repository says.
  package private(set) var kept: [Kept] = []

  package init(text: String, definitions: [String] = []) {
    self.text = text
    self.definitions = definitions
  }

  /// The names in force: the text's, and those kept.
  package var allDefinitions: [String] {
    kept.isEmpty ? definitions : (definitions + kept.flatMap(\.definitions)).sorted { $0.precedesInBytes($1) }
  }

  /// This, with the definitions of these names kept out of an earlier version.
  fileprivate func keeping(_ names: Set<String>, of earlier: TemplateSpec) -> TemplateSpec {
    var result = self
    let versions = earlier.kept + [Kept(text: earlier.text, definitions: earlier.definitions)]
    result.kept += versions.compactMap { version in
      let those = version.definitions.filter(names.contains)
      return those.isEmpty ? nil : Kept(text: version.text, definitions: those)
    }
    return result
  }
}

extension Spec {
  /// The templates that this defines, by the names by which others call them.
  package var definitions: [String] {
    if case .template(let template) = self { template.allDefinitions } else { [] }
  }
}

extension Resource {
  /// The names by which others mention this: its own, but of a `Template` those of its definitions.
  package var mentionNames: [String] { id.kind == .template ? spec.definitions : [id.name] }

  /// A `Template` of which only these definitions stay in force, beside all that `desired` says, if it is still there.
  ///
  /// It mentions what both do: who calls whom among its definitions isn't looked at.
  package func keeping(_ names: Set<String>, beside desired: Resource?) -> Resource {
    guard case .template(let earlier) = spec, desired != nil || names.count < earlier.allDefinitions.count else {
      return self
    }
    var later = TemplateSpec(text: "")
    if case .template(let template)? = desired?.spec { later = template }
    let base = desired ?? self
    return Resource(
      id: id, spec: .template(later.keeping(names, of: earlier)), owner: base.owner, labels: base.labels,
      previousNames: base.previousNames, origin: base.origin, nameRange: base.nameRange,
      references: Self.distinct((desired?.references ?? []) + references))
  }

  /// One mention for each name, so that to keep the same again and again adds nothing.
  private static func distinct(_ references: [Reference]) -> [Reference] {
    var seen: Set<ReferenceKey> = []
    return references.filter { seen.insert(ReferenceKey($0)).inserted }
  }
}
