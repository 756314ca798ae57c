package import Model

/// One metric with all its samples, as `/metrics` shows it.
package struct MetricFamily: Hashable, Sendable {
  /// Prometheus's types.
  package enum Kind: String, Hashable, Sendable {
    case counter, gauge, histogram, summary, untyped
  }

  /// One line: `name + suffix`, labels, value.
  package struct Sample: Hashable, Sendable {
    /// `_bucket`, `_sum`, `_count`, or empty.
    package var suffix: String
    /// In the order in which they are printed.
    package var labels: [Label]
    package var value: Double

    package init(suffix: String = "", labels: [Label] = [], value: Double) {
      self.suffix = suffix
      self.labels = labels
      self.value = value
    }
  }

  package var name: String
  package var help: String
  package var kind: Kind
  package var samples: [Sample]

  package init(name: String, help: String, kind: Kind, samples: [Sample]) {
    self.name = name
    self.help = help
    self.kind = kind
    self.samples = samples
  }

  /// A family of one sample without labels.
  package init(_ name: String, _ help: String, _ kind: Kind, _ value: Double) {
    self.init(name: name, help: help, kind: kind, samples: [Sample(value: value)])
  }
}
