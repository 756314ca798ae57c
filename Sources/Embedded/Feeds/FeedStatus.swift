package import Model

/// How one feed stands.
package struct FeedStatus: Hashable, Sendable {
  /// Whether what the feed asks answers.
  package enum Health: String, Hashable, Sendable {
    /// Before the first scrape.
    case unknown
    case up, down
  }

  package var job: String
  package var instance: String
  /// Without what may be secret; `nil` for this machine's own metrics.
  package var url: String?
  package var health = Health.unknown
  package var lastScrape: Timestamp?
  package var lastDuration: Duration?
  /// Why the last scrape failed, or why the feed doesn't run.
  package var lastError: String?
  /// Of the last scrape that did not fail.
  package var samples = 0
  package var series = 0
  /// What became of the samples since the feed began.
  package var counts = SampleCounts()
}

extension FeedStatus {
  init(_ plan: FeedPlan) {
    job = plan.rules.targetLabels["job"]
    instance = plan.rules.targetLabels["instance"]
    url = plan.url
  }

  /// Takes over what a scrape came to.
  mutating func note(_ scrape: Scrape, _ result: Result<ScrapeOutcome, ScrapeFailure>) {
    lastScrape = scrape.time
    lastDuration = scrape.duration
    switch result {
    case .success(let outcome):
      health = .up
      lastError = nil
      samples = outcome.samples
      series = outcome.series
      counts += outcome.counts
    case .failure(let failure):
      health = .down
      lastError = failure.description
      series = 0
    }
  }
}

/// Why a scrape failed, in one line for people.
struct ScrapeFailure: Error, Hashable, Sendable, CustomStringConvertible {
  var description: String
}
