import JSON
package import Model

// What events carry: the words of the lists that they belong to.
extension StatusEvent {
  /// As `/api/v1/history` has it; `id` is `null`, since the ledger gives it later.
  package static func data(_ transition: AlertTransition) -> [UInt8] {
    var writer = JSONWriter(capacity: 1024)
    writer.object { transition.writeMembers(id: nil, to: &$0) }
    return writer.bytes
  }

  /// As `/api/v1/deliveries` has it; `id` is `null`.
  package static func data(_ delivery: DeliveryRecord) -> [UInt8] {
    var writer = JSONWriter(capacity: 512)
    writer.object { delivery.writeMembers(id: nil, to: &$0) }
    return writer.bytes
  }

  /// As `/api/v1/syncs` has it; `id` is `null`.
  package static func data(_ sync: SyncView) -> [UInt8] {
    var writer = JSONWriter(capacity: 512)
    writer.object { sync.writeSummary(id: nil, to: &$0) }
    return writer.bytes
  }

  /// `lost`: events before this one were not kept.
  package static func statusData(lost: Bool) -> [UInt8] {
    var writer = JSONWriter(capacity: 32)
    writer.object { $0.member("lost", lost) }
    return writer.bytes
  }
}
