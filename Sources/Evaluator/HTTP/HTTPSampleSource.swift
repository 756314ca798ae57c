package import Model
package import PromQL
import Templates

/// A server that speaks Prometheus's HTTP query API: Prometheus, VictoriaMetrics, Thanos, Mimir.
package struct HTTPSampleSource: SampleSource {
  /// The most that an answer may take, in bytes.
  package static let responseLimit = 64 << 20

  private let url: String
  private let rangeURL: String
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
    self.url = Self.address("/api/v1/query", at: url)
    rangeURL = Self.address("/api/v1/query_range", at: url)
    let own = [
      Label("Content-Type", "application/x-www-form-urlencoded"), Label("Accept", "application/json"),
    ]
    self.headers = own + headers
    self.options = options
    self.responseLimit = responseLimit
    self.acceptsPartial = acceptsPartial
    self.transport = transport
  }

  private static func address(_ endpoint: String, at base: String) -> String {
    let path = base.prefix { $0 != "?" }
    let query = base.dropFirst(path.count)
    return (path.hasSuffix("/") ? path.dropLast() : path) + endpoint + query
  }

  /// Asks by POST and reads the answer straight into samples.
  package func query(
    _ expression: String, at instant: Timestamp, timeout: Duration
  ) async throws(QueryError) -> QueryAnswer {
    let response = try await send(request(expression, QueryTimes(at: instant), timeout: timeout))
    return try QueryResponse.answer(response, acceptsPartial: acceptsPartial)
  }

  /// Asks by POST, at one instant or over a range.
  package func queryValue(
    _ expression: String, _ times: QueryTimes, timeout: Duration
  ) async throws(QueryError) -> ValueAnswer {
    let response = try await send(request(expression, times, timeout: timeout))
    return try QueryResponse.value(response, acceptsPartial: acceptsPartial)
  }

  private func send(_ request: HTTPRequest) async throws(QueryError) -> HTTPResponse {
    do throws(TransportError) {
      return try await transport.send(request)
    } catch {
      throw QueryError(error)
    }
  }

  /// The request for one query: a form, sent by POST so that its length has no limit.
  package func request(_ expression: String, _ times: QueryTimes, timeout: Duration) -> HTTPRequest {
    var form = "query="
    form += queryEscaped(expression)
    if let step = times.step {
      form += "&start="
      form += times.start.decimalSeconds
      form += "&end="
      form += times.end.decimalSeconds
      form += "&step="
      form += (Timestamp.epoch + step).decimalSeconds
    } else {
      form += "&time="
      form += times.start.decimalSeconds
    }
    form += "&timeout="
    form += timeout.prometheus
    var options = options
    options.timeout = timeout
    return HTTPRequest(
      method: "POST", url: times.step == nil ? url : rangeURL, headers: headers, body: Array(form.utf8),
      options: options, responseLimit: responseLimit)
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
