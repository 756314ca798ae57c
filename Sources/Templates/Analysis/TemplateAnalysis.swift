/// What can be said of a template without data.
package struct TemplateAnalysis: Sendable {
  /// Something that a template names, and where.
  package struct Use: Hashable, Sendable {
    package let name: String
    /// In bytes from the start of the template.
    package let offset: Int
  }

  /// The labels of the sample that it takes: `.Labels.x`, `$labels.x`, `index $labels "x"`, by variables too.
  package internal(set) var labelUses: [Use] = []
  /// The external labels that it takes.
  package internal(set) var externalLabelUses: [Use] = []
  /// The queries whose text is written out.
  package internal(set) var queries: [Use] = []
  /// The templates that it calls and doesn't define itself.
  package internal(set) var calls: [Use] = []
  /// What will fail, or print something else than meant.
  package internal(set) var findings: [TemplateFinding] = []
  package internal(set) var dependencies: TemplateDependencies = []

  init(
    of nodes: [TemplateNode], definitions: [String: TemplateDefinition], functions: TemplateFunctionSet,
    library: TemplateLibrary = .empty
  ) {
    var analyst = TemplateAnalyst(definitions: definitions, functions: functions, library: library)
    analyst.look(at: nodes)
    self = analyst.analysis
  }

  /// The empty analysis.
  init() {}
}

/// Something that is wrong with a template though it can be read.
package struct TemplateFinding: Hashable, Sendable {
  /// What kind of fault it is.
  package enum Kind: String, Hashable, Sendable {
    /// A field that the value doesn't have.
    case unknownField
    /// Too few or too many arguments.
    case argumentCount
    /// An argument of another type than the function takes.
    case argumentType
    /// Values of different types compared.
    case comparison
    /// A pattern that RE2 refuses.
    case pattern
    /// `template` with a name that nothing defines.
    case undefinedTemplate
    /// A variable assigned that isn't declared.
    case undefinedVariable
    /// A verb of `printf` that doesn't fit its value.
    case verb
  }

  package let kind: Kind
  /// In bytes from the start of the template.
  package let offset: Int
  /// What is found, and what comes of it.
  package let message: String
  /// What to write instead, where that is known.
  package let fix: String?
  /// Whether it comes about on every expansion; otherwise it may stand in a branch that is never taken.
  package internal(set) var isCertain = false

  package init(_ kind: Kind, at offset: Int, _ message: String, fix: String? = nil) {
    self.kind = kind
    self.offset = offset
    self.message = message
    self.fix = fix
  }
}
