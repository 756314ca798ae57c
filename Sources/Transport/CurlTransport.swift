package import Model

/// HTTP and SMTP over libcurl, on one thread of its own whatever the number of exchanges.
///
/// Connections are kept and used again, HTTP/2 is spoken over TLS where the server does. A request on a kept connection
/// that the server closed in that moment is sent once more on a new one, if no byte of an answer had come.
///
/// Bodies come decompressed while their `Content-Encoding` header stays as it was. Mail has a connection to itself.
package final class CurlTransport: HTTPTransport, MailTransport {
  /// How much of the system's it may hold. Exchanges beyond the limits wait, and their time runs.
  package struct Limits: Hashable, Sendable {
    /// Connections at one time; 0 for no limit.
    package var connections: Int
    /// Connections to one host and port at one time; 0 for no limit.
    package var connectionsPerHost: Int
    /// Connections kept open for later requests; 0 leaves it to libcurl, which keeps four times as many as are in use.
    package var idleConnections: Int

    package init(connections: Int = 512, connectionsPerHost: Int = 64, idleConnections: Int = 256) {
      self.connections = connections
      self.connectionsPerHost = connectionsPerHost
      self.idleConnections = idleConnections
    }
  }

  /// The system has no memory, descriptors or threads left to start with.
  package struct StartError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description = "the system has no memory, descriptors or threads left for the network thread"
  }

  private let queue: TransferQueue

  /// Starts the thread. `version` goes into `User-Agent: Belfry/<version>`.
  package init(version: String, limits: Limits = Limits()) throws(StartError) {
    guard let multi = MultiHandle(limits: limits) else { throw StartError() }
    queue = TransferQueue(multi: multi)
    let userAgent = "Belfry/\(version)"
    guard TransferLoop.start(queue: queue, multi: multi, userAgent: userAgent, idleHandles: 64) else {
      throw StartError()
    }
  }

  deinit {
    queue.stop()
  }

  package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    try request.check()
    let ticket = Ticket()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        queue.submit(Submission(ticket: ticket, exchange: .http(request, continuation)))
      }
    } onCancel: {
      queue.cancel(ticket)
    }
    let raw = try result.get()
    return HTTPResponse(status: raw.status, headers: HTTPHead.headers(in: raw.head), body: raw.body)
  }

  package func submit(_ mail: MailSubmission) async throws(MailError) -> String {
    do throws(TransportError) {
      try mail.check()
    } catch {
      throw .transport(error)
    }
    let ticket = Ticket()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        queue.submit(Submission(ticket: ticket, exchange: .mail(mail, continuation)))
      }
    } onCancel: {
      queue.cancel(ticket)
    }
    return try result.get()
  }

  /// Ends the thread and closes every connection. What is under way, and all that comes later, is `.cancelled`.
  package func shutdown() async {
    queue.stop()
    await queue.waitForEnd()
  }
}
