import Glibc
import Model
import TestKit

/// An HTTP client of a few lines over a blocking socket: HTTP/1.0 and one connection for each request.
struct PlainHTTP: HTTPTransport {
  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    let parts = request.url.split(separator: "/", maxSplits: 2)
    let host = parts[1].split(separator: ":")
    guard host.count == 2, let port = UInt16(host[1]) else { throw .unsendable("no port") }
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = RealServer.loopback(port: port)
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { throw .unreachable("connection refused") }
    var head = "\(request.method) /\(parts.count > 2 ? parts[2] : "") HTTP/1.0\r\nHost: \(parts[1])\r\n"
    for header in request.headers { head += "\(header.name): \(header.value)\r\n" }
    head += "Content-Length: \(request.body.count)\r\n\r\n"
    let message = Array(head.utf8) + request.body
    guard write(descriptor, message, message.count) == message.count else { throw .brokenOff("write") }
    return try Self.response(Self.readAll(descriptor))
  }

  private static func readAll(_ descriptor: Int32) -> [UInt8] {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return all }
      all += buffer[0..<count]
    }
  }

  private static func response(_ bytes: [UInt8]) throws(TransportError) -> HTTPResponse {
    let end: [UInt8] = [13, 10, 13, 10]
    guard let head = bytes.indices.dropLast(3).first(where: { bytes[$0..<$0 + 4].elementsEqual(end) }) else {
      throw .brokenOff("no head")
    }
    let status = String(decoding: bytes[0..<head], as: UTF8.self).split(separator: " ").dropFirst().first
    return HTTPResponse(status: status.flatMap { Int($0) } ?? 0, body: Array(bytes[(head + 4)...]))
  }
}
