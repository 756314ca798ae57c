package import Model

/// A server that takes remote write, as it is reached at the moment.
package struct RemoteWriteTarget: Hashable, Sendable {
  /// The whole address, such as `http://127.0.0.1:9090/api/v1/write`; may carry a secret.
  package var url: String
  /// Sent with each request, credentials among them.
  package var headers: [Label]
  package var options: ConnectionOptions

  package init(url: String, headers: [Label] = [], options: ConnectionOptions = .init()) {
    self.url = url
    self.headers = headers
    self.options = options
  }

  /// The request that carries a `WriteRequest`, which is compressed here (remote write 1.0, "Protocol").
  package func request(carrying message: [UInt8], userAgent: String) throws(TransportError) -> HTTPRequest {
    guard let body = Snappy.compressed(message) else { throw .unsendable("the samples could not be compressed") }
    let own = [
      Label("Content-Encoding", "snappy"), Label("Content-Type", "application/x-protobuf"),
      Label("User-Agent", userAgent), Label("X-Prometheus-Remote-Write-Version", "0.1.0"),
    ]
    return HTTPRequest(
      method: "POST", url: url, headers: own + headers, body: body, options: options, responseLimit: 64 << 10)
  }
}
