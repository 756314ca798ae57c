import Model
import YAML

extension Spec {
  /// Reads the spec of a document; `nil`, with findings, when what the kind can't do without is missing.
  init?(_ envelope: inout Envelope, _ reading: inout Reading) {
    let node = envelope.spec
    let spec: Spec?
    switch envelope.kind {
    case .platform: spec = ScopeSettings(node, "a Platform", &reading).map(Spec.platform)
    case .tenant: spec = ScopeSettings(node, "a Tenant", &reading).map(Spec.tenant)
    case .project: spec = ScopeSettings(node, "a Project", &reading).map(Spec.project)
    case .dataSource: spec = DataSourceSpec(node, &reading).map(Spec.dataSource)
    case .ruleGroup:
      let group = reading.ruleGroup(node, .belfry, named: envelope.name)
      envelope.ruleLines = group?.ruleLines ?? []
      spec = group.map { .ruleGroup($0.spec) }
    case .route: spec = RouteSpec(node, &reading).map(Spec.route)
    case .channel: spec = ChannelSpec(node, &reading).map(Spec.channel)
    case .silence: spec = SilenceSpec(node, &reading).map(Spec.silence)
    case .timeInterval: spec = TimeIntervalSpec(node, &reading).map(Spec.timeInterval)
    case .inhibitRule: spec = InhibitRuleSpec(node, &reading).map(Spec.inhibitRule)
    case .template: spec = TemplateSpec(node, &reading).map(Spec.template)
    case .roleBinding: spec = RoleBindingSpec(node, &reading).map(Spec.roleBinding)
    case .approval: spec = ApprovalSpec(node, &reading).map(Spec.approval)
    }
    guard let spec else { return nil }
    self = spec
  }
}
