/// The names of the fields that each kind's spec has, as `docs/spec` and the schemas list them.
package enum SpecFields {
  /// The page, and the fields that it describes: the kind's name, or `RuleFile`.
  package static let all: [(name: String, fields: [String])] = [
    ("Platform", ScopeSettings.fieldNames + ScopeSettings.platformFieldNames),
    ("Tenant", ScopeSettings.fieldNames),
    ("Project", ScopeSettings.fieldNames),
    ("DataSource", DataSourceSpec.fieldNames + HTTPSettings.fieldNames + HTTPSettings.tlsNames.known),
    ("RuleGroup", RuleForm.belfry.groupNames.known + RuleForm.belfry.ruleNames.known),
    ("RuleFile", RuleForm.ruleFile.groupNames.known + RuleForm.ruleFile.ruleNames.known),
    ("Route", RouteNode.fieldNames + ["always"]),
    ("Channel", ChannelSpec.fieldNames),
    ("Silence", SilenceSpec.fieldNames),
    ("TimeInterval", TimeIntervalSpec.fieldNames + TimeIntervalSpec.Interval.fieldNames),
    ("InhibitRule", InhibitRuleSpec.fieldNames),
    ("Template", TemplateSpec.fieldNames),
    ("RoleBinding", RoleBindingSpec.fieldNames + RoleBindingSpec.Subject.fieldNames + SigningKeyEntry.fieldNames),
    ("Approval", ApprovalSpec.fieldNames),
  ]

  /// The fields of each kind of channel, as its page in `docs/channels` lists them.
  package static func fields(of kind: ChannelKind) -> [String] {
    switch kind {
    case .console: []
    case .webhook: WebhookSpec.fieldNames
    case .email: EmailSpec.fieldNames
    case .feishu: FeishuSpec.fieldNames
    case .dingtalk: DingTalkSpec.fieldNames
    case .wecom: WeComSpec.fieldNames
    case .slack: SlackSpec.fieldNames
    case .teams: TeamsSpec.fieldNames
    case .telegram: TelegramSpec.fieldNames
    case .discord: DiscordSpec.fieldNames
    case .mattermost: MattermostSpec.fieldNames
    case .ntfy: NtfySpec.fieldNames
    case .pagerduty: PagerDutySpec.fieldNames
    case .opsgenie: OpsgenieSpec.fieldNames
    case .sms: SMSSpec.fieldNames
    case .alertmanager: AlertmanagerSpec.fieldNames
    }
  }
}
