package import Model

/// The form of every document: by kind, and of Prometheus's own files.
package enum SpecSchema {
  /// The spec of a kind's documents.
  package static func spec(of kind: Kind) -> SchemaObject {
    switch kind {
    case .platform: platform
    case .tenant: tenant
    case .project: project
    case .dataSource: dataSource
    case .ruleGroup: ruleGroup
    case .route: route
    case .channel: channel
    case .silence: silence
    case .timeInterval: timeInterval
    case .inhibitRule: inhibitRule
    case .template: template
    case .roleBinding: roleBinding
    case .approval: approval
    }
  }

  /// Objects that stand in several places, or within themselves, by name.
  package static let shared: [(name: String, object: SchemaObject)] = [
    ("route", childRoute), ("rule", plainRule), ("group", plainGroup), ("tls", tls), ("basicAuth", basicAuth),
    ("authorization", authorization),
  ]

  /// A Prometheus rule file.
  package static let ruleFile = SchemaObject(
    "A Prometheus rule file, as it is.",
    [SchemaField("groups", .list(.shared("group")), "the rule groups")])

  /// The spec of a `PrometheusRule` (`monitoring.coreos.com/v1`).
  package static let prometheusRule = SchemaObject(
    "The rules of a PrometheusRule, as it is.",
    [
      SchemaField(
        "groups",
        .list(
          .object(
            SchemaObject(
              plainGroup.meaning,
              plainGroup.fields + [
                SchemaField("partial_response_strategy", .text, "has no effect here")
              ]))), "the rule groups")
    ])

  /// `metadata` of every Belfry document.
  package static let metadata = SchemaObject(
    "Who the document is.",
    [
      .required("name", .pattern(#"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"#), "unique in its scope, by kind"),
      SchemaField("owner", .word, "whom diagnostics concern"),
      SchemaField("labels", .texts, "for people and filters; no alert gets them"),
      SchemaField("previous_names", .names, "state is taken over from these"),
    ])
}
