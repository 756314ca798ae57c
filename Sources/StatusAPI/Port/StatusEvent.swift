package import Model

/// Something that happened, as the stream of events tells it.
package struct StatusEvent: Hashable, Sendable {
  /// What it is about; the event's name on the wire.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// An alert changed its state.
    case alert
    /// A message was sent, or could not be.
    case delivery
    /// A sync ended, or was refused.
    case sync
    /// Something that documents show changed, or events were lost: read them again.
    case status
  }

  /// Says where to go on; it has no order, and is never that of an event of another process.
  package var id: UInt64
  package var kind: Kind
  package var at: Timestamp
  /// Whose it is: readers who may not see the scope don't get it.
  package var scope: Scope
  /// A JSON document in one line.
  package var data: [UInt8]

  package init(id: UInt64, kind: Kind, at: Timestamp, scope: Scope, data: [UInt8]) {
    self.id = id
    self.kind = kind
    self.at = at
    self.scope = scope
    self.data = data
  }
}
