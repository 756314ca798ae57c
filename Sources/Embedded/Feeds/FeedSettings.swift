package import Model

/// What feeds an embedded store.
package struct FeedSettings: Hashable, Sendable {
  /// This machine's own metrics; `nil` for none.
  package var host: HostFeedSettings?
  /// Each with labels of its own: `job`, `instance` and further ones tell targets apart.
  package var targets: [ScrapeTarget]

  package init(host: HostFeedSettings? = nil, targets: [ScrapeTarget] = []) {
    self.host = host
    self.targets = targets
  }
}

/// How this machine's metrics are taken.
package struct HostFeedSettings: Hashable, Sendable {
  package var interval: Duration
  package var job: String
  /// The label `instance`; `nil` for the machine's name.
  package var instance: String?
  /// Given to every series besides `job` and `instance`.
  package var labels: [Label]

  package init(
    interval: Duration = .seconds(15), job: String = "node", instance: String? = nil, labels: [Label] = []
  ) {
    self.interval = interval
    self.job = job
    self.instance = instance
    self.labels = labels
  }
}

/// A target that is scraped.
package struct ScrapeTarget: Hashable, Sendable {
  package var job: String
  package var instance: String
  /// URL, headers and how it is reached; `Accept`, timeout and limit of the answer are set by the feed.
  package var request: HTTPRequest
  package var interval: Duration
  /// For the whole exchange, and at most the interval.
  package var timeout: Duration
  /// Given to every series besides `job` and `instance`.
  package var labels: [Label]
  /// Whether labels of the target stay where ours have the same name; else they become `exported_…`.
  package var honorLabels: Bool
  /// Whether the target's own timestamps count.
  package var honorTimestamps: Bool
  /// The most samples of one scrape; 0 for no limit. A scrape with more fails.
  package var sampleLimit: Int
  /// The most labels of a sample, and bytes of their names and values; 0 for no limit. A scrape with more fails.
  package var labelLimit: Int
  package var labelNameLimit: Int
  package var labelValueLimit: Int
  /// The most bytes of an answer.
  package var bodyLimit: Int

  package init(
    job: String, instance: String, request: HTTPRequest, interval: Duration = .seconds(15),
    timeout: Duration = .seconds(10), labels: [Label] = [], honorLabels: Bool = false, honorTimestamps: Bool = true,
    sampleLimit: Int = 0, labelLimit: Int = 64, labelNameLimit: Int = 1024, labelValueLimit: Int = 16 << 10,
    bodyLimit: Int = 10 << 20
  ) {
    self.job = job
    self.instance = instance
    self.request = request
    self.interval = interval
    self.timeout = timeout
    self.labels = labels
    self.honorLabels = honorLabels
    self.honorTimestamps = honorTimestamps
    self.sampleLimit = sampleLimit
    self.labelLimit = labelLimit
    self.labelNameLimit = labelNameLimit
    self.labelValueLimit = labelValueLimit
    self.bodyLimit = bodyLimit
  }
}
