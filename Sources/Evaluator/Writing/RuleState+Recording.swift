import Model
import PromQL
import Specs

extension RuleState {
  /// Goes on with the samples of a recording rule's expression; what is to be written.
  ///
  /// The record's name and the rule's labels replace the samples' own (Prometheus `RecordingRule.Eval`). After a throw
  /// nothing has changed.
  mutating func record(
    _ samples: [QuerySample], at instant: Timestamp, rule index: Int, of definition: GroupDefinition,
    to destination: RuleDestination
  ) throws(RuleFailure) -> [QuerySample] {
    guard !samples.isEmpty else { return output.advance(to: [], at: instant, source: destination.source) }
    let name = definition.spec.rules[index].name
    let labels = definition.mergedLabels(index)
    let recorded = samples.map { sample in
      var sample = sample
      sample.labels["__name__"] = name
      for label in labels { sample.labels[label.name] = label.value }
      if let binding = destination.binding { sample.labels[binding.name] = binding.value }
      return sample
    }
    try checkDuplicates(recorded, destination)
    let limit = definition.spec.limit
    guard limit <= 0 || recorded.count <= limit else { throw .seriesLimitExceeded(limit: limit, count: recorded.count) }
    return output.advance(to: recorded, at: instant, source: destination.source)
  }

  private func checkDuplicates(_ samples: [QuerySample], _ destination: RuleDestination) throws(RuleFailure) {
    let before = output.series(of: destination.source)
    // Series that are the same as last time were checked then.
    if samples.count == before.count, zip(samples, before).allSatisfy({ $0.labels == $1 }) { return }
    var seen: Set<Labels> = []
    for sample in samples where !seen.insert(sample.labels).inserted { throw .duplicateSeries(sample.labels) }
  }

  /// Goes on with the alerts as they now are; what is to be written of `ALERTS` and `ALERTS_FOR_STATE`.
  mutating func writeAlerts(
    at instant: Timestamp, rule index: Int, of definition: GroupDefinition, to destination: RuleDestination
  ) -> [QuerySample] {
    guard !alerts.isEmpty else { return output.advance(to: [], at: instant, source: destination.source) }
    // As Prometheus has it: labels as they are written, under those of the alert.
    let written = Labels(definition.mergedLabels(index))
    var samples: [QuerySample] = []
    samples.reserveCapacity(alerts.count * 2)
    for alert in alerts {
      var labels = alert.labels.filled(from: written)
      if let binding = destination.binding { labels[binding.name] = binding.value }
      let since = alert.phase.activeAt.roundedDown(to: .seconds(1))
      labels["__name__"] = "ALERTS_FOR_STATE"
      let state = QuerySample(labels, since.secondsSinceEpoch)
      labels["__name__"] = "ALERTS"
      labels["alertstate"] = alert.state == .firing ? "firing" : "pending"
      samples += [QuerySample(labels, 1), state]
    }
    return output.advance(to: samples, at: instant, source: destination.source)
  }
}
