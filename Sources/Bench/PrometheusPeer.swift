import Foundation
import Model
import PromQL
import RemoteWrite
import TestKit
import Transport

/// A Prometheus on loopback that takes samples by remote write.
struct PrometheusPeer {
  private let server: RealServer

  /// `nil` when none is installed.
  init?() throws {
    guard RealServer.isInstalled(RealServer.prometheus) else { return nil }
    server = try RealServer.startPrometheus(arguments: ["--query.max-samples=100000000"])
  }

  var url: String { server.url }

  /// Processor time so far, in seconds.
  var cpu: Double { processorTime(server.process) }

  /// Writes all the samples, instant by instant.
  func write(_ series: [SampleSeries], over transport: CurlTransport) async throws {
    try await waitUntilReady(transport)
    var settings = RemoteWriteSettings()
    settings.samplesPerSend = 10_000
    settings.queuedSamples = 1_000_000
    var queue = RemoteWriteQueue(settings)
    let target = RemoteWriteTarget(url: url + "/api/v1/write")
    for point in 0..<(series.first?.times.count ?? 0) {
      let instant = series[0].times[point]
      queue.append(series.map { QuerySample($0.labels, $0.values[point]) }, at: instant, isUrgent: true, now: instant)
      while case .send(let message) = queue.next(at: instant) {
        let response = try await transport.send(target.request(carrying: message, userAgent: "bench"))
        guard (200..<300).contains(response.status) else { fail("Prometheus refused samples: \(response.status)") }
        queue.finished(.sent, at: instant, jitter: 0)
      }
    }
  }

  private func waitUntilReady(_ transport: CurlTransport) async throws {
    for _ in 0..<600 {
      let response = try? await transport.send(HTTPRequest(url: url + "/-/ready"))
      if response?.status == 200 { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    fail("Prometheus does not become ready")
  }
}
