/// What is prepared ahead for readers.
package protocol LiveSource: Sendable {
  /// The live alerts; cheap, since they are prepared where something changes and not where somebody reads.
  func book() async -> AlertBook

  /// The events after the one with number `last`, as far as they are still known, and then those to come, in order.
  /// A first `status` event says so where some are lost. A reader that is too slow finds its stream ended.
  func events(after last: UInt64?, for reader: Visibility) async -> AsyncStream<StatusEvent>
}
