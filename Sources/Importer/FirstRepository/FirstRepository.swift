package import Model

/// The files of a first spec repository: a platform, one tenant with a rule and its test, and what a forge and an editor
/// need. `belfry check` and `belfry test` find nothing wrong with it.
package struct FirstRepository: Sendable {
  /// The tenant's name.
  let tenant: String
  /// When the sample of a silence begins: a date in the future.
  let silenceStart: Timestamp

  /// `now` dates the sample of a silence.
  ///
  /// - Returns: `nil` where `tenant` can't name a folder.
  package init?(tenant: String, now: Timestamp) {
    guard tenant.isLabel, tenant != "platform" else { return nil }
    self.tenant = tenant
    let day: Int64 = 86_400_000
    let midnight = now.millisecondsSinceEpoch / day * day
    silenceStart = Timestamp(millisecondsSinceEpoch: midnight + 30 * day + 8 * 3_600_000)
  }

  package var files: [ImportedFile] {
    specs
      + [
        ImportedFile("README.md", ForgeFiles.readme(tenant: tenant)),
        ImportedFile("CODEOWNERS", ForgeFiles.owners(tenant: tenant)),
        ImportedFile(".github/workflows/belfry.yml", ForgeFiles.github),
        ImportedFile(".gitlab-ci.yml", ForgeFiles.gitlab),
        ImportedFile(".editorconfig", ForgeFiles.editorConfig),
        ImportedFile(".vscode/settings.json", ForgeFiles.codeSettings),
        ImportedFile(".vscode/extensions.json", ForgeFiles.codeExtensions),
        ImportedFile(".gitignore", ForgeFiles.ignored),
      ]
  }

  private var specs: [ImportedFile] {
    let folder = "tenants/" + tenant + "/"
    return [
      ImportedFile("platform/platform.yaml", Self.platform),
      ImportedFile("platform/sources.yaml", Self.sources),
      ImportedFile(folder + "tenant.yaml", tenantText),
      ImportedFile(folder + "channels.yaml", Self.channels),
      ImportedFile(folder + "routes.yaml", Self.routes),
      ImportedFile(folder + "rules.yaml", Self.rules),
      ImportedFile(folder + "rules_test.yaml", Self.tests),
      ImportedFile(folder + "silences.yaml", silences),
    ]
  }

  private static let platform = """
    # What holds for everybody: who may change what, how often rules are evaluated.
    apiVersion: belfry/v1
    kind: Platform
    metadata: {name: platform}
    spec:
      interval: 30s
      timezone: UTC

    """

  private static let sources = """
    # Where samples come from, and the channel and route for alerts that no tenant routes.
    apiVersion: belfry/v1
    kind: DataSource
    metadata: {name: main}
    spec:
      prometheus: {url: 'http://127.0.0.1:9090'}   # your Prometheus or VictoriaMetrics
      default: true
    ---
    apiVersion: belfry/v1
    kind: Channel
    metadata: {name: console}
    spec:
      console: {}   # prints to the controller's output
    ---
    apiVersion: belfry/v1
    kind: Route
    metadata: {name: default}
    spec:
      channel: console

    """

  private var tenantText: String {
    """
    # One folder is one tenant; its name is the folder's.
    apiVersion: belfry/v1
    kind: Tenant
    metadata: {name: \(tenant)}
    spec:
      timezone: UTC

    """
  }

  private static let channels = """
    # The address is a secret: a file that the controller reads, never a text in git.
    apiVersion: belfry/v1
    kind: Channel
    metadata: {name: oncall}
    spec:
      webhook:
        url: {secret: oncall-url}
      send_resolved: true

    """

  private static let routes = """
    # Which alerts go where. Written as in Alertmanager, with 'channel' in place of 'receiver'.
    apiVersion: belfry/v1
    kind: Route
    metadata: {name: default}
    spec:
      channel: oncall
      group_by: [alertname]
      group_wait: 30s
      group_interval: 5m
      repeat_interval: 4h
      routes:
        - matchers: ['severity="info"']
          channel: console   # the platform's: names are looked for in the tenant, then in the platform

    """

  private static let rules = """
    # A Prometheus rule file, as it is.
    groups:
      - name: instances
        rules:
          - alert: InstanceDown
            expr: up == 0
            for: 5m
            labels:
              severity: critical
            annotations:
              summary: '{{ $labels.instance }} of {{ $labels.job }} is down'

    """

  private static let tests = """
    # What the rules do, tried without a server: belfry test
    rule_files: [rules.yaml]
    evaluation_interval: 30s
    tests:
      - name: an instance that is down for five minutes
        interval: 1m
        input_series:
          - series: up{job="web", instance="web-1"}
            values: 1x4 0x10
        alert_rule_test:
          - eval_time: 9m
            alertname: InstanceDown
          - eval_time: 11m
            alertname: InstanceDown
            exp_alerts:
              - exp_labels: {severity: critical, job: web, instance: web-1}
                exp_annotations:
                  summary: web-1 of web is down
      - name: who is told
        route_test:
          - labels: {alertname: InstanceDown, severity: critical}
            exp_channels: [oncall]
          - labels: {alertname: DiskFillsUp, severity: info}
            exp_channels: [console]

    """

  private var silences: String {
    """
    # A sample: a maintenance that ends by itself. Change or remove it.
    apiVersion: belfry/v1
    kind: Silence
    metadata: {name: sample-maintenance}
    spec:
      matchers: ['instance="web-1"']
      starts_at: \(silenceStart)
      duration: 2h
      comment: web-1 gets a new disk

    """
  }
}
