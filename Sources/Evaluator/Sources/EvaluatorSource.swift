package import Model
package import Specs

/// A data source as the evaluator uses it.
package struct EvaluatorSource: Sendable {
  package var id: ResourceID
  package var source: any SampleSource
  /// For one query.
  package var timeout: Duration
  /// Queries under way at once; at least 1.
  package var concurrency: Int
  /// Whether rules that name no source use it, in its scope and below.
  package var isDefault: Bool
  /// The address for people, without a slash at its end: links to expressions begin with it.
  package var externalURL: String
  /// The label by which a shared source tells tenants apart.
  ///
  /// Every selector of a tenant's expressions is bound to the tenant by it, and every series that a tenant's rules
  /// write carries it.
  package var tenantLabel: String?
  /// What becomes of recording rules.
  package var recording: DataSourceSpec.Recording
  /// Whether `ALERTS` and `ALERTS_FOR_STATE` are written.
  package var writesAlerts: Bool
  /// Where samples of rules go; without it recording rules fail and alerts are not written.
  package var sink: (any SampleSink)?

  package init(
    id: ResourceID, source: any SampleSource, timeout: Duration = .seconds(10), concurrency: Int = 8,
    isDefault: Bool = false, externalURL: String = "", tenantLabel: String? = nil,
    recording: DataSourceSpec.Recording = .external, writesAlerts: Bool = false, sink: (any SampleSink)? = nil
  ) {
    self.id = id
    self.source = source
    self.timeout = timeout
    self.concurrency = concurrency
    self.isDefault = isDefault
    self.externalURL = externalURL
    self.tenantLabel = tenantLabel
    self.recording = recording
    self.writesAlerts = writesAlerts
    self.sink = sink
  }
}
