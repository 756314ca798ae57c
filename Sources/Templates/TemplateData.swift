package import Model

/// What a rule's template sees: the sample it is expanded for, and where it is expanded.
package struct TemplateData: Sendable {
  /// The template's name in error texts: `__alert_<alert name>`.
  package var name: String
  /// The labels of the query's sample, `__name__` among them: `.Labels`, `$labels`.
  package var labels: Labels
  /// `.Value`, `$value`.
  package var value: Double
  /// `.ExternalLabels`, `$externalLabels`.
  package var externalLabels: Labels
  /// `.ExternalURL`, `$externalURL`.
  package var externalURL: String

  package init(
    name: String, labels: Labels, value: Double, externalLabels: Labels = .empty, externalURL: String = ""
  ) {
    self.name = name
    self.labels = labels
    self.value = value
    self.externalLabels = externalLabels
    self.externalURL = externalURL
  }
}
