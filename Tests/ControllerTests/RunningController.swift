import Foundation
import JSON
import Model

@testable import Controller

/// A `belfry run` under way, asked over its API.
final class RunningController {
  let process: Subprocess
  private var client: StatusClient?

  init(_ process: Subprocess) {
    self.process = process
  }

  /// The port that its API listens on, once it does.
  var port: Int? {
    guard let line = log.split(separator: "\n").first(where: { $0.contains(" api.listening ") }),
      let field = line.split(separator: " ").first(where: { $0.hasPrefix("port=") })
    else { return nil }
    return Int(field.dropFirst(5))
  }

  var url: String { "http://127.0.0.1:\(port ?? 0)" }
  var log: String { process.errors }

  /// The lines of the log that are of one event.
  func events(_ name: String) -> [String] {
    log.split(separator: "\n").filter { $0.contains(" \(name)") }.map(String.init)
  }

  func get(_ path: String) async throws -> JSONValue {
    let client = try self.client ?? StatusClient(url: url, token: nil)
    self.client = client
    return try await client.get("/api/v1/" + path)
  }

  func items(_ path: String) async throws -> [JSONValue] {
    try await get(path)["items"]?.array ?? []
  }

  /// Waits for a condition, and shows the log's end when it doesn't come.
  func eventually(
    _ what: String, within limit: Duration = .seconds(20), _ condition: () async throws -> Bool
  ) async throws {
    try await ControllerTests.eventually(
      what, within: limit, log: { self.log.split(separator: "\n").suffix(25).joined(separator: "\n") }, condition)
  }

  /// Waits until a commit is the newest that some scope has applied.
  func applies(_ commit: String, within limit: Duration = .seconds(20)) async throws {
    try await eventually("\(commit.prefix(8)) is applied", within: limit) {
      try await self.get("status").at("source.revision.appliedNewest")?.string?.hasSuffix(commit) == true
    }
  }

  /// Waits until a commit was tried.
  func attempts(_ commit: String) async throws {
    try await eventually("\(commit.prefix(8)) was tried") {
      try await self.get("status").at("source.revision.attempted")?.string?.hasSuffix(commit) == true
    }
  }

  /// `Synced`, `Held (ValidationFailed)`, … of `platform`, `shop` or `shop/api`.
  func sync(of scope: String) async throws -> String {
    let standing = try await self.scope(scope)["sync"]
    let reason = standing?["reason"]?.string.map { " (\($0))" } ?? ""
    return (standing?["status"]?.string ?? "") + reason
  }

  func scope(_ scope: String) async throws -> JSONValue {
    let parts = scope.split(separator: "/")
    if scope == "platform" { return try await get("platform") }
    return try await get("tenants/\(parts[0])" + (parts.count > 1 ? "/projects/\(parts[1])" : ""))
  }

  /// Waits until a scope stands so.
  func stands(_ scope: String, _ standing: String) async throws {
    try await eventually("\(scope) is \(standing)") { try await self.sync(of: scope) == standing }
  }

  func alerts() async throws -> [JSONValue] { try await items("alerts") }

  /// Waits until an alert of this name is in this state.
  func alert(_ name: String, is state: String) async throws {
    try await eventually("\(name) is \(state)") {
      try await self.alerts().contains {
        $0.at("labels.alertname")?.string == name && $0["state"]?.string == state
      }
    }
  }

  /// The message of a resource's health, of the kind and, where given, the name, once it is degraded.
  func degraded(_ kind: String, _ name: String?, in tenant: String = "") async throws -> String {
    var message = ""
    try await eventually("\(kind) \(name ?? "") is degraded") {
      for item in try await self.items("resources?kind=\(kind)") where name == nil || item["name"]?.string == name {
        guard item.at("health.status")?.string == "Degraded", item["scope"]?.string?.hasPrefix(tenant) == true else {
          continue
        }
        message = item.at("health.message")?.string ?? ""
        return true
      }
      return false
    }
    return message
  }

  /// Waits until a resource is healthy.
  func healthy(_ kind: String, _ name: String? = nil) async throws {
    try await eventually("\(kind) \(name ?? "") is healthy") {
      try await self.items("resources?kind=\(kind)").contains {
        (name == nil || $0["name"]?.string == name) && $0.at("health.status")?.string == "Healthy"
      }
    }
  }

  /// Ends it with SIGTERM and returns its exit code.
  func stop() async -> Int32 {
    process.signal(SIGTERM)
    return await process.ended()
  }
}

extension JSONValue {
  /// A member of a member, by names with dots.
  func at(_ path: String) -> JSONValue? {
    path.split(separator: ".").reduce(Optional(self)) { value, name in
      Int(name).map { value?[$0] } ?? value?[String(name)]
    }
  }
}
