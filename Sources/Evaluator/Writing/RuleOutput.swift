package import Model
package import PromQL

/// The series that a rule wrote last, and where: boxed, since most rules write nothing.
indirect enum RuleOutput: Sendable {
  case nothing
  case series([Labels], at: Timestamp, source: ResourceID)

  /// The series, where they were written to `source`.
  func series(of source: ResourceID) -> [Labels] {
    guard case .series(let labels, _, source) = self else { return [] }
    return labels
  }
}

extension RuleOutput {
  /// Goes on to the samples of an evaluation at `instant`; what is to be written.
  ///
  /// Series written before that are not among the samples end with a staleness marker (Prometheus does the same for
  /// each evaluation that succeeds). An instant that is no later than the one before has nothing to write.
  mutating func advance(to samples: [QuerySample], at instant: Timestamp, source: ResourceID) -> [QuerySample] {
    guard case .series(let before, let last, source) = self else {
      if !samples.isEmpty { self = .series(samples.map(\.labels), at: instant, source: source) }
      return samples
    }
    guard instant > last else { return [] }
    if samples.count == before.count, zip(samples, before).allSatisfy({ $0.labels == $1 }) {
      self = .series(before, at: instant, source: source)
      return samples
    }
    let current = Set(samples.lazy.map(\.labels))
    let ended = before.lazy.filter { !current.contains($0) }.map { QuerySample($0, .stalenessMarker) }
    self = samples.isEmpty ? .nothing : .series(samples.map(\.labels), at: instant, source: source)
    return samples + ended
  }

  /// Ends all series; the markers stand as late as the next rule to write the same series allows.
  ///
  /// That rule is evaluated at once, at a whole second, so the markers come a second before.
  func ended(at now: Timestamp, offset: Duration) -> (source: ResourceID, markers: [QuerySample], at: Timestamp)? {
    guard case .series(let labels, let last, let source) = self else { return nil }
    let instant = max(now - offset - .seconds(1), last + .milliseconds(1))
    return (source, labels.map { QuerySample($0, .stalenessMarker) }, instant)
  }
}

/// Samples on their way to a sink.
package struct RuleWrite: Sendable {
  /// The rule that made them; `nil` for the last words of a rule that is gone.
  package var rule: Int?
  package var samples: [QuerySample]
  package var at: Timestamp
  package var sink: any SampleSink
  /// Whether the rule's last write failed.
  package var isRecovery = false
}

/// Where a rule's samples go, and what marks them as a tenant's.
package struct RuleDestination: Sendable {
  package var source: ResourceID
  package var sink: any SampleSink
  /// The label that every series must carry.
  package var binding: Label?

  package init(source: ResourceID, sink: any SampleSink, binding: Label? = nil) {
    self.source = source
    self.sink = sink
    self.binding = binding
  }
}
