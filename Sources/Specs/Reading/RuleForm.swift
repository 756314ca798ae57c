import Model

/// In which of the accepted forms rules are written; they differ in a few fields.
enum RuleForm {
  /// A Prometheus rule file.
  case ruleFile
  /// `PrometheusRule` of the Prometheus operator.
  case prometheusRule
  /// Belfry's `RuleGroup`.
  case belfry

  var format: Origin.Format {
    switch self {
    case .ruleFile: .ruleFile
    case .prometheusRule: .prometheusRule
    case .belfry: .belfry
    }
  }

  var groupNames: FieldNames {
    switch self {
    case .ruleFile: Self.plainGroup
    case .prometheusRule: Self.operatorGroup
    case .belfry: Self.belfryGroup
    }
  }

  var ruleNames: FieldNames {
    switch self {
    case .ruleFile, .prometheusRule: Self.plainRule
    case .belfry: Self.belfryRule
    }
  }

  static let ruleFileNames: FieldNames = {
    var names = FieldNames("a rule file", ["groups"])
    names.dialects = ["namespace": "Mimir and Loki"]
    return names
  }()

  private static let plainGroup: FieldNames = {
    var names = FieldNames("a rule group", ["name", "interval", "query_offset", "limit", "labels", "rules"])
    names.dialects = groupDialects
    names.dialects["partial_response_strategy"] = "Thanos"
    names.answers = ["data_source": belfryOnly("data_source")]
    return names
  }()

  private static let operatorGroup: FieldNames = {
    var names = FieldNames("a rule group", plainGroup.known + ["partial_response_strategy"])
    names.dialects = groupDialects
    names.answers = plainGroup.answers
    return names
  }()

  private static let belfryGroup: FieldNames = {
    var names = FieldNames(
      "a RuleGroup", ["interval", "query_offset", "limit", "labels", "data_source", "rules"])
    names.dialects = groupDialects
    names.answers = ["name": "the group's name is 'metadata.name'", "groups": "write one RuleGroup for each group"]
    return names
  }()

  private static let plainRule: FieldNames = {
    var names = FieldNames(
      "a rule", ["alert", "record", "expr", "for", "keep_firing_for", "labels", "annotations"])
    names.dialects = ruleDialects
    for field in belfryRuleFields { names.answers[field] = belfryOnly(field) }
    return names
  }()

  private static let belfryRule: FieldNames = {
    var names = FieldNames("a rule", plainRule.known + belfryRuleFields)
    names.dialects = ruleDialects
    return names
  }()

  private static let belfryRuleFields = [
    "data_source", "enabled", "channels", "repeat_interval", "cooldown", "max_per_day",
  ]

  private static func belfryOnly(_ field: String) -> String {
    "'\(field)' belongs to Belfry; write the group as 'kind: RuleGroup' to use it"
  }

  private static let groupDialects: [String: String] = {
    var dialects: [String: String] = [:]
    for name in [
      "type", "concurrency", "eval_offset", "eval_delay", "eval_alignment", "params", "headers", "notifier_headers",
      "extra_filter_labels", "tenant", "debug",
    ] { dialects[name] = "vmalert" }
    for name in ["source_tenants", "align_evaluation_time_on_interval", "evaluation_delay"] { dialects[name] = "Mimir" }
    dialects["remote_write"] = "Loki"
    return dialects
  }()

  private static let ruleDialects = ["debug": "vmalert", "update_entries_limit": "vmalert"]
}
