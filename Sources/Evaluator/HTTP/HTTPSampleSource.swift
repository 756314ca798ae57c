package import Model
import Templates

/// A server that speaks Prometheus's HTTP query API: Prometheus, VictoriaMetrics, Thanos, Mimir.
package struct HTTPSampleSource: SampleSource {
  /// The most that an answer may take, in bytes.
  package static let responseLimit = 64 << 20

  private let url: String
  private let headers: [Label]
  private let options: ConnectionOptions
  private let responseLimit: Int
  private let acceptsPartial: Bool
  private let transport: any HTTPTransport

  /// A source at `url`, the address before `/api/v1/query`; a query of its own goes along with each request.
  ///
  /// `headers` are sent with each query, credentials among them; `acceptsPartial` says whether an answer that calls
  /// itself partial counts.
  package init(
    url: String, headers: [Label] = [], options: ConnectionOptions = .init(),
    responseLimit: Int = HTTPSampleSource.responseLimit, acceptsPartial: Bool = false,
    transport: any HTTPTransport
  ) {
    self.url = Self.queryURL(url)
    let own = [
      Label("Content-Type", "application/x-www-form-urlencoded"), Label("Accept", "application/json"),
    ]
    self.headers = own + headers
    self.options = options
    self.responseLimit = responseLimit
    self.acceptsPartial = acceptsPartial
    self.transport = transport
  }

  private static func queryURL(_ base: String) -> String {
    let path = base.prefix { $0 != "?" }
    let query = base.dropFirst(path.count)
    return (path.hasSuffix("/") ? path.dropLast() : path) + "/api/v1/query" + query
  }

  /// Asks by POST and reads the answer straight into samples.
  package func query(
    _ expression: String, at instant: Timestamp, timeout: Duration
  ) async throws(QueryError) -> QueryAnswer {
    let response: HTTPResponse
    do throws(TransportError) {
      response = try await transport.send(request(expression, at: instant, timeout: timeout))
    } catch {
      throw QueryError(error)
    }
    return try QueryResponse.answer(response, acceptsPartial: acceptsPartial)
  }

  /// The request for one query: a form, sent by POST so that its length has no limit.
  package func request(_ expression: String, at instant: Timestamp, timeout: Duration) -> HTTPRequest {
    var form = "query="
    form += queryEscaped(expression)
    form += "&time="
    form += instant.decimalSeconds
    form += "&timeout="
    form += timeout.prometheus
    var options = options
    options.timeout = timeout
    return HTTPRequest(
      method: "POST", url: url, headers: headers, body: Array(form.utf8), options: options,
      responseLimit: responseLimit)
  }
}

extension Timestamp {
  /// Seconds since the epoch with up to three decimals, exactly.
  fileprivate var decimalSeconds: String {
    let magnitude = millisecondsSinceEpoch.magnitude
    let fraction = Int(magnitude % 1000)
    let sign = millisecondsSinceEpoch < 0 ? "-" : ""
    return sign + String(magnitude / 1000) + (fraction == 0 ? "" : "." + padded(fraction, to: 3))
  }
}

extension QueryError {
  /// What a failed exchange means for a query.
  fileprivate init(_ error: TransportError) {
    switch error {
    case .unsendable(let words), .refusedByPolicy(let words), .unreachable(let words), .untrusted(let words):
      self = .unreachable(words)
    case .timedOut: self = .timedOut
    case .tooLarge(let limit): self = .tooLarge(limit: limit)
    case .brokenOff: self = .truncated
    case .cancelled: self = .cancelled
    }
  }
}
