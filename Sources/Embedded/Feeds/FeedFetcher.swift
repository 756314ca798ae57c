import Model

/// Gets what a feed's origin has to say.
struct FeedFetcher: Sendable {
  let transport: any HTTPTransport
  private let host = HostReader()

  init(transport: any HTTPTransport) {
    self.transport = transport
  }

  /// An answer that is an exposition, as far as its status tells.
  struct Answer: Sendable {
    var body: [UInt8]
    var format: ExpositionParser.Format
  }

  func fetch(_ plan: FeedPlan, now: Timestamp) async -> Result<Answer, ScrapeFailure> {
    switch plan.origin {
    case .host: return .success(Answer(body: host.exposition(now: now), format: .text))
    case .target(let request):
      do throws(TransportError) {
        let response = try await transport.send(request)
        guard response.status == 200 else {
          return .failure(ScrapeFailure(description: "the target answered with status \(response.status)"))
        }
        let format = ExpositionParser.Format(contentType: response.header("Content-Type"))
        return .success(Answer(body: response.body, format: format))
      } catch {
        return .failure(ScrapeFailure(description: error.description))
      }
    }
  }
}
