package import Hummingbird
import HummingbirdCore
package import Model

/// The status API as a server: listens, answers, and stops when its task is cancelled or shut down gracefully.
package struct StatusServer: Sendable {
  /// The HTTP application, for those who send it requests without a connection.
  package let application: Application<StatusResponder>
  private let host: String
  private let port: Int

  /// Port 0 takes one that is free; `onBound` is called once, with the port, when connections are taken.
  ///
  /// Neither tokens nor a `signIn` that takes some means that everybody on loopback may read, and elsewhere nobody. The
  /// path of `externalURL`, where readers find the server behind a proxy, may stand in front of every path. With an
  /// `identity` it speaks TLS only. Without a `clock` streams show no signs of life, and requests are not limited over
  /// time. `meter` counts requests.
  package init(
    host: String, port: Int, source: any StatusSource, tokens: [ReadToken], version: VersionView,
    signIn: SignIn? = nil, externalURL: String? = nil, identity: ServerIdentity? = nil,
    limits: StatusLimits = StatusLimits(), clock: (any WallClock)? = nil, meter: RequestMeter? = nil,
    onBound: @escaping @Sendable (Int) async -> Void = { _ in }
  ) {
    self.host = host
    self.port = port
    application = Application(
      responder: StatusResponder(
        source: source,
        access: AccessPolicy(listenHost: host, tokens: tokens, signIn: signIn, externalURL: externalURL),
        version: version, externalURL: externalURL, limits: limits, clock: clock, isTLS: identity != nil, meter: meter
      ),
      server: HTTPServerBuilder { responder in
        StatusChannel(limits, identity: identity, responder: responder)
      },
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
