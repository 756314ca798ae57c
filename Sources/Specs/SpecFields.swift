/// The names of the fields that each kind's spec has, as `docs/spec` and the schemas list them.
package enum SpecFields {
  /// The page, and the fields that it describes: the kind's name, or `RuleFile`.
  package static let all: [(name: String, fields: [String])] = [
    ("Tenant", ScopeSettings.fieldNames),
    ("Project", ScopeSettings.fieldNames),
    ("DataSource", DataSourceSpec.fieldNames + HTTPSettings.fieldNames + HTTPSettings.tlsNames.known),
    ("RuleGroup", RuleForm.belfry.groupNames.known + RuleForm.belfry.ruleNames.known),
    ("RuleFile", RuleForm.ruleFile.groupNames.known + RuleForm.ruleFile.ruleNames.known),
    ("Route", RouteNode.fieldNames + ["always"]),
    ("Channel", ChannelSpec.fieldNames + HTTPSettings.fieldNames + EmailSpec.fieldNames),
    ("Silence", SilenceSpec.fieldNames),
    ("TimeInterval", TimeIntervalSpec.fieldNames + TimeIntervalSpec.Interval.fieldNames),
    ("InhibitRule", InhibitRuleSpec.fieldNames),
    ("Template", TemplateSpec.fieldNames),
    ("RoleBinding", RoleBindingSpec.fieldNames + RoleBindingSpec.Subject.fieldNames),
    ("Approval", ApprovalSpec.fieldNames),
  ]
}
