import Foundation
// The structs of time belong to whichever module the compiler read first, which differs with the files around.
import SwiftOverlayShims
import Synchronization
import TestKit

/// One connection to a server on loopback that asks and waits, over and over: HTTP/1.1 on a blocking socket.
final class LoadConnection {
  private let descriptor: Int32
  private var buffer = [UInt8](repeating: 0, count: 1 << 18)
  /// Bytes that were read and not used yet: `buffer[begin..<end]`.
  private var (begin, end) = (0, 0)

  /// Connects; `source` is the last number of the address that it comes from, 127.0.0.`source`.
  init?(port: Int, source: UInt8 = 1, patience: Int = 120) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var own = RealServer.loopback(port: 0)
    own.sin_addr.s_addr = (UInt32(0x7F00_0000) + UInt32(source)).bigEndian
    var other = RealServer.loopback(port: UInt16(port))
    var limit = timeval(tv_sec: patience, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    guard Self.pass(&own, to: { bind(descriptor, $0, $1) }) == 0,
      Self.pass(&other, to: { connect(descriptor, $0, $1) }) == 0
    else {
      close(descriptor)
      return nil
    }
  }

  deinit {
    close(descriptor)
  }

  private static func pass(_ address: inout sockaddr_in, to call: (UnsafePointer<sockaddr>, socklen_t) -> Int32)
    -> Int32
  {
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        call($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  /// Asks for a path; returns the status and how long the body was, or, where `body` is given, keeps that. `nil` when
  /// the connection ended.
  func get(_ path: String, _ headers: [String] = [], keep body: ((ArraySlice<UInt8>) -> Void)? = nil) -> (
    status: Int, bytes: Int
  )? {
    guard send(path, headers), let head = readHead() else { return nil }
    let status = Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0
    if let length = Self.value(of: "content-length", in: head).flatMap({ Int($0) }) {
      return take(length, body) ? (status, length) : nil
    }
    guard Self.value(of: "transfer-encoding", in: head) == "chunked" else { return (status, 0) }
    var total = 0
    while true {
      guard let line = readLine(), let size = Int(line, radix: 16) else { return nil }
      guard take(size, body), readLine() == "" else { return nil }
      if size == 0 { return (status, total) }
      total += size
    }
  }

  /// Sends a request without waiting for its answer.
  func send(_ path: String, _ headers: [String] = []) -> Bool {
    var text = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    for header in headers { text += header + "\r\n" }
    let bytes = Array((text + "\r\n").utf8)
    return write(descriptor, bytes, bytes.count) == bytes.count
  }

  /// The status line and headers of an answer, in small letters but for the first line.
  func readHead() -> String? {
    guard var head = readLine() else { return nil }
    while let line = readLine() {
      if line.isEmpty { return head }
      head += "\n" + line.lowercased()
    }
    return nil
  }

  /// The next line without its end.
  func readLine() -> String? {
    var line: [UInt8] = []
    while true {
      if let place = buffer[begin..<end].firstIndex(of: UInt8(ascii: "\n")) {
        line += buffer[begin..<place]
        begin = place + 1
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
      }
      line += buffer[begin..<end]
      guard fill() else { return nil }
    }
  }

  private func take(_ count: Int, _ keep: ((ArraySlice<UInt8>) -> Void)?) -> Bool {
    var left = count
    while left > 0 {
      if begin == end, !fill() { return false }
      let size = min(left, end - begin)
      keep?(buffer[begin..<begin + size])
      begin += size
      left -= size
    }
    return true
  }

  private func fill() -> Bool {
    begin = 0
    end = max(0, buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) })
    return end > 0
  }

  private static func value(of name: String, in head: String) -> String? {
    head.split(separator: "\n").first { $0.hasPrefix(name + ":") }.map {
      $0.dropFirst(name.utf8.count + 1).trimmingCharacters(in: .whitespaces)
    }
  }
}

/// What some connections measured that asked one path.
struct Load {
  var perSecond: Double
  /// How long answers took, in milliseconds, ascending.
  var latencies: [Double]
  /// The server's processor time for one answer, in milliseconds.
  var cpu: Double
  /// The body's length.
  var bytes: Int

  func latency(_ share: Double) -> Double {
    latencies.isEmpty ? .nan : latencies[min(latencies.count - 1, Int(Double(latencies.count) * share))]
  }

  var text: String {
    String(
      format: "%.0f/s, p50 %.2f ms, p99 %.2f ms, %.2f ms of processor time, %d kB", perSecond, latency(0.5),
      latency(0.99), cpu, bytes / 1024)
  }

  /// Asks a path over so many connections, at most `requests` times and for about `seconds`.
  static func measure(
    _ path: String, port: Int, process: pid_t, headers: [String] = [], connections: Int, requests: Int,
    for length: Double
  ) -> Load {
    let results = Mutex<(latencies: [Double], bytes: Int, running: Int)>(([], 0, connections))
    // Whatever is prepared at the first question is no part of what is measured.
    guard let answer = LoadConnection(port: port)?.get(path, headers), answer.status == 200 else {
      fail("\(path) isn't answered with 200")
    }
    let cpu = processorTime(process)
    let began = seconds()
    let share = max(1, requests / connections)
    for _ in 0..<connections {
      startThread {
        var own: [Double] = []
        var bytes = 0
        if let connection = LoadConnection(port: port) {
          while own.count < share, seconds() - began < length || own.isEmpty {
            let start = seconds()
            guard let answer = connection.get(path, headers), answer.status == 200 else { break }
            own.append((seconds() - start) * 1000)
            bytes = answer.bytes
          }
        }
        results.withLock { [own, bytes] in
          $0.latencies += own
          $0.bytes = max($0.bytes, bytes)
          $0.running -= 1
        }
      }
    }
    while results.withLock({ $0.running }) > 0 { usleep(200) }
    let took = seconds() - began
    let used = processorTime(process) - cpu
    let (latencies, bytes, _) = results.withLock { $0 }
    guard !latencies.isEmpty else { fail("\(path) isn't answered") }
    return Load(
      perSecond: Double(latencies.count) / took, latencies: latencies.sorted(),
      cpu: used * 1000 / Double(latencies.count), bytes: bytes)
  }
}
