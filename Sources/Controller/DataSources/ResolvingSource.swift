import Evaluator
import Model
import Notifier
import PromQL

/// A server as a data source; its secrets are looked up at each query.
struct ResolvingSource: SampleSource {
  let endpoint: ResolvingEndpoint
  let acceptsPartial: Bool
  let transport: any HTTPTransport

  func query(_ expression: String, at instant: Timestamp, timeout: Duration) async throws(QueryError) -> QueryAnswer {
    try await source().query(expression, at: instant, timeout: timeout)
  }

  func queryValue(
    _ expression: String, _ times: QueryTimes, timeout: Duration
  ) async throws(QueryError) -> ValueAnswer {
    try await source().queryValue(expression, times, timeout: timeout)
  }

  private func source() throws(QueryError) -> HTTPSampleSource {
    do throws(SecretError) {
      let resolved = try endpoint.resolved()
      return HTTPSampleSource(
        url: resolved.url, headers: resolved.headers, options: resolved.options, acceptsPartial: acceptsPartial,
        transport: transport)
    } catch {
      throw .unreachable(error.description)
    }
  }
}
