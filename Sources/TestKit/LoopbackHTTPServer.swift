import Glibc
package import Model
import Synchronization

/// An HTTP/1.1 server on a free port of loopback that answers as a test tells it to and remembers what it was asked.
///
/// ```swift
/// let server = try LoopbackHTTPServer { request in .init(status: 200, body: "pong") }
/// // … send a request to server.url + "/ping"
/// await server.waitForRequests(1)
/// ```
/// One thread accepts and each connection has one of its own, so an answer may block or hang without harm to others.
/// It stops with ``stop()`` or when the last reference to it goes.
package final class LoopbackHTTPServer: Sendable {
  /// The address the server listens on.
  package enum Interface: Sendable {
    case ipv4, ipv6
  }

  /// `http://127.0.0.1:PORT` or `http://[::1]:PORT`, without a slash at the end.
  package let url: String
  package let port: Int
  private let core: LoopbackServerCore

  /// Listens, and answers each request with what `answer` makes of it, on that connection's thread.
  package init(
    on interface: Interface = .ipv4, answer: @escaping @Sendable (LoopbackRequest) -> LoopbackAnswer
  ) throws {
    let listener = try LoopbackSocket.listening(ipv6: interface == .ipv6)
    self.port = listener.port
    self.url = interface == .ipv6 ? "http://[::1]:\(port)" : "http://127.0.0.1:\(port)"
    self.core = LoopbackServerCore(listener: listener.descriptor, answer: answer)
    let core = self.core
    startThread { core.acceptConnections() }
  }

  /// Answers by path, query left aside; other paths get 404.
  package convenience init(on interface: Interface = .ipv4, _ answers: [String: LoopbackAnswer]) throws {
    try self.init(on: interface) { answers[$0.path] ?? .init(status: 404, body: "no such path") }
  }

  deinit {
    core.stop()
  }

  /// Everything asked up to now, in the order it was read.
  package var requests: [LoopbackRequest] { core.log.requests }

  /// How many connections are open at this moment.
  package var openConnections: Int { core.openConnections }

  /// Waits until at least `count` requests were read, and returns them all. Ends early when the task is cancelled.
  @discardableResult
  package func waitForRequests(_ count: Int) async -> [LoopbackRequest] {
    await core.log.waitForRequests(count)
  }

  /// Lets go every answer that is ``LoopbackAnswer/Delivery/held``, and all later ones too.
  package func release() {
    core.release()
  }

  /// Closes the port and every connection. Later connections are refused.
  package func stop() {
    core.stop()
  }
}

/// What a ``LoopbackHTTPServer`` was asked.
package struct LoopbackRequest: Hashable, Sendable {
  package var method: String
  /// As it stood in the request line: path and query, or a whole URL when asked as a proxy.
  package var target: String
  package var headers: [Label]
  package var body: [UInt8]
  /// Counts the server's connections from 1: equal numbers mean that a connection was used again.
  package var connection: Int

  /// The target up to its query.
  package var path: String { String(target.prefix { $0 != "?" }) }

  /// The target's query without the question mark, `""` when there is none.
  package var query: String { String(target.drop { $0 != "?" }.dropFirst()) }

  /// The body as text.
  package var text: String { String(decoding: body, as: UTF8.self) }

  /// The first header of this name, compared without case.
  package func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// What a ``LoopbackHTTPServer`` says, and how it goes about it.
package struct LoopbackAnswer: Hashable, Sendable {
  /// How the answer goes out.
  package enum Delivery: Hashable, Sendable {
    /// At once, with its length.
    case whole
    /// In chunks of so many bytes.
    case chunked(Int)
    /// After a wait, or not at all if the client goes first.
    case after(Duration)
    /// Not before ``LoopbackHTTPServer/release()``.
    case held
    /// Nothing at all until the client goes.
    case silent
    /// The head and so many bytes of the body, then silence until the client goes.
    case stalling(afterBytes: Int)
    /// The head and so many bytes of the body, then the connection is closed.
    case cut(afterBytes: Int)
    /// The connection is closed without a byte.
    case dropped
    /// The body over and over until so many bytes are out, chunked unless `announced`. The body mustn't be empty.
    case repeating(total: Int, announced: Bool)
  }

  package var status: Int
  package var headers: [Label]
  package var body: [UInt8]
  package var delivery: Delivery

  package init(status: Int = 200, headers: [Label] = [], body: [UInt8], delivery: Delivery = .whole) {
    self.status = status
    self.headers = headers
    self.body = body
    self.delivery = delivery
  }

  package init(status: Int = 200, headers: [Label] = [], body: String = "", delivery: Delivery = .whole) {
    self.init(status: status, headers: headers, body: Array(body.utf8), delivery: delivery)
  }

  /// A body of JSON with its content type.
  package static func json(_ text: String, status: Int = 200) -> LoopbackAnswer {
    LoopbackAnswer(status: status, headers: [Label("Content-Type", "application/json")], body: text)
  }
}

/// Runs `body` on a thread of its own, which ends with it.
package func startThread(_ body: @escaping @Sendable () -> Void) {
  final class Start: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  let start = Unmanaged.passRetained(Start(body))
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  pthread_attr_setstacksize(&attributes, 512 << 10)
  defer { pthread_attr_destroy(&attributes) }
  var thread = pthread_t()
  let outcome = pthread_create(
    &thread, &attributes,
    { argument in
      if let argument { Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body() }
      return nil
    }, start.toOpaque())
  if outcome != 0 { start.release() }
}
