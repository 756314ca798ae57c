extension SpecSchema {
  static let basicAuth = SchemaObject(
    "A login.",
    [.required("username", .word, "the user"), .required("password", .secret, "the password")])

  static let authorization = SchemaObject(
    "A token, in Prometheus's words.",
    [
      SchemaField("type", .pattern(anyCase: "^bearer$"), "`Bearer`"),
      .required("credentials", .secret, "the token"),
    ])

  static let tls = SchemaObject(
    "Certificates as PEM texts.",
    [
      SchemaField("ca", .secret, "whom to trust"),
      SchemaField("cert", .secret, "a certificate of our own"),
      SchemaField("key", .secret, "its key"),
      SchemaField("insecure_skip_verify", .boolean, "trusts anybody"),
    ], rules: [.needs("cert", ["key"]), .needs("key", ["cert"])])

  /// What every HTTP client has, without a login.
  static let transportFields = [
    SchemaField("tls_config", .shared("tls"), "certificates as PEM texts"),
    SchemaField("proxy_url", .url, "an HTTP proxy"),
    SchemaField("headers", .headers(orSecret: false), "sent with every request"),
  ]
  static let loginFields = [
    SchemaField("basic_auth", .shared("basicAuth"), "a login"),
    SchemaField("authorization", .shared("authorization"), "the same, in Prometheus's words"),
    SchemaField("bearer_token", .secret, "sent as `Authorization: Bearer`"),
  ]
  static let login = SchemaObject.Rule.atMostOne(["basic_auth", "authorization", "bearer_token"])

  private static let server = SchemaObject(
    "An address.",
    [.required("url", .urlOrSecret, "`http://` or `https://`, with the path before `/api/v1`")] + loginFields
      + transportFields, rules: [login])

  static let dataSource = SchemaObject(
    "Where rules are evaluated.",
    [
      SchemaField("prometheus", .object(server), "a server with Prometheus's query API", isNullable: false),
      SchemaField(
        "victoriametrics", .object(server), "a server with VictoriaMetrics' query API", isNullable: false),
      SchemaField("embedded", .object(embedded), "samples that this process takes and keeps itself"),
      SchemaField("timeout", .duration(allowsZero: false), "for one query"),
      SchemaField(
        "concurrency", .integer(1...1000), "queries under way at once, shared fairly among tenants"),
      SchemaField(
        "tenant_label", .pattern("^[a-zA-Z_][a-zA-Z0-9_]*$"),
        "this label with the tenant's name is put into every selector of a tenant's expressions"),
      SchemaField(
        "accept_partial", .boolean,
        "whether an answer that calls itself partial counts; otherwise it counts as failing"),
      SchemaField(
        "recording", .words(DataSourceSpec.Recording.self),
        "recording rules are left to the server that has them, or evaluated here, in their place in the group"),
      SchemaField(
        "remote_write", .object(server),
        "where evaluated recording rules of a server are written, by remote write 1.0"),
      SchemaField("write_alerts", .boolean, "write the series `ALERTS` and `ALERTS_FOR_STATE` too"),
      SchemaField("default", .boolean, "the source of rules that name none"),
      SchemaField("external_url", .url, "the address for people, in links"),
    ],
    rules: [
      .oneOf(["prometheus", "victoriametrics", "embedded"]), .excludes("embedded", ["remote_write"]),
      .valueNeeds("recording", .word("evaluate"), "remote_write", unless: "embedded"),
      .valueNeeds("write_alerts", .yes, "remote_write", unless: "embedded"),
    ])

  private static let embedded = SchemaObject(
    "Samples that this process takes and keeps itself.",
    [
      SchemaField("retention", .duration(allowsZero: false), "how long samples are kept"),
      SchemaField("max_series", .integer(1...10_000_000), "samples of further series are refused and counted"),
      SchemaField(
        "max_disk", .pattern("^[0-9]+(B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)?$"),
        "what its file may take; the oldest samples go first"),
      SchemaField(
        "host",
        .object(
          SchemaObject(
            "This machine.", [SchemaField("interval", .duration(allowsZero: false), "how often it is looked at")])),
        "this machine's CPU, memory, file systems, disks, network, load and uptime, under node_exporter's names; in "
          + "`platform/` only"),
      SchemaField("scrape", .list(.object(scrape)), "jobs, whose targets are asked for metrics"),
    ])

  private static let scrape = SchemaObject(
    "Targets that are asked for metrics.",
    [
      .required("job_name", .word, "the label `job`"),
      .required("targets", .list(.pattern("^[^/@\\s]+$"), distinct: true), "each is the label `instance`"),
      SchemaField("interval", .duration(allowsZero: false), "how often"),
      SchemaField("timeout", .duration(allowsZero: false), "how long to wait"),
      SchemaField("scheme", .choice(["http", "https"]), "the rest of the address"),
      SchemaField("metrics_path", .pattern("^/"), "the rest of the address"),
      SchemaField("labels", .texts, "given to every series"),
      SchemaField(
        "honor_labels", .boolean, "whether the target's labels win over ours; else they become `exported_…`"),
      SchemaField("honor_timestamps", .boolean, "whether the target's timestamps count"),
      SchemaField("sample_limit", .integer(0...10_000_000), "a scrape with more samples fails"),
    ] + loginFields + transportFields, rules: [login])
}
