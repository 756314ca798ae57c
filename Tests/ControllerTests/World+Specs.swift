import Foundation
import Model

/// Spec files that most tests begin with.
extension World {
  /// A data source.
  static func source(_ name: String, _ url: String, isDefault: Bool = true, timeout: String = "1s") -> String {
    """
    apiVersion: belfry/v1
    kind: DataSource
    metadata:
      name: \(name)
    spec:
      prometheus:
        url: \(url)
      default: \(isDefault)
      timeout: \(timeout)

    """
  }

  /// A tenant that evaluates every 200 ms and sends at once, to a webhook channel `hook`.
  static func tenant(_ name: String = "shop", hook: String, settings: String = "") -> String {
    """
    apiVersion: belfry/v1
    kind: Tenant
    metadata:
      name: \(name)
    spec:
      interval: 200ms
    \(settings)---
    \(channel("hook", "webhook: {url: '\(hook)'}"))---
    \(route("hook"))
    """
  }

  static func channel(_ name: String, _ destination: String) -> String {
    """
    apiVersion: belfry/v1
    kind: Channel
    metadata:
      name: \(name)
    spec:
      \(destination)

    """
  }

  static func route(_ channel: String, groupInterval: String = "200ms") -> String {
    """
    apiVersion: belfry/v1
    kind: Route
    metadata:
      name: default
    spec:
      channel: \(channel)
      group_by: [alertname]
      group_wait: 0s
      group_interval: \(groupInterval)

    """
  }

  /// A rule file with a group of rules, each of a name and an expression.
  static func rules(
    _ rules: [(alert: String, expression: String)], group: String = "group", hold: String? = nil, summary: String? = nil
  ) -> String {
    var text = "groups:\n  - name: \(group)\n    rules:\n"
    for rule in rules {
      text += "      - alert: \(rule.alert)\n        expr: \(rule.expression)\n"
      if let hold { text += "        for: \(hold)\n" }
      if let summary { text += "        annotations: {summary: '\(summary)'}\n" }
    }
    return text
  }

  static func silence(_ name: String, _ matcher: String, length: String = "duration: 1h") -> String {
    """
    apiVersion: belfry/v1
    kind: Silence
    metadata:
      name: \(name)
    spec:
      matchers: ['\(matcher)']
      \(length)
      comment: planned work

    """
  }

  /// The files of a platform with one source and a tenant `shop` with the project `api` and its rule `Down`.
  var basics: [String: String?] {
    [
      "platform/sources.yaml": Self.source("main", prometheus.url),
      "tenants/shop/tenant.yaml": Self.tenant(hook: pages.url + "/shop"),
      "tenants/shop/api/rules.yaml": Self.rules([("Down", "up == 0")]),
    ]
  }

  // MARK: The repository

  /// Makes the bare repository and an empty clone of it.
  func makeRepository() async throws {
    for command in [
      ["init", "-q", "--bare", "-b", "main", path("alerts.git")], ["init", "-q", "-b", "main", path("alerts")],
      ["-C", path("alerts"), "remote", "add", "origin", path("alerts.git")],
    ] { try await git(command, in: nil) }
  }

  /// Makes the repository with ``basics`` and more as its first commit.
  @discardableResult
  func makeRepository(with files: [String: String?]) async throws -> String {
    try await makeRepository()
    return try await commit(basics.merging(files) { $1 }, "Begin")
  }

  /// Writes or, for `nil`, removes files, commits and pushes; returns the commit.
  @discardableResult
  func commit(_ files: [String: String?], _ message: String = "Change", force: Bool = false) async throws -> String {
    for (name, text) in files {
      if let text {
        try write(text, to: "alerts/" + name)
      } else {
        try FileManager.default.removeItem(atPath: path("alerts/" + name))
      }
    }
    try await git(["add", "-A"])
    try await git(["commit", "-q", "--allow-empty", "-m", message])
    try await push(force: force)
    return try await head()
  }

  func push(force: Bool = false) async throws {
    try await git(["push", "-q"] + (force ? ["--force"] : []) + ["origin", "HEAD:refs/heads/main"])
  }

  func head() async throws -> String {
    try await git(["rev-parse", "HEAD"]).output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @discardableResult
  func git(_ arguments: [String], in place: String? = "alerts") async throws -> Finished {
    let finished = try await run("/usr/bin/env", ["git"] + arguments, in: place)
    guard finished.code == 0 else {
      throw NotSeen(description: "git \(arguments.joined(separator: " ")): \(finished.errors)")
    }
    return finished
  }
}
