import Embedded
import Evaluator
import Model
import Notifier
import RemoteWrite
import Specs

/// The data sources that are live: each with what runs for it, for as long as its spec says so.
actor DataSources {
  /// What a live source runs besides answering queries.
  private struct Running {
    let spec: DataSourceSpec
    let source: EvaluatorSource
    var embedded: Embedded?
    var writer: Writer?
  }

  private struct Embedded {
    let store: SampleStore
    /// Why the store has no file, and since when.
    var lacksFile: FileFailure?
    let feeds: EmbeddedFeeds
    let credentials: ScrapeCredentials
    let tasks: [Task<Void, Never>]
  }

  private struct FileFailure {
    let since: Timestamp
    let reason: String
  }

  private struct Writer {
    let writer: RemoteWriter
    let task: Task<Void, Never>
  }

  /// How long samples on their way to a server may take when its source changes or the process ends.
  private static let drainTime = Duration.seconds(2)

  let dataFolder: String
  private let secrets: any SecretResolver
  private let transport: any HTTPTransport
  private let egress: EgressPolicy
  private let clock: any WallClock
  let log: EventLog
  private var running: [ResourceID: Running] = [:]

  init(
    dataFolder: String, secrets: any SecretResolver, transport: any HTTPTransport, egress: EgressPolicy,
    clock: any WallClock, log: EventLog
  ) {
    self.dataFolder = dataFolder
    self.secrets = secrets
    self.transport = transport
    self.egress = egress
    self.clock = clock
    self.log = log
  }

  // MARK: Changes

  /// Starts new and changed sources and stops those that are gone; gives the ones that the evaluator must know anew.
  func apply(put: [Resource], removed: [ResourceID]) async -> [EvaluatorSource] {
    for id in removed { await stop(id) }
    var sources: [EvaluatorSource] = []
    for resource in put {
      guard case .dataSource(let spec) = resource.spec else { continue }
      sources.append(await start(resource.id, spec))
    }
    return sources
  }

  /// Lets samples out that wait, and writes stores to their files.
  func shutdown() async {
    for id in running.keys { await stop(id) }
  }

  private func start(_ id: ResourceID, _ spec: DataSourceSpec) async -> EvaluatorSource {
    if let known = running[id], known.spec == spec { return known.source }
    let kept = await keepStore(of: id, for: spec)
    await stop(id)
    var embedded = kept
    if case .embedded(let wanted) = spec.backend, kept == nil { embedded = await open(id, wanted) }
    let writer = spec.remoteWrite.map { startWriter(id, $0) }
    let source = evaluatorSource(id, spec, embedded?.store, writer?.writer)
    running[id] = Running(spec: spec, source: source, embedded: embedded, writer: writer)
    return source
  }

  /// Takes the store of a source that goes on with other feeds out of what runs; its unchanged feeds aren't disturbed.
  private func keepStore(of id: ResourceID, for spec: DataSourceSpec) async -> Embedded? {
    guard case .embedded(let wanted) = spec.backend, let known = running[id], let kept = known.embedded,
      case .embedded(let had) = known.spec.backend, had.keepsStore(of: wanted)
    else { return nil }
    running[id]?.embedded = nil
    kept.credentials.set(wanted.scrapes, endpoint: scrapeEndpoint(id))
    await kept.feeds.apply(wanted.feedSettings)
    return kept
  }

  func stop(_ id: ResourceID) async {
    guard let gone = running.removeValue(forKey: id) else { return }
    if let embedded = gone.embedded {
      for task in embedded.tasks { task.cancel() }
      for task in embedded.tasks { await task.value }
      do throws(StoreError) {
        try embedded.store.close()
      } catch {
        log.event("embedded.unwritable", .error, ["source": id.description, "error": error.description])
      }
    }
    if let writer = gone.writer {
      let status = await writer.writer.drain(within: Self.drainTime)
      writer.task.cancel()
      guard status.dropped.shutdown > 0 else { return }
      log.event(
        "remote-write.dropped", .warning, ["source": id.description, "samples": "\(status.dropped.shutdown)"])
    }
  }

  // MARK: Embedded sources

  private func open(_ id: ResourceID, _ spec: EmbeddedSpec) async -> Embedded {
    let (store, failure) = openStore(id, spec)
    let credentials = ScrapeCredentials(transport: transport)
    credentials.set(spec.scrapes, endpoint: scrapeEndpoint(id))
    let feeds = EmbeddedFeeds(store: store, transport: credentials, clock: clock)
    await feeds.apply(spec.feedSettings)
    let tasks = [Task { [clock] in await store.run(clock: clock) }, Task { await feeds.run() }]
    return Embedded(store: store, lacksFile: failure, feeds: feeds, credentials: credentials, tasks: tasks)
  }

  /// The store at its place; where the file can't be had, one in memory stands in, since alerting goes on.
  private func openStore(_ id: ResourceID, _ spec: EmbeddedSpec) -> (SampleStore, FileFailure?) {
    let settings = StoreSettings(retention: spec.retention, maxSeries: spec.maxSeries, maxDisk: spec.maxDisk)
    let path = Self.file(of: id, in: dataFolder)
    do {
      try Files.makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]), mode: 0o700)
      let (store, outcome) = try SampleStore.open(at: path, settings: settings, now: clock.now)
      if case .setAside(let old) = outcome {
        log.event("embedded.set-aside", .error, ["source": id.description, "path": old])
      }
      return (store, nil)
    } catch {
      log.event("embedded.unwritable", .error, ["source": id.description, "path": path, "error": "\(error)"])
      return (SampleStore(settings: settings), FileFailure(since: clock.now, reason: "\(error)"))
    }
  }

  /// Where an embedded source keeps its samples: `samples/platform/<name>.sqlite` or
  /// `samples/tenants/<tenant>/<name>.sqlite`.
  static func file(of id: ResourceID, in dataFolder: String) -> String {
    let scope = id.scope.tenant.map { "tenants/" + $0 } ?? "platform"
    return "\(dataFolder)/samples/\(scope)/\(id.name).sqlite"
  }

  // MARK: Servers

  /// Makes endpoints of what scrape jobs say of HTTP; their addresses come with the requests.
  private func scrapeEndpoint(_ id: ResourceID) -> (HTTPSettings, Duration) -> ResolvingEndpoint {
    { [secrets, egress] http, timeout in
      ResolvingEndpoint(
        scope: id.scope, url: .plain(""), http: http, timeout: timeout, secrets: secrets, egress: egress)
    }
  }

  private func endpoint(_ id: ResourceID, _ spec: EndpointSpec, _ timeout: Duration) -> ResolvingEndpoint {
    ResolvingEndpoint(
      scope: id.scope, url: spec.url, http: spec.http, timeout: timeout, secrets: secrets, egress: egress)
  }

  private func startWriter(_ id: ResourceID, _ spec: EndpointSpec) -> Writer {
    let endpoint = endpoint(id, spec, .seconds(30))
    let writer = RemoteWriter(userAgent: "Belfry/" + belfryVersion, transport: transport, clock: clock) {
      () throws(TransportError) in try endpoint.remoteWriteTarget()
    }
    return Writer(writer: writer, task: Task { await writer.run() })
  }

  private func evaluatorSource(
    _ id: ResourceID, _ spec: DataSourceSpec, _ store: SampleStore?, _ writer: RemoteWriter?
  ) -> EvaluatorSource {
    let source: any SampleSource
    var sink: (any SampleSink)? = writer.map(RemoteWriteSink.init)
    switch spec.backend {
    case .server(_, let server):
      source = ResolvingSource(
        endpoint: endpoint(id, server, spec.timeout), acceptsPartial: spec.acceptPartial, transport: transport)
    case .embedded:
      let store = store ?? SampleStore()
      source = EmbeddedSource(store: store, clock: clock)
      sink = EmbeddedSink(store: store, clock: clock)
    }
    return EvaluatorSource(
      id: id, source: source, timeout: spec.timeout, concurrency: spec.concurrency, isDefault: spec.isDefault,
      externalURL: spec.address, tenantLabel: spec.tenantLabel, recording: spec.recording,
      writesAlerts: spec.writesAlerts, sink: sink)
  }

  // MARK: Views

  /// How what runs for a source stands.
  struct Standing: Sendable {
    var store: StoreStatus?
    /// How many series the store may have.
    var maxSeries: Int?
    var feeds: [FeedStatus] = []
    var writing: RemoteWriteStatus?
  }

  /// Every source that keeps or writes samples.
  var standings: [ResourceID: Standing] {
    get async {
      var standings: [ResourceID: Standing] = [:]
      for (id, source) in running where source.embedded != nil || source.writer != nil {
        var store = source.embedded?.store.status
        if let failure = source.embedded?.lacksFile {
          store?.writing = .failing(since: failure.since, reason: failure.reason)
        }
        standings[id] = Standing(
          store: store, feeds: await source.embedded?.feeds.status ?? [],
          writing: await source.writer?.writer.status)
      }
      return standings
    }
  }
}

extension EmbeddedSpec {
  /// Whether a store made for this spec also does for `other`.
  fileprivate func keepsStore(of other: EmbeddedSpec) -> Bool {
    retention == other.retention && maxSeries == other.maxSeries && maxDisk == other.maxDisk
  }

  /// What feeds the store. Credentials are added to each request by ``ScrapeCredentials``.
  var feedSettings: FeedSettings {
    FeedSettings(
      host: hostInterval.map { HostFeedSettings(interval: $0) },
      targets: scrapes.flatMap { scrape in
        scrape.targets.map { target in
          ScrapeTarget(
            job: scrape.job, instance: target,
            request: HTTPRequest(
              url: "\(scrape.scheme)://\(target)\(scrape.path)", headers: [ScrapeCredentials.mark(scrape.job)]),
            interval: scrape.interval, timeout: scrape.timeout, labels: scrape.labels, honorLabels: scrape.honorLabels,
            honorTimestamps: scrape.honorTimestamps, sampleLimit: scrape.sampleLimit)
        }
      })
  }
}

extension DataSourceSpec {
  /// The address for people, without a slash at its end; `""` where only a secret has it.
  fileprivate var address: String {
    if let externalURL { return Self.trimmed(externalURL) }
    guard case .server(_, let server) = backend, case .plain(let text) = server.url else { return "" }
    return Self.trimmed(redactedURL(text))
  }

  private static func trimmed(_ address: String) -> String {
    address.hasSuffix("/") ? String(address.dropLast()) : address
  }
}
