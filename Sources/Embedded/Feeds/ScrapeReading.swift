import Model

/// What a scrape brought: samples by their places in the target's ``SeriesCache``.
struct ScrapedSamples: Sendable {
  struct Sample: Sendable {
    var place: Int
    var value: Double
    var time: Timestamp
  }

  var samples: [Sample] = []
  /// Samples that the exposition has, those that were left out among them.
  var scraped = 0
  /// Samples left out because their series came before.
  var duplicates = 0
  /// Series that the scrape before didn't have.
  var added = 0
}

/// What a scrape failed by besides the exposition's own faults.
struct TooManySamples: Error, Hashable, Sendable, CustomStringConvertible {
  var limit: Int
  var description: String { "more than \(limit) samples, the target's limit" }
}

extension SeriesCache {
  /// Reads an exposition whole, before anything of it is kept: a fault anywhere fails the scrape.
  mutating func read(
    _ bytes: [UInt8], _ format: ExpositionParser.Format, scrape: UInt64, at time: Timestamp, plan: FeedPlan
  ) throws -> ScrapedSamples {
    var parser = ExpositionParser(bytes, format)
    var read = ScrapedSamples()
    read.samples.reserveCapacity(count)
    while let sample = try parser.next() {
      read.scraped += 1
      if plan.sampleLimit > 0, read.scraped > plan.sampleLimit { throw TooManySamples(limit: plan.sampleLimit) }
      var known = place(of: bytes, sample.series)
      if known == nil {
        read.added += 1
        let labels = plan.rules.applied(to: try parser.labels(of: sample, limits: plan.limits))
        known = insert(bytes, sample.series, labels: labels)
      }
      guard let place = known else { continue }
      let ownTime = plan.rules.honorTimestamps ? sample.time : nil
      guard self[place].seen != scrape || ownTime != nil else {
        read.duplicates += 1
        continue
      }
      self[place].seen = scrape
      // Series with times of their own end when they end: Prometheus marks none of them.
      self[place].isLive = ownTime == nil
      read.samples.append(.init(place: place, value: sample.value, time: ownTime ?? time))
    }
    return read
  }
}
