package import Hummingbird
import JSON
import Model
import NIOCore
import Synchronization

/// Answers requests from a ``StatusSource``. Reads only, and keeps nothing between requests but what it counts and what
/// it compressed last.
package struct StatusResponder: HTTPResponder {
  /// The connection that a request came by.
  package struct Context: InitializableFromSource {
    let connection: any Channel

    package init(source: ApplicationRequestContextSource) {
      connection = source.channel
    }
  }

  /// The longest path and query taken, in bytes.
  static let targetLimit = 8192

  let source: any StatusSource
  let access: AccessPolicy
  let version: VersionView
  /// The path of the external URL: empty, or `/belfry`.
  let prefix: String
  /// Whether readers find the server by HTTPS.
  let isExternallySecure: Bool
  /// Makes entity tags and places in the stream of events of this process differ from those of the one before.
  let process: UInt64
  let limits: StatusLimits
  /// `nil`: no heartbeat, and no limit over time.
  let clock: (any WallClock)?
  let streams: OpenStreams
  private let gate: RequestGate
  private let compressed = CompressedAnswers()
  private let isTLS: Bool
  /// Counts requests, where somebody wants to know.
  private let meter: RequestMeter?

  /// The path of `externalURL`, where readers find the server, may stand in front of every path; `process` differs from
  /// one start to the next.
  init(
    source: any StatusSource, access: AccessPolicy, version: VersionView, externalURL: String? = nil,
    process: UInt64 = .random(in: 0 ... .max), limits: StatusLimits = StatusLimits(), clock: (any WallClock)? = nil,
    isTLS: Bool = false, meter: RequestMeter? = nil
  ) {
    self.meter = meter
    self.source = source
    self.access = access
    self.version = version
    self.process = process
    self.limits = limits
    self.clock = clock
    self.isTLS = isTLS
    prefix = externalURL.map(HostName.path(ofURL:)) ?? ""
    isExternallySecure = isTLS || externalURL?.lowercased().hasPrefix("https://") ?? false
    streams = OpenStreams(limit: limits.streams, limitPerReader: limits.streamsPerReader)
    gate = RequestGate(limits, clock: clock)
  }

  package func respond(to request: Request, context: Context) async -> Response {
    let id = RequestID.of(requestIDHeader.flatMap { request.headers[$0] })
    let begun = meter?.begin()
    var response: Response
    var why: String?
    do throws(APIError) {
      response = try await answer(request, context)
    } catch {
      let target = request.head.path ?? "/"
      response =
        Dialect(target: target, prefix: prefix)?.response(error, for: target)
        ?? Response(error, asProblem: asksForProblem(request.headers[.accept]))
      why = error.message
    }
    // What follows the head of a request with a body isn't another request, and nobody reads it.
    if request.hasBody { response.headers[.connection] = "close" }
    if response.body.contentLength ?? 0 >= Gzip.least, let body = await response.wholeBody() {
      response.compress(body, for: request.headers, of: request.nameOfAnswer, with: compressed)
    }
    response.secure(isTLS: isTLS)
    if let requestIDHeader { response.headers[requestIDHeader] = id }
    if let begun { meter?.end(handler(of: request), status: response.status.code, since: begun, request: id, why: why) }
    return request.method == .head ? response.createHeadResponse() : response
  }

  private func answer(_ request: Request, _ context: Context) async throws(APIError) -> Response {
    guard request.method == .get || request.method == .head else {
      throw .methodNotAllowed(request.method.rawValue)
    }
    guard !request.hasBody else { throw .bodyNotRead }
    let text = request.head.path ?? "/"
    guard text.utf8.count <= Self.targetLimit else { throw .targetTooLong(limit: Self.targetLimit) }
    if !prefix.isEmpty, text == prefix { return redirect(to: prefix + "/") }

    let target = try RequestTarget(text, prefix: prefix)
    let endpoint = Endpoint(target.segments)
    if let endpoint, endpoint.isProbe {
      let isKnown = (try? await reader(of: request, endpoint)) != nil
      return try await probe(endpoint, Parameters(target.parameters, for: endpoint), withReasons: isKnown)
    }
    let address = RemoteAddress(context.connection.remoteAddress)
    let reader: Reader
    do throws(APIError) {
      reader = target.isForEverybody ? .anybody : try await self.reader(of: request, endpoint)
    } catch {
      guard case .unauthorised(_, isPage: true) = error, let login = login(insteadOf: target, request) else {
        throw gate.counted(error, from: address)
      }
      return login
    }
    // Where nobody was asked who they are, a header tells nothing about whose the request is.
    let key = target.isForEverybody ? .address(address) : ReaderKey(request.headers, address)
    try gate.take(for: key)
    guard let endpoint else {
      throw .notFound("nothing is served under '\(text.prefix { $0 != "?" })'; see docs/api.md")
    }
    let reading = Reading(
      request: request, reader: reader.visibility, parameters: try Parameters(target.parameters, for: endpoint),
      key: key, expires: reader.expires, connection: context.connection
    ) {
      (try? await self.reader(of: request, endpoint))?.visibility == reader.visibility
    }
    var response = try await answer(endpoint, reading)
    if !endpoint.isSameForAll {
      response.vary(by: "Authorization")
      response.vary(by: "Cookie")
    }
    return response
  }

  private func reader(of request: Request, _ endpoint: Endpoint?) async throws(APIError) -> Reader {
    try await access.reader(Credentials(request, isPage: endpoint?.isPage ?? false), source)
  }

  /// What metrics and the log call the endpoint that a request asks for.
  private func handler(of request: Request) -> String {
    guard let path = request.head.path, path.utf8.count <= Self.targetLimit,
      let target = try? RequestTarget(path, prefix: prefix)
    else { return "unknown" }
    return Endpoint(target.segments)?.handler ?? "unknown"
  }

  private func redirect(to path: String) -> Response {
    Response(status: .permanentRedirect, headers: [.location: path])
  }

  private func answer(_ endpoint: Endpoint, _ reading: Reading) async throws(APIError) -> Response {
    switch endpoint {
    case .livez, .healthz, .readyz: try await probe(endpoint, reading.parameters, withReasons: true)
    case .version: Response(.json, version.json)
    case .metrics: try await metrics(for: reading.reader)
    case .page(let route): try await page(route, reading)
    case .asset(let name): try asset(name, reading)
    case .session: try await session(reading.request, reading.parameters)
    case .openAPI: openAPI(reading)
    case .events: try await events(reading)
    case .rules: try await rules(reading)
    case .channels: try await channels(reading)
    case .stats: try await stats(reading)
    case .changes: try await changes(reading)
    case .prometheus(let query, let tenant): try await answer(query, of: tenant, reading)
    case .alertmanager(let query, let tenant): try await answer(query, of: tenant, reading)
    case .status: try await tagged(reading, status)
    case .tenants: try await tagged(reading, tenants)
    case .scope(let scope):
      try await tagged(reading) { reading async throws(APIError) in try await self.scope(scope, reading) }
    case .resources: try await tagged(reading, resources)
    case .resource: try await tagged(reading, resource)
    case .alerts: try await tagged(reading, alerts)
    case .groups: Response(.json, try await groups(reading))
    case .silences: try await tagged(reading, silences)
    case .alert(let fingerprint): Response(.json, try await alert(fingerprint, reading))
    case .revision(let name): Response(.json, try await revision(name, reading))
    case .syncs: Response(.json, try await syncs(reading))
    case .sync(let id): Response(.json, try await sync(id, reading))
    case .history: Response(.json, try await history(reading))
    case .deliveries: Response(.json, try await deliveries(reading))
    case .audit: Response(.json, try await audit(reading))
    }
  }

  /// A document with its entity tag; not made at all for a reader that has it already.
  private func tagged(
    _ reading: Reading, _ document: (Reading) async throws(APIError) -> [UInt8]
  ) async throws(APIError) -> Response {
    let tag = EntityTag(
      process: process, generation: await source.generation(for: reading.reader), reader: reading.reader)
    var response: Response
    if let known = reading.ifNoneMatch, tag.isNamed(in: known) {
      response = Response(status: .notModified)
      // A length would have to be the document's own (RFC 9110 §8.6).
      response.headers[.contentLength] = nil
      response.vary(by: "Accept-Encoding")
    } else {
      response = Response(.json, try await document(reading))
    }
    response.headers[.eTag] = tag.text
    return response
  }
}

private let requestIDHeader = HTTPFields.Element.Name("X-Request-Id")
