package import Hummingbird
package import Model

/// The status API as a server: listens, answers, and stops when its task is cancelled or shut down gracefully.
package struct StatusServer: Sendable {
  /// The HTTP application, for those who send it requests without a connection.
  package let application: Application<StatusResponder>
  private let host: String
  private let port: Int

  /// Port 0 takes one that is free; `onBound` is called once, with the port, when connections are taken.
  ///
  /// No tokens means that everybody on loopback may read, and elsewhere nobody. The path of `externalURL`, where
  /// readers find the server behind a proxy, may stand in front of every path. `meter` counts requests.
  package init(
    host: String, port: Int, source: any StatusSource, tokens: [ReadToken], version: VersionView,
    externalURL: String? = nil, limits: StatusLimits = StatusLimits(), clock: (any WallClock)? = nil,
    meter: RequestMeter? = nil, onBound: @escaping @Sendable (Int) async -> Void = { _ in }
  ) {
    self.host = host
    self.port = port
    application = Application(
      responder: StatusResponder(
        source: source, access: AccessPolicy(listenHost: host, tokens: tokens, externalURL: externalURL),
        version: version, externalURL: externalURL, limits: limits, clock: clock, meter: meter
      ),
      server: .http1(
        configuration: .init(
          idleTimeout: .seconds(30),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: 16 * 1024, maxHeaderListSize: 32 * 1024, maxHeaderFieldCount: 100
          )
        )
      ),
      configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: "belfry"),
      onServerRunning: { channel in await onBound(channel.localAddress?.port ?? port) }
    )
  }

  /// Serves until it is shut down; what is being answered is answered to its end.
  ///
  /// - Throws: ``ListenError`` when the address can't be listened on.
  package func run() async throws {
    do {
      try await application.run()
    } catch let cancellation as CancellationError {
      throw cancellation
    } catch {
      throw ListenError(error, host: host, port: port)
    }
  }
}
