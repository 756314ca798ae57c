package import Model

/// Writes each message as a block of text, for a first look on a laptop.
package struct ConsoleChannel: Channel {
  private let zone: ZoneRules
  private let write: @Sendable (String) -> Void

  /// `write`: takes one whole block, without a line break at its end.
  package init(zone: ZoneRules = .utc, write: @escaping @Sendable (String) -> Void) {
    self.zone = zone
    self.write = write
  }

  package func send(_ message: Message) async throws(DeliveryError) -> Receipt {
    write(MessageText(message, zone: zone).lines.joined(separator: "\n"))
    return Receipt(detail: "written")
  }
}
