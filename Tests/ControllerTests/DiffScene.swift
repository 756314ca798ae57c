import Evaluator
import Foundation
import JSON
import Model
import Notifier
import Reconciler
import Specs
import Synchronization

@testable import Controller

/// Two states of a spec repository, live alerts and a data source, all in memory: what `belfry diff --live` works on.
struct DiffScene: Sendable {
  static let now = Timestamp(rfc3339: "2026-11-21T12:00:00Z") ?? .epoch

  var before: [String: String] = DiffScene.basics
  /// What the change writes, and, for `nil`, removes.
  var change: [String: String?] = [:]
  var alerts: [Alert] = []
  var silenceStarts: [ResourceID: Timestamp] = [:]
  let source = ScriptedTransport()

  static let basics: [String: String] = [
    "platform/sources.yaml": """
    apiVersion: belfry/v1
    kind: DataSource
    metadata: {name: main}
    spec: {prometheus: {url: 'http://source.test'}, default: true}
    """,
    "tenants/shop/tenant.yaml": """
    apiVersion: belfry/v1
    kind: Tenant
    metadata: {name: shop, owner: team-shop}
    spec: {external_labels: {region: eu}}
    ---
    \(console("oncall"))---
    \(console("night"))---
    \(route("channel: oncall"))
    """,
  ]

  static func console(_ name: String) -> String {
    "apiVersion: belfry/v1\nkind: Channel\nmetadata: {name: \(name)}\nspec: {console: {}}\n"
  }

  /// A route with these lines in its spec.
  static func route(_ lines: String...) -> String {
    "apiVersion: belfry/v1\nkind: Route\nmetadata: {name: default}\nspec:\n"
      + lines.map { "  " + $0 + "\n" }.joined()
  }

  /// A rule file with one group `g`; each rule is a name, an expression, and further lines.
  static func rules(_ rules: (name: String, expression: String, more: String)...) -> String {
    "groups:\n- name: g\n  rules:\n"
      + rules.map {
        "  - {alert: \($0.name), expr: '\($0.expression)'" + ($0.more.isEmpty ? "" : ", " + $0.more) + "}\n"
      }.joined()
  }

  /// Adds an alert as the controller has it: with the labels of its scope.
  mutating func alert(
    _ name: String, _ labels: [String: String], in scope: Scope = .project(tenant: "shop", project: "api"),
    group: String = "rules.yaml:g", state: AlertState = .firing, for age: Duration = .seconds(3600)
  ) {
    var all = Labels(labels.map { Label($0.key, $0.value) })
    all["alertname"] = name
    all["region"] = "eu"
    all["tenant"] = scope.tenant ?? ""
    all["project"] = scope.project ?? ""
    alerts.append(
      Alert(
        scope: scope, labels: all, annotations: [], state: state, value: 1, activeAt: Self.now - age,
        firedAt: state == .firing ? Self.now - age : nil,
        rule: RuleReference(
          group: ResourceID(scope, .ruleGroup, group), rule: name, provenance: Provenance(file: "", line: 1)),
        generatorURL: ""))
  }

  var reconciler: Reconciler {
    let revision = Revision(ref: "main", commit: ObjectID(String(repeating: "a", count: 40)) ?? Self.commit)
    var reconciler = Reconciler()
    reconciler.restore(Self.files(before), at: revision)
    var after = before
    for (path, text) in change { after[path] = text }
    reconciler.see(Self.files(after))
    return reconciler
  }

  static let commit: ObjectID = {
    guard let commit = ObjectID(String(repeating: "b", count: 40)) else { preconditionFailure("40 digits") }
    return commit
  }()

  private static func files(_ texts: [String: String]) -> [(path: String, file: SpecFile?)] {
    texts.sorted { $0.key < $1.key }.map { path, text in
      (path, SpecFile.parse(path: path, bytes: Array(text.utf8), options: SpecReading.withoutLints))
    }
  }

  func report(window: BacktestWindow? = nil, tenant: String? = nil) async -> DiffReport {
    var live = LiveAlerting()
    live.alerts = alerts
    live.silenceStarts = silenceStarts
    let maker = DiffMaker(
      reconciler: reconciler, revision: Revision(ref: "working-tree", commit: Self.commit), base: "main",
      address: "http://belfry.test", client: nil, tenant: tenant, window: window, secretsFolder: nil, now: Self.now)
    return await maker.report(live, AskedSources(secrets: SecretStore(folder: nil), transport: source))
  }
}

/// A data source in memory: an expression finds what it was told to, and else nothing.
final class ScriptedTransport: HTTPTransport {
  private struct Script {
    var series: [String: [[String: String]]] = [:]
    var ranges: [String: [(labels: [String: String], holds: @Sendable (Int64) -> Bool)]] = [:]
    var asked: [String] = []
    var failure: TransportError?
  }

  private let script = Mutex(Script())

  func set(_ expression: String, _ series: [String: String]...) {
    script.withLock { $0.series[expression] = series }
  }

  /// `holds`: whether there is a sample so many seconds before ``DiffScene/now``.
  func set(range expression: String, _ labels: [String: String], _ holds: @escaping @Sendable (Int64) -> Bool) {
    script.withLock { $0.ranges[expression, default: []].append((labels, holds)) }
  }

  func fail(_ error: TransportError) { script.withLock { $0.failure = error } }

  /// Every expression that was asked, in order.
  var asked: [String] { script.withLock { $0.asked } }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    var form: [String: String] = [:]
    for pair in String(decoding: request.body, as: UTF8.self).split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1)
      let text = parts.count > 1 ? String(parts[1]).replacing("+", with: " ") : ""
      form[String(parts[0])] = text.removingPercentEncoding ?? text
    }
    let expression = form["query"] ?? ""
    let (failure, series, ranges) = script.withLock { script in
      script.asked.append(expression)
      return (script.failure, script.series[expression] ?? [], script.ranges[expression] ?? [])
    }
    if let failure { throw failure }
    guard let start = form["start"].flatMap({ Double($0) }), let end = form["end"].flatMap({ Double($0) }),
      let step = form["step"].flatMap({ Double($0) })
    else { return Self.answer("vector", series.map { ($0, [DiffScene.now.secondsSinceEpoch], "value") }) }
    let instants = stride(from: start, through: end, by: step)
    let found = ranges.map { one in
      (one.labels, instants.filter { one.holds(Int64(DiffScene.now.secondsSinceEpoch - $0)) }, "values")
    }
    return Self.answer("matrix", found.filter { !$0.1.isEmpty })
  }

  private static func answer(
    _ type: String, _ series: [(labels: [String: String], times: [Double], member: String)]
  ) -> HTTPResponse {
    let result = series.map { one in
      let points = one.times.map { JSONValue.array([.number($0), .string("1")]) }
      return JSONValue.object([
        .init("metric", .object(one.labels.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })),
        .init(one.member, one.member == "value" ? points[0] : .array(points)),
      ])
    }
    let value = JSONValue.object([
      .init("status", "success"),
      .init("data", .object([.init("resultType", .string(type)), .init("result", .array(result))])),
    ])
    return HTTPResponse(status: 200, body: Array(value.text.utf8))
  }
}
