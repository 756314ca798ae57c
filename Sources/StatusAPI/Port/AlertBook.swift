package import Model

/// The live alerts at one moment, prepared for reading: sorted, and shared by all readers.
package struct AlertBook: Sendable {
  /// Grows with each change of what is in it.
  package let generation: UInt64
  package let takenAt: Timestamp
  /// Pending and firing alerts of every scope, ascending by ``AlertKey``.
  package let alerts: [AlertView]

  package init(generation: UInt64, takenAt: Timestamp, alerts: [AlertView]) {
    self.generation = generation
    self.takenAt = takenAt
    self.alerts = alerts
  }
}
