import Foundation
import Model
import TestKit
import Transport

/// What a Prometheus takes to follow one changed file among the same rules: it reads all of them again.
///
/// `ours`: what we took for the same change, in milliseconds, from push to live.
func benchReload(_ repository: GeneratedRepository, files: Int, ours: [Double]) async throws {
  guard RealServer.isInstalled(RealServer.prometheus) else {
    return print("no Prometheus is installed, so its reload isn't measured")
  }
  let rules = repository.folder + "/tenants/*/*/*.yaml"
  let server = try RealServer(
    RealServer.prometheus, files: ["prometheus.yml": "rule_files: ['\(rules)']\n"]
  ) { directory, address in
    [
      "--config.file=\(directory)/prometheus.yml", "--storage.tsdb.path=\(directory)/data",
      "--web.listen-address=\(address)", "--log.level=error", "--web.enable-lifecycle",
    ]
  }
  let transport = try CurlTransport(version: "bench")
  for _ in 0..<2400 {
    if (try? await transport.send(HTTPRequest(url: server.url + "/-/ready")))?.status == 200 { break }
    try await Task.sleep(for: .milliseconds(50))
  }
  try repository.write(GeneratedRepository.path(0), GeneratedRepository.rules(0, threshold: 999))
  let cpu = processorTime(server.process)
  let started = seconds()
  var request = HTTPRequest(method: "POST", url: server.url + "/-/reload")
  request.options.timeout = .seconds(600)
  let response = try await transport.send(request)
  let took = seconds() - started
  guard response.status == 200 else { fail("Prometheus refused to reload: \(response.status)") }
  let median = ours.sorted()[ours.count / 2] / 1000
  report(
    Figure(
      "  Prometheus's reload of the same \(files * 10) rules",
      String(
        format: "%.1f s, %.1f s of processor time: %.0f times as long", took, processorTime(server.process) - cpu,
        took / median), target: files >= 10_000 ? "1,000 times" : ""))
  await transport.shutdown()
}
