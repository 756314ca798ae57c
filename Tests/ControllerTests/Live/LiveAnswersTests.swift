import Foundation
import JSON
import Synchronization
import Testing

@testable import Controller

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// One answer with its entity tag.
private struct Tagged {
  var status: Int
  var tag: String
  var body: String

  static func get(_ path: String, of controller: borrowing RunningController, unless tag: String? = nil) async throws
    -> Tagged
  {
    var request = URLRequest(url: try #require(URL(string: controller.url + path)))
    request.cachePolicy = .reloadIgnoringLocalCacheData
    request.setValue(tag, forHTTPHeaderField: "If-None-Match")
    let (data, response) = try await URLSession.shared.data(for: request)
    let http = try #require(response as? HTTPURLResponse)
    return Tagged(
      status: http.statusCode, tag: http.value(forHTTPHeaderField: "ETag") ?? "",
      body: String(decoding: data, as: UTF8.self))
  }
}

@Suite struct `What readers get of a running controller` {
  private static func files(_ world: borrowing World) -> [String: String?] {
    ["tenants/shop/tenant.yaml": World.tenant(hook: world.pages.url)]
  }

  @Test func `is another answer once an alert fires, and 304 while nothing happens`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: Self.files(world))
      let controller = try await world.syncedController()
      let paths = ["/api/v1/status", "/api/v1/alerts", "/api/v1/tenants", "/api/v1/silences"]
      for path in paths {
        try await controller.eventually("nothing happens: 304 for \(path)") {
          let first = try await Tagged.get(path, of: controller)
          return try await Tagged.get(path, of: controller, unless: first.tag).status == 304
        }
      }
      let quiet = try await Tagged.get("/api/v1/alerts", of: controller)
      #expect(quiet.body.contains(#""items":[]"#))
      world.prometheus.set("up == 0", [["instance": "a"]])
      try await controller.eventually("the alert is another answer") {
        let answer = try await Tagged.get("/api/v1/alerts", of: controller, unless: quiet.tag)
        return answer.status == 200 && answer.tag != quiet.tag && answer.body.contains(#""instance":"a""#)
      }
      try await controller.eventually("the status counts it") {
        try await controller.get("status").at("alerts.firing") == .integer(1)
      }
    }
  }

  @Test func `tells in the stream of events what the alert became and that it was sent`() async throws {
    try await inWorld { world in
      try await world.makeRepository(with: Self.files(world))
      let controller = try await world.syncedController()
      let curl = try world.start("curl", ["-sN", controller.url + "/api/v1/events"])
      world.prometheus.set("up == 0", [["instance": "a"]])
      try await controller.eventually("it fires") { try await !controller.alerts().isEmpty }
      world.prometheus.set("up == 0", [["instance": "a"], ["instance": "b"]])
      try await controller.eventually("the stream tells") {
        let text = curl.output
        return text.contains("event: alert") && text.contains(#""instance":"b""#) && text.contains("event: delivery")
          && text.contains("event: status")
      }
      curl.kill()
    }
  }
}
