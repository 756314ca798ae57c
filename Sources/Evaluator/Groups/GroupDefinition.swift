package import Model
package import Specs

/// A rule group to be evaluated, as the applied specs have it.
package struct GroupDefinition: Hashable, Sendable {
  package let id: ResourceID
  package let spec: RuleGroupSpec
  package let context: RuleContext
  /// The path in the repository: with the group's name it says when the group is evaluated.
  package let file: String
  /// Where each rule is written, and who changed it last; in order.
  package internal(set) var provenance: [Provenance]

  package init(
    id: ResourceID, spec: RuleGroupSpec, context: RuleContext, file: String, provenance: [Provenance]
  ) {
    self.id = id
    self.spec = spec
    self.context = context
    self.file = file
    self.provenance = provenance
  }

  /// The definition of a `RuleGroup` resource; `nil` for another kind.
  ///
  /// `provenance` says of each rule where it is written and who changed it last; without it the places alone count.
  package init?(_ resource: Resource, context: RuleContext, provenance: [Provenance]? = nil) {
    guard case .ruleGroup(let spec) = resource.spec else { return nil }
    let origin = resource.origin
    let places = spec.rules.indices.map { index in
      let line = index < origin.ruleLines.count ? Int(origin.ruleLines[index]) : origin.line
      return Provenance(file: origin.file, line: line)
    }
    self.init(
      id: resource.id, spec: spec, context: context, file: origin.file, provenance: provenance ?? places)
  }

  /// How often the group is evaluated; at least a millisecond.
  package var interval: Duration { max(spec.interval ?? context.interval, .milliseconds(1)) }

  /// The most alerts of one rule, by the group or by its scope; 0 for no limit.
  package var limit: Int {
    switch (spec.limit, context.alertsPerRule ?? 0) {
    case (let group, 0): group
    case (0, let scope): scope
    case (let group, let scope): min(group, scope)
    }
  }

  /// A rule's reference, for the alerts it makes.
  package func reference(_ index: Int) -> RuleReference {
    let place = index < provenance.count ? provenance[index] : Provenance(file: file, line: 1)
    return RuleReference(group: id, rule: spec.rules[index].name, provenance: place)
  }

  /// A rule's labels with the group's under them, as they are written, sorted by name.
  package func mergedLabels(_ index: Int) -> [Label] {
    let own = spec.rules[index].labels
    guard !spec.labels.isEmpty else { return own }
    let inherited = spec.labels.filter { label in !own.contains { $0.name == label.name } }
    return (inherited + own).sorted { $0.name.precedesInBytes($1.name) }
  }
}

extension Rule {
  /// What becomes of a rule.
  package enum Treatment: Hashable, Sendable {
    case evaluated
    /// A recording rule that is left to the server that has it.
    case external
    /// `enabled: false`.
    case disabled
  }

  /// Alerting rules are evaluated unless they are disabled; recording rules as their data source says.
  package func treatment(recording: DataSourceSpec.Recording) -> Treatment {
    guard enabled else { return .disabled }
    return purpose == .record && recording == .external ? .external : .evaluated
  }

  /// `for` and `keep_firing_for`.
  package var firingHold: Hold { Hold(beforeFiring: hold, afterwards: keepFiringFor) }
}

extension GroupDefinition {
  /// The name of the source that a rule asks; `nil` for the nearest default one.
  package func sourceName(_ index: Int) -> String? {
    spec.rules[index].dataSource ?? spec.dataSource ?? context.dataSource
  }
}
