import Foundation
import JSON
import Model
import TestKit
import Transport

/// A running Alertmanager that holds alerts and tells nobody.
struct HoldingAlertmanager {
  let server: RealServer
  var process: pid_t { server.process }
  var port: Int { Int(server.url.split(separator: ":").last ?? "") ?? 0 }
}

extension AlertmanagerPeer {
  /// Debian's Alertmanager with these alerts; `nil` when none is installed.
  static func holding(_ alerts: [JSONValue]) async throws -> HoldingAlertmanager? {
    let program = "/usr/bin/prometheus-alertmanager"
    guard RealServer.isInstalled(program) else { return nil }
    let configuration = """
      global: {resolve_timeout: 2h}
      route: {receiver: nobody, group_by: [alertname, service]}
      receivers: [{name: nobody}]

      """
    let server = try RealServer(program, files: ["alertmanager.yml": configuration]) { directory, address in
      [
        "--config.file=\(directory)/alertmanager.yml", "--storage.path=\(directory)/data",
        "--web.listen-address=\(address)", "--cluster.listen-address=", "--log.level=error",
      ]
    }
    let transport = try CurlTransport(version: "bench")
    try await waitUntilReady(server, transport)
    for first in stride(from: 0, to: alerts.count, by: 1000) {
      let body = JSONValue.array(Array(alerts[first..<min(first + 1000, alerts.count)])).bytes()
      let request = HTTPRequest(
        method: "POST", url: server.url + "/api/v2/alerts", headers: [Label("Content-Type", "application/json")],
        body: body)
      guard try await transport.send(request).status == 200 else { fail("Alertmanager refused alerts") }
    }
    return HoldingAlertmanager(server: server)
  }
}
