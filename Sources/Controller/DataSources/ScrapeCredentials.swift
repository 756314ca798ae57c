import Model
import Notifier
import Specs
import Synchronization

/// Adds to each scrape what its job says of credentials and TLS; secrets are looked up at each request, so that a
/// rotated one needs no restart.
final class ScrapeCredentials: HTTPTransport {
  /// Names the job of a request on its way here; never sent.
  private static let jobHeader = "belfry-job"

  private let transport: any HTTPTransport
  private let endpoints = Mutex<[String: ResolvingEndpoint]>([:])

  init(transport: any HTTPTransport) {
    self.transport = transport
  }

  /// The header by which a request is known to be of a job.
  static func mark(_ job: String) -> Label { Label(jobHeader, job) }

  /// Takes the jobs that there are; `endpoint` makes an endpoint of what a job says of HTTP, and its timeout.
  func set(_ scrapes: [ScrapeSpec], endpoint: (HTTPSettings, Duration) -> ResolvingEndpoint) {
    let made = Dictionary(
      scrapes.map { ($0.job, endpoint($0.http, $0.timeout)) }, uniquingKeysWith: { first, _ in first })
    endpoints.withLock { $0 = made }
  }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    var request = request
    let job = request.headers.first { $0.name == Self.jobHeader }?.value ?? ""
    request.headers.removeAll { $0.name == Self.jobHeader }
    if let endpoint = endpoints.withLock({ $0[job] }) {
      do throws(SecretError) {
        let resolved = try endpoint.resolved()
        request.headers += resolved.headers
        let timeout = request.options.timeout
        request.options = resolved.options
        request.options.timeout = timeout
      } catch {
        throw .unsendable(error.description)
      }
    }
    return try await transport.send(request)
  }
}
