import Glibc
import Model

/// A Prometheus server started for one test, on a free port of loopback, with files of its own.
final class RealPrometheus: Sendable {
  static let path = "/usr/bin/prometheus"
  static var isInstalled: Bool { access(path, X_OK) == 0 }

  struct Failure: Error {
    let what: String
  }

  let url: String
  private let directory: String
  private let process: pid_t

  /// Starts a server with one rule file; `arguments` come in addition.
  init(rules: String, global: String, arguments: [String] = []) throws {
    let directory = try Self.makeDirectory()
    let port = try Self.freePort()
    try Self.write("global:\n\(global)\nrule_files: [rules.yml]\n", to: directory + "/prometheus.yml")
    try Self.write(rules, to: directory + "/rules.yml")
    process = try Self.start(
      [
        Self.path, "--config.file=\(directory)/prometheus.yml", "--storage.tsdb.path=\(directory)/data",
        "--web.listen-address=127.0.0.1:\(port)", "--log.level=error",
      ] + arguments)
    self.directory = directory
    url = "http://127.0.0.1:\(port)"
  }

  deinit {
    kill(process, SIGKILL)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    if let removal = try? Self.start(["/bin/rm", "-rf", directory]) { waitpid(removal, &status, 0) }
  }

  private static func makeDirectory() throws -> String {
    var template = Array("/tmp/prometheus-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure(what: "no directory") }
    return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func write(_ text: String, to path: String) throws {
    guard let file = fopen(path, "w") else { throw Failure(what: "no file") }
    fputs(text, file)
    fclose(file)
  }

  private static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = PlainHTTP.loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
      }
    }
    guard isBound else { throw Failure(what: "no port") }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  private static func start(_ command: [String]) throws -> pid_t {
    var process: pid_t = 0
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    guard posix_spawn(&process, command[0], nil, nil, arguments, environ) == 0 else {
      throw Failure(what: "could not start")
    }
    return process
  }
}

/// An HTTP client of a few lines over a blocking socket: HTTP/1.0 and one connection for each request.
struct PlainHTTP: HTTPTransport {
  static func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    let parts = request.url.split(separator: "/", maxSplits: 2)
    let host = parts[1].split(separator: ":")
    guard host.count == 2, let port = UInt16(host[1]) else { throw .unsendable("no port") }
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = Self.loopback(port: port)
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
