package import Diagnostics
package import Model

/// What a document says, by kind. There is no `default` over this anywhere: a new kind is a compile error until served.
package enum Spec: Hashable, Sendable {
  case platform(ScopeSettings)
  case tenant(ScopeSettings)
  case project(ScopeSettings)
  case dataSource(DataSourceSpec)
  case ruleGroup(RuleGroupSpec)
  case route(RouteSpec)
  case channel(ChannelSpec)
  case silence(SilenceSpec)
  case timeInterval(TimeIntervalSpec)
  case inhibitRule(InhibitRuleSpec)
  case template(TemplateSpec)
  case roleBinding(RoleBindingSpec)
  case approval(ApprovalSpec)
}

/// Where a resource is written. It plays no part in comparison.
package struct Origin: Sendable {
  /// Which of the accepted forms a document has.
  package enum Format: String, Hashable, Sendable {
    case belfry
    case ruleFile = "rule file"
    case prometheusRule = "PrometheusRule"
  }

  /// The path in the repository.
  package var file: String
  /// 1-based; the line of the name, or of the group.
  package var line: Int
  /// 0-based position of the document in its file.
  package var document: Int
  package var format: Format
  /// The line of each rule of a group, in order; empty for other kinds.
  package var ruleLines: [Int32]

  package init(file: String, line: Int, document: Int, format: Format, ruleLines: [Int32] = []) {
    self.file = file
    self.line = line
    self.document = document
    self.format = format
    self.ruleLines = ruleLines
  }
}

/// A mention of another resource by name; it resolves upwards (project, tenant, platform), never sideways.
package struct Reference: Hashable, Sendable {
  package var kind: Kind
  package var name: String
  /// Where it is written, in the resource's own file.
  package var range: SourceRange

  package init(_ kind: Kind, _ name: String, at range: SourceRange) {
    self.kind = kind
    self.name = name
    self.range = range
  }
}

/// One resource of the desired state: who it is, what it says, what it needs, where it stands.
package struct Resource: Sendable {
  package var id: ResourceID
  package var spec: Spec
  /// `metadata.owner`: whom diagnostics concern.
  package var owner: String?
  /// `metadata.labels`: for people and filters; no alert gets them.
  package var labels: Labels
  /// `metadata.previous_names`: state is taken over from these.
  package var previousNames: [String]
  package var origin: Origin
  /// The range of the name, for diagnostics about the resource as a whole.
  package var nameRange: SourceRange
  package var references: [Reference]
  /// A hash over the meaning (``Resource/visitFields(_:)``), the same on every run: equal digests mean no change.
  package let digest: UInt64

  package init(
    id: ResourceID, spec: Spec, owner: String? = nil, labels: Labels = .empty, previousNames: [String] = [],
    origin: Origin, nameRange: SourceRange, references: [Reference] = []
  ) {
    self.id = id
    self.spec = spec
    self.owner = owner
    self.labels = labels
    self.previousNames = previousNames
    self.origin = origin
    self.nameRange = nameRange
    self.references = references
    var digest = FieldDigest()
    Self.visit(spec, owner: owner, labels: labels, with: &digest)
    self.digest = digest.value
  }

  /// Every field that has meaning, in a fixed order: what plans compare and print.
  package func visitFields(_ visitor: inout some FieldVisitor) {
    Self.visit(spec, owner: owner, labels: labels, with: &visitor)
  }

  /// The span of the resource's name.
  package var span: SourceSpan { SourceSpan(file: origin.file, range: nameRange) }
}
