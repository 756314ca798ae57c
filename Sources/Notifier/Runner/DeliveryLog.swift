import Model

/// The port to the ledger: what was sent, and what every channel was told last.
package protocol DeliveryLog: Sendable {
  /// Writes a batch; when it can't, that is the ledger's own trouble, and sending goes on.
  func record(_ batch: NotifierState.RecordBatch) async
}
