import Glibc
import Model
import TestKit
import Testing
import Transport

@Suite struct `HTTP that goes wrong` {
  let transport: CurlTransport

  init() throws {
    transport = try CurlTransport(version: "1")
  }

  private func failure(of request: HTTPRequest) async -> TransportError? {
    do throws(TransportError) {
      _ = try await transport.send(request)
      return nil
    } catch {
      return error
    }
  }

  @Test func `a refused connection is unreachable`() async throws {
    let server = try LoopbackHTTPServer { _ in .init() }
    server.stop()
    let error = await failure(of: HTTPRequest(url: server.url + "/hook/s3cr3t?token=s3cr3t"))
    guard case .unreachable(let reason)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.hasPrefix("'127.0.0.1:\(server.port)' takes no connection: "))
    #expect(!reason.contains("s3cr3t"))
  }

  @Test func `a name without an address is unreachable`() async {
    let error = await failure(of: HTTPRequest(url: "http://no-such-host.invalid:81/s3cr3t"))
    #expect(error == .unreachable("no address is known for the host of 'no-such-host.invalid:81'"))
  }

  @Test(arguments: [
    LoopbackAnswer(delivery: .silent), LoopbackAnswer(body: "hello", delivery: .stalling(afterBytes: 0)),
    LoopbackAnswer(body: "hello", delivery: .stalling(afterBytes: 3)),
  ])
  func `an answer that doesn't come in time has timed out`(answer: LoopbackAnswer) async throws {
    let server = try LoopbackHTTPServer { _ in answer }
    let options = ConnectionOptions(timeout: .milliseconds(150))
    let error = await failure(of: HTTPRequest(method: "POST", url: server.url, body: [1], options: options))
    #expect(error == .timedOut(requestWasSent: true))
  }

  @Test func `a connection that isn't made in time has timed out, with nothing sent`() async throws {
    // A handle that sent a request before must not be taken to have sent this one.
    let server = try LoopbackHTTPServer { _ in .init() }
    let options = ConnectionOptions(connectTimeout: .milliseconds(100))
    _ = try await transport.send(HTTPRequest(url: server.url, options: options))
    let listener = try FullListener()
    let error = await failure(of: HTTPRequest(url: "http://127.0.0.1:\(listener.port)", options: options))
    #expect(error == .timedOut(requestWasSent: false))
  }

  @Test(arguments: [
    LoopbackAnswer(body: "hello", delivery: .cut(afterBytes: 3)), LoopbackAnswer(delivery: .dropped),
    LoopbackAnswer(headers: [Label("Content-Encoding", "gzip")], body: "no gzip"),
  ])
  func `an answer that isn't whole is broken off`(answer: LoopbackAnswer) async throws {
    let server = try LoopbackHTTPServer { _ in answer }
    let error = await failure(of: HTTPRequest(url: server.url))
    guard case .brokenOff(let reason)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.hasPrefix("the connection to '127.0.0.1:\(server.port)' ended before its answer was whole: "))
  }

  @Test func `a body of 200 MB is given up at the limit, and never held`() async {
    // In a process of its own, whose memory no other test uses.
    await #expect(processExitsWith: .success) {
      let part = [UInt8](repeating: 65, count: 1 << 20)
      let transport = try CurlTransport(version: "1")
      for announced in [true, false] {
        let server = try LoopbackHTTPServer { _ in
          .init(body: part, delivery: .repeating(total: 200 << 20, announced: announced))
        }
        let before = residentBytes()
        do throws(TransportError) {
          _ = try await transport.send(HTTPRequest(url: server.url, responseLimit: 1 << 20))
          exit(1)
        } catch {
          guard error == .tooLarge(limit: 1 << 20) else { exit(2) }
        }
        guard residentBytes() - before < 50 << 20 else { exit(3) }
      }
      exit(0)
    }
  }

  @Test func `a body just as large as the limit is taken`() async throws {
    let server = try LoopbackHTTPServer { _ in .init(body: "12345") }
    #expect(await failure(of: HTTPRequest(url: server.url, responseLimit: 5)) == nil)
    #expect(await failure(of: HTTPRequest(url: server.url, responseLimit: 4)) == .tooLarge(limit: 4))
  }

  @Test func `a head of more than 64 KiB is given up`() async throws {
    let headers = (0..<70).map { Label("X-\($0)", String(repeating: "x", count: 1000)) }
    let server = try LoopbackHTTPServer { _ in .init(headers: headers) }
    #expect(await failure(of: HTTPRequest(url: server.url)) == .tooLarge(limit: 65536))
  }

  @Test func `gzip is unpacked, and the limit is for what was unpacked`() async throws {
    let hello: [UInt8] = [
      0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0x02, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xd7, 0x51, 0x48, 0xaf, 0xca, 0x2c,
      0, 0, 0x4a, 0x9b, 0xb1, 0x5c, 0x0b, 0, 0, 0,
    ]
    let server = try LoopbackHTTPServer { _ in .init(headers: [Label("Content-Encoding", "gzip")], body: hello) }
    let response = try await transport.send(HTTPRequest(url: server.url))
    #expect(response.body == Array("hello, gzip".utf8))
    #expect(await failure(of: HTTPRequest(url: server.url, responseLimit: 10)) == .tooLarge(limit: 10))
  }

  @Test func `cancelling ends the exchange at both sides`() async throws {
    let server = try LoopbackHTTPServer { _ in .init(delivery: .silent) }
    let task = Task { await failure(of: HTTPRequest(url: server.url, options: .init(timeout: .seconds(3600)))) }
    await server.waitForRequests(1)
    task.cancel()
    #expect(await task.value == .cancelled)
    while server.openConnections > 0 { await Task.yield() }
  }

  @Test func `a task that is cancelled already sends nothing`() async throws {
    let server = try LoopbackHTTPServer { _ in .init() }
    let error = await withTaskGroup(of: TransportError?.self) { group in
      group.cancelAll()
      group.addTask { await failure(of: HTTPRequest(url: server.url)) }
      return await group.next() ?? nil
    }
    #expect(error == .cancelled)
    #expect(server.requests.isEmpty)
  }

  @Test func `shutting down cancels what is under way and what comes later`() async throws {
    let server = try LoopbackHTTPServer { request in .init(delivery: request.path == "/" ? .silent : .whole) }
    let request = HTTPRequest(url: server.url, options: .init(timeout: .seconds(3600)))
    #expect(await failure(of: HTTPRequest(url: server.url + "/quick")) == nil)
    let tasks = (0..<20).map { _ in Task { await failure(of: request) } }
    await server.waitForRequests(21)
    await transport.shutdown()
    for task in tasks { #expect(await task.value == .cancelled) }
    #expect(await failure(of: request) == .cancelled)
    await transport.shutdown()
    while server.openConnections > 0 { await Task.yield() }
  }

  @Test func `letting go of a transport ends its thread`() async {
    await #expect(processExitsWith: .success) {
      let server = try LoopbackHTTPServer { _ in .init() }
      for _ in 0..<20 { _ = try await CurlTransport(version: "1").send(HTTPRequest(url: server.url)) }
      while transportThreads() > 0 || server.openConnections > 0 { await Task.yield() }
      exit(0)
    }
  }
}

/// A port whose queue of connections is full, so that a further one is neither taken nor refused.
private final class FullListener {
  let port: Int
  private var descriptors: [Int32] = []

  init() throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    descriptors.append(listener)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(listener, $0, length)
        _ = listen(listener, 0)
        _ = getsockname(listener, $0, &length)
      }
    }
    port = Int(UInt16(bigEndian: address.sin_port))
    for _ in 0..<4 {
      let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
      descriptors.append(client)
      withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = connect(client, $0, length) }
      }
    }
  }

  deinit {
    for descriptor in descriptors { close(descriptor) }
  }
}

private func residentBytes() -> Int {
  guard let file = fopen("/proc/self/statm", "r") else { return 0 }
  defer { fclose(file) }
  var buffer = [CChar](repeating: 0, count: 256)
  guard fgets(&buffer, 256, file) != nil else { return 0 }
  let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
}

/// How many threads of this process are called `transport`.
private func transportThreads() -> Int {
  guard let directory = opendir("/proc/self/task") else { return 0 }
  defer { closedir(directory) }
  var count = 0
  while let entry = readdir(directory) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    guard let file = fopen("/proc/self/task/\(name)/comm", "r") else { continue }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 64)
    if fgets(&buffer, 64, file) != nil, strcmp(buffer, "transport\n") == 0 { count += 1 }
  }
  return count
}
