package import Model
package import PromQL
import Synchronization

/// A sample for a series that was looked up before.
package struct ReferencedSample: Hashable, Sendable {
  package var series: SeriesReference
  package var time: Timestamp
  package var value: Double

  package init(_ series: SeriesReference, _ value: Double, at time: Timestamp) {
    self.series = series
    self.time = time
    self.value = value
  }
}

/// What became of a batch.
package struct AppendOutcome: Hashable, Sendable {
  package var counts = SampleCounts()
  /// Places in the batch whose references are outdated: their samples were not taken. Look the series up again.
  package var outdated: [Int] = []

  package init() {}
}

extension SampleStore {
  /// A reference for each label set, for as long as the series is in the store; `nil` where there are too many series.
  package func references(for labels: [Labels]) -> [SeriesReference?] {
    head.withLock { head in labels.map { head.reference(for: $0) } }
  }

  /// Adds samples whose series were looked up; the times of one series must ascend.
  ///
  /// The usual case costs no look at labels. ``Double/stalenessMarker`` ends a series.
  @discardableResult
  package func append(_ samples: [ReferencedSample], now: Timestamp) -> AppendOutcome {
    head.withLock { head in
      var outcome = AppendOutcome()
      let window = head.window(now)
      for (index, sample) in samples.enumerated() {
        let time = sample.time.millisecondsSinceEpoch
        guard head.append(time, sample.value, to: sample.series, window, &outcome.counts) else {
          outcome.outdated.append(index)
          continue
        }
      }
      head.counts += outcome.counts
      head.makeRoom()
      return outcome
    }
  }

  /// Adds samples by their labels.
  @discardableResult
  package func append(
    _ samples: [(labels: Labels, value: Double)], at time: Timestamp, now: Timestamp
  ) -> SampleCounts {
    append(samples.lazy.map { ($0.labels, CollectionOfOne((time, $0.value))) }, now: now)
  }

  /// Adds whole series.
  @discardableResult
  package func append(_ series: [SampleSeries], now: Timestamp) -> SampleCounts {
    append(series.lazy.map { ($0.labels, zip($0.times, $0.values)) }, now: now)
  }

  private func append(
    _ series: some Sequence<(Labels, some Sequence<(Timestamp, Double)>)>, now: Timestamp
  ) -> SampleCounts {
    head.withLock { head in
      var counts = SampleCounts()
      let window = head.window(now)
      for (labels, samples) in series {
        let reference = head.reference(for: labels)
        for (time, value) in samples {
          guard let reference else {
            counts.withoutSeries += 1
            continue
          }
          _ = head.append(time.millisecondsSinceEpoch, value, to: reference, window, &counts)
        }
      }
      head.counts += counts
      head.makeRoom()
      return counts
    }
  }
}
