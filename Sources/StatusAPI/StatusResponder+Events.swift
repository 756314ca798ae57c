import Hummingbird
import Model

/// The stream of events.
extension StatusResponder {
  /// What happens, as server-sent events, from the place on that `Last-Event-ID` or `last=` names.
  func events(_ reading: Reading) async throws(APIError) -> Response {
    let tenant = reading.parameters.text("tenant")
    if let tenant, !reading.reader.allows(.tenant(tenant)) { throw .notFound("no tenant is named '\(tenant)'") }
    let position = try position(in: reading)
    var headers: HTTPFields = [.contentType: Content.eventStream.rawValue, .cacheControl: "no-store"]
    // nginx holds back what it may buffer.
    if let accelBuffering { headers[accelBuffering] = "no" }
    guard reading.request.method == .get else {
      return Response(status: .ok, headers: headers, body: Self.unknownLength)
    }

    let place = try place(for: reading)
    // A number of another process says nothing here, but that something happened since.
    let isLost = position.map { $0.process != process } ?? false
    let reader = reading.reader
    let streaming = EventStreaming(
      events: await source.events(
        after: isLost ? nil : position?.number, for: tenant.map { .tenants([$0]) } ?? reader),
      isWanted: { reader.allows($0.scope) && (tenant == nil || $0.scope.tenant == tenant) },
      process: process, isLost: isLost, clock: clock, heartbeat: limits.heartbeat, expires: reading.expires,
      closing: reading.connection.closeFuture, place: place
    )
    let body = ResponseBody { writer in
      try await streaming.write(to: &writer)
      try await writer.finish(nil)
    }
    return Response(status: .ok, headers: headers, body: body)
  }

  /// The body of an answer whose length nobody knows, where none is sent.
  private static var unknownLength: ResponseBody { ResponseBody { _ in } }

  /// A browser that connects again says in the header where it was; the parameter is for whoever can't set one.
  private func position(in reading: Reading) throws(APIError) -> EventPosition? {
    let header = lastEventID.flatMap { reading.request.headers[$0] }
    guard let text = header ?? reading.parameters.text("last"), !text.isEmpty else { return nil }
    guard let position = EventPosition(text) else {
      throw .badRequest(
        "'\(header == nil ? "last" : "Last-Event-ID")' is '\(text)'; accepted: the id of an event of this stream")
    }
    return position
  }

  private func place(for reading: Reading) throws(APIError) -> OpenStreams.Place {
    do throws(OpenStreams.Refusal) {
      return try streams.open(for: reading.key)
    } catch {
      switch error {
      case .tooMany:
        throw .overloaded("\(limits.streams) streams of events are open, and that is the limit; try again later")
      case .tooManyOfReader:
        throw .tooMany(
          "\(limits.streamsPerReader) streams of events of this reader are open; close one before opening another",
          retryAfter: 30)
      }
    }
  }
}

private let lastEventID = HTTPFields.Element.Name("Last-Event-ID")
private let accelBuffering = HTTPFields.Element.Name("X-Accel-Buffering")
