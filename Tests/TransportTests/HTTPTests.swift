import Model
import TestKit
import Testing
import Transport

@Suite struct `HTTP over libcurl` {
  let transport: CurlTransport

  init() throws {
    transport = try CurlTransport(version: "1.2.3")
  }

  @Test func `brings status, headers and body as they were given`() async throws {
    let server = try LoopbackHTTPServer { _ in
      .init(status: 201, headers: [Label("X-Kind", " pong "), Label("x-kind", ""), Label("Via", "a:b")], body: "hello")
    }
    let response = try await transport.send(HTTPRequest(url: server.url + "/a/../b?c=d%20e"))
    #expect(response.status == 201)
    #expect(response.headers.prefix(3) == [Label("X-Kind", "pong"), Label("x-kind", ""), Label("Via", "a:b")])
    #expect(response.body == Array("hello".utf8))
    let request = try #require(server.requests.first)
    #expect(request.target == "/a/../b?c=d%20e")
    #expect(request.header("User-Agent") == "Belfry/1.2.3")
    #expect(request.header("Accept-Encoding") == "gzip")
  }

  @Test(arguments: ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"], [0, 5, 3_000_000])
  func `sends a method with and without a body`(method: String, size: Int) async throws {
    let server = try LoopbackHTTPServer { request in .init(body: "\(request.body.count)") }
    let headers = size == 0 ? [] : [Label("Content-Type", "text/x-bytes"), Label("X-Empty", "")]
    let body = [UInt8](repeating: 7, count: size)
    let response = try await transport.send(
      HTTPRequest(method: method, url: server.url, headers: headers, body: body))
    #expect(response.body == Array("\(size)".utf8))
    let request = try #require(server.requests.first)
    #expect(request.method == method)
    #expect(request.header("Expect") == nil)
    #expect(request.header("Content-Type") == (size == 0 ? nil : "text/x-bytes"))
    #expect(request.header("X-Empty") == (size == 0 ? nil : ""))
  }

  @Test func `one handle serves unlike requests in turn without a trace of the last`() async throws {
    let server = try LoopbackHTTPServer { _ in .init(body: "ok") }
    let requests = [
      HTTPRequest(method: "POST", url: server.url, headers: [Label("X-Secret", "s3cr3t")], body: [1, 2]),
      HTTPRequest(url: server.url),
      HTTPRequest(method: "HEAD", url: server.url),
      HTTPRequest(method: "POST", url: server.url),
      HTTPRequest(method: "DELETE", url: server.url + "/x"),
      HTTPRequest(url: server.url, options: ConnectionOptions(timeout: .seconds(9))),
    ]
    for request in requests { #expect(try await transport.send(request).status == 200) }
    let seen = server.requests
    #expect(seen.map(\.method) == ["POST", "GET", "HEAD", "POST", "DELETE", "GET"])
    #expect(seen.map(\.body.count) == [2, 0, 0, 0, 0, 0])
    #expect(seen.map { $0.header("X-Secret") } == ["s3cr3t", nil, nil, nil, nil, nil])
    // A handle that has rested for long, as on a busy machine, gets another connection.
    #expect(Set(seen.map(\.connection)).count < seen.count)
  }

  @Test func `a connection is kept for the next request`() async throws {
    let server = try LoopbackHTTPServer { _ in .init(body: "ok") }
    for _ in 0..<5 { _ = try await transport.send(HTTPRequest(url: server.url)) }
    #expect(Set(server.requests.map(\.connection)).count < 5)
  }

  @Test func `a kept connection that was closed is replaced`() async throws {
    let first = try LoopbackHTTPServer { _ in .init(headers: [Label("Connection", "close")], body: "ok") }
    for _ in 0..<3 { _ = try await transport.send(HTTPRequest(url: first.url)) }
    #expect(first.requests.map(\.connection) == [1, 2, 3])
  }

  @Test func `a provisional answer and a redirect are not followed`() async throws {
    let server = try LoopbackHTTPServer([
      "/": .init(status: 302, headers: [Label("Location", "/elsewhere")], body: "moved")
    ])
    let response = try await transport.send(HTTPRequest(url: server.url + "/"))
    #expect(response.status == 302)
    #expect(response.header("Location") == "/elsewhere")
    #expect(server.requests.count == 1)
  }

  @Test func `HTML is passed on as it is`() async throws {
    let page = "<html><body>502 Bad Gateway</body></html>"
    let server = try LoopbackHTTPServer { _ in .init(status: 502, body: page) }
    let response = try await transport.send(HTTPRequest(url: server.url))
    #expect(response.status == 502)
    #expect(response.body == Array(page.utf8))
  }

  @Test func `chunks are put together`() async throws {
    let body = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    let server = try LoopbackHTTPServer { _ in .init(body: body, delivery: .chunked(777)) }
    #expect(try await transport.send(HTTPRequest(url: server.url)).body == body)
  }

  @Test func `five hundred requests at once are all answered`() async throws {
    let server = try LoopbackHTTPServer { request in .init(body: request.query) }
    let bodies = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { [transport] group in
      for number in 0..<500 {
        group.addTask {
          (number, try await transport.send(HTTPRequest(url: "\(server.url)/?\(number)")).body)
        }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    #expect(bodies.count == 500)
    for (number, body) in bodies { #expect(body == Array("\(number)".utf8)) }
    #expect(Set(server.requests.map(\.connection)).count <= 64)
  }

  @Test func `there are no more connections to a host than allowed`() async throws {
    let transport = try CurlTransport(version: "1", limits: .init(connectionsPerHost: 2))
    let server = try LoopbackHTTPServer { _ in .init(body: "ok") }
    await withTaskGroup { group in
      for _ in 0..<50 {
        group.addTask { #expect((try? await transport.send(HTTPRequest(url: server.url)))?.status == 200) }
      }
    }
    #expect(Set(server.requests.map(\.connection)).count <= 2)
  }

  @Test func `IPv6 works`() async throws {
    let server = try LoopbackHTTPServer(on: .ipv6) { _ in .init(body: "six") }
    #expect(try await transport.send(HTTPRequest(url: server.url)).body == Array("six".utf8))
  }
}
