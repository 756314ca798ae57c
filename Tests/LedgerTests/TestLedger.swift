import Foundation
import GRDB
import Model
import Testing

@testable import Ledger

/// Runs `body` with a folder of its own, which is removed afterwards.
func withFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ledger-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder.path)
}

/// Runs `body` with a fresh ledger.
func withLedger<Value>(_ body: (Ledger) async throws -> Value) async throws -> Value {
  try await withFolder { folder in
    let (ledger, _) = try Ledger.open(at: folder + "/ledger.db", now: .at(0))
    return try await body(ledger)
  }
}

extension Timestamp {
  /// So many seconds after an instant in 2026.
  static func at(_ seconds: Int64) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: 1_790_000_000_000 + seconds * 1000)
  }
}

extension Ledger {
  /// Writes a batch that `fill` makes.
  func write(_ fill: (inout LedgerBatch) -> Void) async throws {
    var batch = LedgerBatch()
    fill(&batch)
    try await write(batch)
  }

  /// What SQL sees, past everything that guards it.
  func tamper(_ sql: String) throws {
    try pool.writeWithoutTransaction { try $0.execute(sql: sql) }
  }
}

extension Alert {
  /// A firing alert of one rule; `number` tells it from others.
  static func example(
    _ number: Int, scope: Scope = .project(tenant: "shop", project: "checkout"), state: AlertState = .firing,
    severity: String = "critical"
  ) -> Alert {
    Alert(
      scope: scope,
      labels: ["alertname": "CheckoutErrors", "instance": "web-\(number)", "severity": severity],
      annotations: [Label("summary", "web-\(number) answers 5xx")], state: state, value: Double(number),
      activeAt: .at(0), firedAt: state == .pending ? nil : .at(300), resolvedAt: state == .resolved ? .at(400) : nil,
      rule: RuleReference(
        group: ResourceID(scope, .ruleGroup, "rules.yaml:checkout"), rule: "CheckoutErrors",
        provenance: Provenance(file: "tenants/shop/checkout/rules.yaml", line: 5)
      ),
      generatorURL: "http://127.0.0.1:9090/graph?g0.expr=up"
    )
  }
}

extension AlertTransition {
  static func example(
    _ number: Int, scope: Scope = .project(tenant: "shop", project: "checkout"), state: AlertState = .firing,
    severity: String = "critical", at seconds: Int64 = 0
  ) -> AlertTransition {
    AlertTransition(
      from: .pending, alert: .example(number, scope: scope, state: state, severity: severity),
      reason: .heldLongEnough, at: .at(seconds)
    )
  }
}

extension DeliveryRecord {
  static func example(
    owner: Scope = .tenant("shop"), alerts: [Fingerprint] = [], outcome: Outcome = .delivered, at seconds: Int64 = 0
  ) -> DeliveryRecord {
    DeliveryRecord(
      owner: owner, groupKey: "{}:{alertname=\"CheckoutErrors\"}", channel: ResourceID(owner, .channel, "oncall"),
      attempt: 1, startedAt: .at(seconds), finishedAt: .at(seconds + 1), outcome: outcome, detail: "200 OK",
      reason: "first notification", firing: alerts.count, resolved: 0, alerts: alerts
    )
  }
}

extension AuditRecord {
  static func example(
    _ subject: String, scope: Scope = .tenant("shop"), actor: String = "Ana <ana@example.com>",
    action: String = "sync.applied", at seconds: Int64 = 0
  ) -> AuditRecord {
    AuditRecord(at: .at(seconds), actor: actor, action: action, scope: scope, commit: nil, subject: subject)
  }
}

extension SyncRecord {
  static func example(
    _ commit: Character = "a", status: SyncStatus = .synced, at seconds: Int64 = 0
  ) throws -> SyncRecord {
    SyncRecord(
      trigger: .poll, revision: try #require(Revision("main@sha1:" + String(repeating: commit, count: 40))),
      startedAt: .at(seconds), finishedAt: .at(seconds + 1), status: status, created: 1, updated: 2, moved: 3,
      deleted: 4, timings: [.init(stage: "fetch", milliseconds: 12.5)], plan: "{}", diagnostics: "[]"
    )
  }
}
