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

extension MetricFamily.Sample {
  /// The lines of one classic histogram.
  ///
  /// `bounds` are the upper bounds in the metric's unit; `buckets` has one count more than there are bounds, not added
  /// up: those beyond the last come last.
  package static func histogram(_ labels: [Label], _ bounds: [Double], _ buckets: [Int], sum: Double) -> [Self] {
    var total = 0
    var samples: [Self] = []
    for (bound, count) in zip(bounds.map { "\($0)" } + ["+Inf"], buckets) {
      total += count
      samples.append(Self(suffix: "_bucket", labels: labels + [Label("le", bound)], value: Double(total)))
    }
    samples.append(Self(suffix: "_sum", labels: labels, value: sum))
    samples.append(Self(suffix: "_count", labels: labels, value: Double(total)))
    return samples
  }
}
