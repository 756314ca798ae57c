package import Hummingbird
import HummingbirdCore
package import Model

/// Listens for webhooks on an address of its own, and hands on what is genuine.
package struct WebhookServer: Sendable {
  /// What one request and all together may take.
  package struct Limits: Hashable, Sendable {
    /// Of a body, in bytes; Flux's notification-controller has the same.
    package var body = 3 << 20
    /// For a request's head, from the beginning of the connection or the answer before; then the connection ends.
    package var patience = Duration.seconds(10)
    /// For a body, from the head to the last byte; less than ``patience``, or there would be no time to say so.
    package var bodyPatience = Duration.seconds(8)
    /// Connections at one time; others wait in the system's queue.
    package var connections = 64
    /// For a client that goes on sending what was refused, until it is cut off.
    package var lingering = Duration.seconds(2)

    package init() {}
  }

  /// The HTTP application, for those who send it requests without a connection.
  package let application: Application<WebhookResponder>
  private let host: String
  private let port: Int

  /// Port 0 takes one that is free; `onBound` is called once, with the port, when connections are taken.
  package init(
    host: String, port: Int, receiver: any WebhookReceiver, clock: any WallClock, limits: Limits = Limits(),
    onBound: @escaping @Sendable (Int) async -> Void = { _ in }
  ) {
    self.host = host
    self.port = port
    application = Application(
      responder: WebhookResponder(receiver: receiver, clock: clock, limits: limits),
      server: .http1(
        configuration: .init(
          // Until a request's head is whole the connection counts as idle from its beginning.
          idleTimeout: .milliseconds(Int64(limits.patience.wholeMilliseconds)),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: 16 * 1024, maxHeaderListSize: 64 * 1024, maxHeaderFieldCount: 100))),
      configuration: ApplicationConfiguration(
        address: .hostname(host, port: port), serverName: "belfry",
        availableConnectionsDelegate: MaximumAvailableConnections(limits.connections)),
      onServerRunning: { channel in await onBound(channel.localAddress?.port ?? port) }
    )
  }

  /// Serves until it is shut down.
  ///
  /// - Throws: ``WebhookListenError`` when the address can't be listened on.
  package func run() async throws {
    do {
      try await application.run()
    } catch let cancellation as CancellationError {
      throw cancellation
    } catch {
      throw WebhookListenError(address: "\(host):\(port)", words: String(describing: error))
    }
  }
}

/// Why the address of the webhooks can't be listened on, in the system's words.
package struct WebhookListenError: Error, Hashable, Sendable, CustomStringConvertible {
  package let address: String
  package let words: String

  package var description: String {
    "webhooks can't be listened for at \(address): \(words); choose another address with --webhook-listen"
  }
}
