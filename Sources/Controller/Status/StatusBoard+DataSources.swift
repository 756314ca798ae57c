import Embedded
import Evaluator
import Model
import RemoteWrite
import StatusAPI

extension DataSources.Standing {
  /// Why samples don't reach the file or the server that should have them; `nil` while they do.
  var writingTrouble: (message: String, since: Timestamp)? {
    if case .failing(let since, let reason)? = store?.writing {
      return ("its samples can't be written to the file: \(reason)", since)
    }
    guard let writing, let since = writing.failingSince else { return nil }
    return ("samples can't be written to the server: \(writing.lastError ?? "")", since)
  }

  /// Why the source needs somebody, and since when; `nil` while everything is kept and arrives.
  var trouble: (message: String, since: Timestamp?)? {
    if let (message, since) = writingTrouble { return (message, since) }
    let down = feeds.filter { $0.health == .down }
    var messages: [String] = []
    if let first = down.first {
      let others = down.count > 1 ? " and \(plural(down.count - 1, "other target"))" : ""
      messages.append("\(first.job) \(first.instance)\(others) can't be scraped: \(first.lastError ?? "")")
    }
    if isFull { messages.append("it has as many series as 'max_series' allows, and refuses new ones") }
    return messages.isEmpty ? nil : (messages.joined(separator: "; "), down.first?.lastScrape)
  }

  /// What keeps samples from being taken, each with its words.
  func feedTroubles(of id: ResourceID) -> [FeedTrouble: String] {
    var troubles: [FeedTrouble: String] = [:]
    if isFull { troubles[.full(id)] = "it has as many series as 'max_series' allows" }
    for feed in feeds where feed.health == .down {
      troubles[.down(id, job: feed.job, instance: feed.instance)] = feed.lastError ?? ""
    }
    return troubles
  }

  /// Whether the store has no room for another series and had to refuse some.
  var isFull: Bool {
    guard let store, let maxSeries else { return false }
    return store.series >= maxSeries && store.refusedSeries > 0
  }
}

extension StatusBoard {
  /// How embedded stores, their feeds and remote write do; bounded by the number of sources and targets.
  func dataSourceMetrics(
    _ sources: [ResourceID: SourceStatus], _ standings: [ResourceID: DataSources.Standing], _ bound: inout MetricBound
  ) -> [MetricFamily] {
    let all = sources.values.sorted { $0.id < $1.id }
    let failing = all.count(where: \.isFailing)
    let shown = bound.keep(all, of: .dataSource, first: \.isFailing)
    let ids = Set(shown.map(\.id))
    let sorted = standings.filter { all.count == shown.count || ids.contains($0.key) }.sorted { $0.key < $1.key }
    let feeds = bound.keep(
      standings.sorted { $0.key < $1.key }.flatMap { id, standing in standing.feeds.map { (id: id, feed: $0) } },
      of: .scrapeTarget
    ) { $0.feed.health == .down }
    func family(
      _ name: String, _ help: String, _ kind: MetricFamily.Kind, _ value: (DataSources.Standing) -> Int?
    ) -> MetricFamily {
      MetricFamily(
        name: name, help: help, kind: kind,
        samples: sorted.compactMap { id, standing in
          value(standing).map { .init(labels: id.sourceLabels, value: Double($0)) }
        })
    }
    return [
      MetricFamily(
        name: "belfry_data_sources", help: "Data sources by whether they answer.", kind: .gauge,
        samples: [("failing", failing), ("healthy", all.count - failing)].map {
          .init(labels: [Label("state", $0.0)], value: Double($0.1))
        }),
      MetricFamily(
        name: "belfry_data_source_up", help: "Whether a data source answers.", kind: .gauge,
        samples: shown.map { .init(labels: $0.id.sourceLabels, value: $0.isFailing ? 0 : 1) }),
      family("belfry_embedded_series", "Series in an embedded store.", .gauge, { $0.store?.series }),
      family(
        "belfry_embedded_memory_bytes", "What an embedded store takes in memory.", .gauge, { $0.store?.memoryBytes }),
      family("belfry_embedded_disk_bytes", "What an embedded store takes on disk.", .gauge, { $0.store?.diskBytes }),
      family("belfry_embedded_samples_total", "Samples taken.", .counter, { $0.store?.counts.appended }),
      family("belfry_embedded_samples_refused_total", "Samples refused.", .counter, { $0.store?.counts.refused }),
      family(
        "belfry_embedded_series_refused_total", "Series refused because there were too many, at each time they came.",
        .counter, { $0.store?.refusedSeries }),
      family("belfry_remote_write_samples_total", "Samples that arrived.", .counter, { $0.writing?.sent }),
      family("belfry_remote_write_samples_dropped_total", "Samples given up.", .counter, { $0.writing?.dropped.total }),
      family("belfry_remote_write_samples_pending", "Samples that wait.", .gauge, { $0.writing?.pending }),
      MetricFamily(
        name: "belfry_scrape_target_up", help: "Whether the last scrape of a target succeeded.", kind: .gauge,
        samples: feeds.map { id, feed in
          .init(
            labels: id.sourceLabels + [Label("scrape_job", feed.job), Label("scrape_instance", feed.instance)],
            value: feed.health == .up ? 1 : 0)
        }),
    ]
  }
}

extension ResourceID {
  fileprivate var sourceLabels: [Label] {
    [Label("tenant", scope.tenant ?? ""), Label("project", scope.project ?? ""), Label("data_source", name)]
  }
}

extension SourceStatus {
  fileprivate var isFailing: Bool {
    if case .failing = health.condition { return true }
    return false
  }
}
