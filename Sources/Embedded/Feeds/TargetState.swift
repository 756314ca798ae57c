import Model
import PromQL

/// What a feed remembers from one scrape to the next.
struct TargetState: Sendable {
  private var cache = SeriesCache()
  private var scrapes: UInt64 = 0
  private var reports: [SeriesReference?] = []
  /// The time of the newest sample.
  private var last = Timestamp(millisecondsSinceEpoch: .min)

  /// How many series the last scrape had.
  var seriesCount: Int { cache.count }

  /// Keeps the samples of an answer, marks the end of series that aren't there any more, and reports the scrape.
  ///
  /// - Throws: ``ExpositionError`` or ``TooManySamples``; nothing is kept then, and ``fail(_:plan:store:)`` is due.
  mutating func keep(
    _ body: [UInt8], _ format: ExpositionParser.Format, _ scrape: Scrape, plan: FeedPlan, store: SampleStore
  ) throws -> ScrapeOutcome {
    scrapes += 1
    let read = try cache.read(body, format, scrape: scrapes, at: scrape.time, plan: plan)
    var outcome = ScrapeOutcome()
    lookUp(store)
    outcome.counts = append(read.samples, store, scrape.time)
    outcome.counts.duplicates += read.duplicates
    mark(cache.removeUnseen(scrapes), scrape.time, store)
    outcome.samples = read.scraped
    outcome.series = cache.count
    report(
      scrape, plan, store, isUp: true,
      samples: read.scraped, kept: read.scraped - read.duplicates, added: read.added)
    last = max(last, scrape.time)
    return outcome
  }

  /// Marks the end of all series and reports that the scrape failed.
  mutating func fail(_ scrape: Scrape, plan: FeedPlan, store: SampleStore) {
    mark(takeLive(), scrape.time, store)
    report(scrape, plan, store, isUp: false, samples: 0, kept: 0, added: 0)
    last = max(last, scrape.time)
  }

  /// Marks the end of all series, those of the reports too.
  mutating func end(now: Timestamp, store: SampleStore) {
    let time = max(now, last + .milliseconds(1))
    mark(takeLive(), time, store)
    store.append(reports.compactMap(\.self).map { ReferencedSample($0, .stalenessMarker, at: time) }, now: time)
    reports = []
  }

  // MARK: - Series

  private mutating func takeLive() -> [SeriesCache.Entry] {
    let live = cache.entries.filter(\.isLive)
    cache = SeriesCache()
    return live
  }

  private func mark(_ gone: [SeriesCache.Entry], _ time: Timestamp, _ store: SampleStore) {
    guard !gone.isEmpty else { return }
    store.append(
      gone.compactMap(\.reference).map { ReferencedSample($0, .stalenessMarker, at: time) }, now: time)
  }

  /// Asks the store for the series that have no reference yet.
  private mutating func lookUp(_ store: SampleStore) {
    let places = (0..<cache.count).filter { cache[$0].reference == nil }
    guard !places.isEmpty else { return }
    let references = store.references(for: places.map { cache[$0].labels })
    for (place, reference) in zip(places, references) { cache[place].reference = reference }
  }

  private mutating func append(
    _ samples: [ScrapedSamples.Sample], _ store: SampleStore, _ now: Timestamp
  ) -> SampleCounts {
    var batch: [ReferencedSample] = []
    var places: [Int] = []
    batch.reserveCapacity(samples.count)
    places.reserveCapacity(samples.count)
    for sample in samples {
      guard let reference = cache[sample.place].reference else { continue }
      batch.append(ReferencedSample(reference, sample.value, at: sample.time))
      places.append(sample.place)
    }
    var outcome = store.append(batch, now: now)
    outcome.counts.withoutSeries += samples.count - batch.count
    guard !outcome.outdated.isEmpty else { return outcome.counts }
    // The store has let go of series that were silent for long; they begin anew.
    for index in outcome.outdated { cache[places[index]].reference = nil }
    lookUp(store)
    let again = outcome.outdated.compactMap { index in
      cache[places[index]].reference.map { ReferencedSample($0, batch[index].value, at: batch[index].time) }
    }
    outcome.counts += store.append(again, now: now).counts
    return outcome.counts
  }

  // MARK: - Reports

  private static let reportNames = [
    "up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_samples_post_metric_relabeling",
    "scrape_series_added",
  ]

  private mutating func report(
    _ scrape: Scrape, _ plan: FeedPlan, _ store: SampleStore, isUp: Bool, samples: Int, kept: Int, added: Int
  ) {
    let values = [isUp ? 1 : 0, scrape.duration.inSeconds, Double(samples), Double(kept), Double(added)]
    for _ in 0..<2 {
      if reports.count != values.count || reports.contains(nil) {
        reports = store.references(
          for: Self.reportNames.map { name in
            var labels = plan.rules.targetLabels
            labels["__name__"] = name
            return labels
          })
      }
      let batch = zip(reports, values).compactMap { reference, value in
        reference.map { ReferencedSample($0, value, at: scrape.time) }
      }
      if store.append(batch, now: scrape.time).outdated.isEmpty { return }
      reports = []
    }
  }
}

/// One scrape: the time of its samples, and how long the answer took.
struct Scrape: Hashable, Sendable {
  var time: Timestamp
  var duration: Duration
}

/// What a scrape came to.
struct ScrapeOutcome: Hashable, Sendable {
  var samples = 0
  var series = 0
  var counts = SampleCounts()
}
