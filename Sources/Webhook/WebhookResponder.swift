package import Hummingbird
import JSON
import Model

/// Answers `POST /hook`; the answer never waits for what the webhook leads to.
package struct WebhookResponder: HTTPResponder {
  /// What Hummingbird gives with a request; none of it is used.
  package struct Context: InitializableFromSource {
    package init(source: ApplicationRequestContextSource) {}
  }

  let receiver: any WebhookReceiver
  let clock: any WallClock
  let limits: WebhookServer.Limits

  package func respond(to request: Request, context: Context) async -> Response {
    let headers = WebhookHeaders(request.headers.map { (name: $0.name.rawName, value: $0.value) })
    do throws(WebhookRefusal) {
      let disposition = try await answer(request, headers)
      let (status, message) = disposition.words
      return Response(disposition.status) { writer in
        writer.member("status", status)
        writer.member("message", message)
      }
    } catch {
      await receiver.refused(error, from: WebhookProvider(headers), at: clock.now)
      var response = Response(error.status) { writer in
        writer.key("error")
        writer.beginObject()
        writer.member("code", error.code)
        writer.member("message", error.description)
        writer.endObject()
      }
      if case .wrongMethod = error { response.headers[.allow] = "POST" }
      return ends(error) ? closing(response, request, after: error) : response
    }
  }

  private func answer(_ request: Request, _ headers: WebhookHeaders) async throws(WebhookRefusal) -> WebhookDisposition
  {
    let path = (request.head.path ?? "/").prefix { $0 != "?" }
    guard path == "/hook" else { throw .wrongPath(String(path.prefix(64))) }
    guard request.method == .post else { throw .wrongMethod(String(request.method.rawValue.prefix(16))) }
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limits.body {
      throw .tooLarge(limit: limits.body)
    }
    guard WebhookProvider(headers) != nil else { throw .unknownProvider }
    let body = try await body(of: request)
    let now = clock.now
    let webhook = try WebhookRequest(headers: headers, body: body).verified(by: await receiver.secrets(), at: now)
    return await receiver.receive(webhook, at: now)
  }

  /// The whole body, if it is small enough and arrives in time.
  private func body(of request: Request) async throws(WebhookRefusal) -> [UInt8] {
    let (source, limit, deadline) = (request.body, limits.body, clock.now + limits.bodyPatience)
    let result = await withTaskGroup(of: Result<[UInt8], WebhookRefusal>.self) { group in
      group.addTask {
        var bytes: [UInt8] = []
        do {
          for try await part in source {
            guard bytes.count + part.readableBytes <= limit else { return .failure(.tooLarge(limit: limit)) }
            bytes.append(contentsOf: part.readableBytesView)
          }
        } catch {
          return .failure(.malformedBody("it was cut off"))
        }
        return .success(bytes)
      }
      group.addTask { [clock] in
        try? await clock.sleep(until: deadline, tolerance: nil)
        return .failure(.tooSlow)
      }
      defer { group.cancelAll() }
      return await group.next() ?? .failure(.tooSlow)
    }
    return try result.get()
  }

  // MARK: Ending a connection

  /// Whether the connection ends with this refusal, since there is more to come that nobody wants.
  private func ends(_ refusal: WebhookRefusal) -> Bool {
    switch refusal {
    case .tooLarge, .tooSlow, .wrongPath, .wrongMethod, .unknownProvider: true
    default: false
    }
  }

  /// The response, then the end of the connection. Who still sends is listened to for a moment first, without keeping
  /// any of it: a connection cut with bytes under way takes the answer with it.
  private func closing(_ response: Response, _ request: Request, after refusal: WebhookRefusal) -> Response {
    let isDeclared = request.headers[.contentLength] != nil
    guard isDeclared || request.headers[.transferEncoding] != nil else { return response }
    // A body without a declared length was read until it was too large, one that is too slow for as long as it may.
    let isUnread = refusal != .tooSlow && (isDeclared || refusal != .tooLarge(limit: limits.body))
    let (body, limits, clock) = (request.body, limits, clock)
    var closing = response
    closing.headers[.connection] = "close"
    let bytes = response.body
    closing.body = ResponseBody(contentLength: bytes.contentLength) { writer in
      try await bytes.write(writer)
      if isUnread {
        let deadline = clock.now + limits.lingering
        await withTaskGroup(of: Void.self) { group in
          group.addTask { do { for try await _ in body {} } catch {} }
          group.addTask { try? await clock.sleep(until: deadline, tolerance: nil) }
          await group.next()
          group.cancelAll()
        }
      }
      throw EndOfConnection()
    }
    return closing
  }

  /// Ends a connection after its last answer.
  private struct EndOfConnection: Error {}
}

extension Response {
  /// A JSON object.
  fileprivate init(_ status: Int, _ members: (inout JSONWriter) -> Void) {
    var writer = JSONWriter(capacity: 256)
    writer.beginObject()
    members(&writer)
    writer.endObject()
    self.init(
      status: .init(code: status),
      headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
      body: .init(byteBuffer: ByteBuffer(bytes: writer.bytes)))
  }
}
