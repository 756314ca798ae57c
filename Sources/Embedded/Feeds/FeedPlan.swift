import Model

/// What a feed does: where its samples come from, how often, and what becomes of their labels.
struct FeedPlan: Hashable, Sendable {
  enum Origin: Hashable, Sendable {
    case host
    case target(HTTPRequest)
  }

  var origin: Origin
  var interval: Duration
  var rules: SampleRules
  var sampleLimit = 0
  var limits = LabelLimits.none

  init(_ host: HostFeedSettings) {
    origin = .host
    interval = Self.positive(host.interval)
    rules = SampleRules(job: host.job, instance: host.instance ?? HostReader.name(), labels: host.labels)
  }

  init(_ target: ScrapeTarget) {
    interval = Self.positive(target.interval)
    var request = target.request
    request.options.timeout = max(.milliseconds(1), min(target.timeout, interval))
    request.responseLimit = target.bodyLimit
    request.headers.append(Label("Accept", Self.accept))
    request.headers.append(Label("X-Prometheus-Scrape-Timeout-Seconds", "\(request.options.timeout.inSeconds)"))
    origin = .target(request)
    rules = SampleRules(
      job: target.job, instance: target.instance, labels: target.labels, honorLabels: target.honorLabels,
      honorTimestamps: target.honorTimestamps)
    sampleLimit = target.sampleLimit
    limits = LabelLimits(count: target.labelLimit, name: target.labelNameLimit, value: target.labelValueLimit)
  }

  /// The target's address without what may be secret.
  var url: String? {
    guard case .target(let request) = origin else { return nil }
    return redactedURL(request.url)
  }

  /// The formats that are understood, the better first.
  private static let accept =
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.8,"
    + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"

  private static func positive(_ interval: Duration) -> Duration { max(interval, .milliseconds(100)) }

  /// The next instant after `now` at which it is its turn: feeds are spread over the interval by their labels.
  func nextTurn(after now: Timestamp) -> Timestamp {
    let period = UInt64(clamping: interval.wholeMilliseconds)
    let offset = Duration.milliseconds(Int64(Fingerprint(rules.targetLabels).value % max(period, 1)))
    return now.roundedDown(to: interval, offset: offset) + interval
  }

  /// The time that samples get which were asked for at `now` and due at `due`.
  ///
  /// Where both are next to each other it is the time they were due, so that times are evenly spaced and take little
  /// room.
  func sampleTime(due: Timestamp, now: Timestamp) -> Timestamp {
    let tolerance = min(interval / 100, .milliseconds(10))
    return now >= due && now - due <= tolerance ? due : now
  }
}

/// What becomes of the labels and times that a target gives.
struct SampleRules: Hashable, Sendable {
  /// What every series of the target has: `job`, `instance` and the labels of its settings.
  var targetLabels: Labels
  var honorLabels = false
  var honorTimestamps = true

  init(job: String, instance: String, labels: [Label], honorLabels: Bool = false, honorTimestamps: Bool = true) {
    targetLabels = Labels(labels)
    targetLabels["job"] = job
    targetLabels["instance"] = instance
    self.honorLabels = honorLabels
    self.honorTimestamps = honorTimestamps
  }

  /// The labels of a series, given those of the exposition: ours come in, and theirs of the same name step aside.
  func applied(to exposed: Labels) -> Labels {
    var labels = exposed
    for ours in targetLabels.pairs {
      let theirs = labels[ours.name]
      guard !theirs.isEmpty else {
        labels[ours.name] = ours.value
        continue
      }
      if honorLabels { continue }
      labels[ours.name] = ours.value
      var name = "exported_" + ours.name
      while labels.contains(name) { name = "exported_" + name }
      labels[name] = theirs
    }
    return labels
  }
}
