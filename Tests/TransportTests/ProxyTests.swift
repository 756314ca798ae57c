import Glibc
import Model
import TestKit
import Testing
import Transport

@Suite struct `A proxy` {
  @Test func `is asked when one is set`() async throws {
    let transport = try CurlTransport(version: "1")
    let proxy = try LoopbackHTTPServer { request in .init(body: request.target) }
    let options = ConnectionOptions(proxy: proxy.url)
    let response = try await transport.send(HTTPRequest(url: "http://somewhere.invalid/x?y", options: options))
    #expect(response.body == Array("http://somewhere.invalid/x?y".utf8))
    // Loopback is no exception to it, as the environment's NO_PROXY often makes it.
    let server = try LoopbackHTTPServer { _ in .init(body: "direct") }
    let local = try await transport.send(HTTPRequest(url: server.url + "/", options: options))
    #expect(local.body == Array((server.url + "/").utf8))
    #expect(server.requests.isEmpty)
  }

  @Test func `of the environment is never asked`() async {
    await #expect(processExitsWith: .success) {
      let proxy = try LoopbackHTTPServer { _ in .init(body: "proxied") }
      for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] { setenv(name, proxy.url, 1) }
      let server = try LoopbackHTTPServer { _ in .init(body: "direct") }
      let response = try await CurlTransport(version: "1").send(HTTPRequest(url: server.url))
      exit(response.body == Array("direct".utf8) && proxy.requests.isEmpty ? 0 : 1)
    }
  }

  @Test func `set for one request is asked whatever the environment excepts`() async {
    await #expect(processExitsWith: .success) {
      setenv("no_proxy", "*", 1)
      setenv("NO_PROXY", "*", 1)
      let proxy = try LoopbackHTTPServer { _ in .init(body: "proxied") }
      let request = HTTPRequest(url: "http://somewhere.invalid/", options: ConnectionOptions(proxy: proxy.url))
      let response = try await CurlTransport(version: "1").send(request)
      exit(response.body == Array("proxied".utf8) ? 0 : 1)
    }
  }
}
