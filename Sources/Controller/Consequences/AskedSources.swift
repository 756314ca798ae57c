import Evaluator
import Model
import Notifier
import PromQL
import Reconciler
import Specs

/// The data sources of a plan, to be asked from a command line instead of from the controller.
struct AskedSources: Sendable {
  let secrets: any SecretResolver
  let transport: any HTTPTransport

  /// The sources of one side, as the evaluator uses them.
  func sources(_ directory: SourceDirectory) -> [EvaluatorSource] {
    directory.sources.values.sorted { $0.id < $1.id }.compactMap(source)
  }

  private func source(_ resource: Resource) -> EvaluatorSource? {
    guard let spec = resource.dataSource else { return nil }
    let source: any SampleSource
    switch spec.backend {
    case .server(_, let server):
      let endpoint = ResolvingEndpoint(
        scope: resource.id.scope, url: server.url, http: server.http, timeout: spec.timeout, secrets: secrets,
        egress: .open)
      source = ResolvingSource(endpoint: endpoint, acceptsPartial: spec.acceptPartial, transport: transport)
    case .embedded: source = UnaskedSource()
    }
    return EvaluatorSource(
      id: resource.id, source: source, timeout: spec.timeout, concurrency: spec.concurrency,
      isDefault: spec.isDefault, tenantLabel: spec.tenantLabel, recording: spec.recording)
  }

  /// Why a source of a plan isn't asked; `nil` for one that is.
  ///
  /// A source that the change itself brings, or alters, gets no secret from here: whoever proposes a change could have
  /// them sent anywhere.
  static func refusal(_ source: Resource, in changes: RuleChanges) -> String? {
    guard let spec = source.dataSource else { return nil }
    guard case .server(_, let server) = spec.backend else {
      return "data source '\(source.id.name)' keeps its samples in the controller, where they can't be asked from here"
    }
    let isLive = changes.sourcesBefore.sources[source.id]?.digest == source.digest
    guard !isLive, server.usesSecrets else { return nil }
    return "data source '\(source.id.name)' is new or changed and needs secrets, which are given to live sources only"
  }
}

extension EndpointSpec {
  /// Whether asking it sends, or reads, a secret.
  fileprivate var usesSecrets: Bool {
    if case .secret = url { return true }
    return [http.basicPassword, http.bearerToken, http.ca, http.clientCertificate, http.clientKey]
      .contains { $0 != nil }
  }
}

/// Stands for an embedded source, whose samples are in the controller.
private struct UnaskedSource: SampleSource {
  func query(_ expression: String, at instant: Timestamp, timeout: Duration) async throws(QueryError) -> QueryAnswer {
    throw .unreachable("its samples are in the controller")
  }

  func queryValue(
    _ expression: String, _ times: QueryTimes, timeout: Duration
  ) async throws(QueryError) -> ValueAnswer {
    throw .unreachable("its samples are in the controller")
  }
}
