import Model

/// Reads what a client wrote in every way that the server reads it, without a connection: for fuzzing.
package enum RequestTrial {
  /// Tries a request's target, and one header's value as each of those that are read.
  ///
  /// - Returns: Whether the target leads to something that could be answered.
  @discardableResult
  package static func read(target: String, header: String) -> Bool {
    _ = AcceptEncoding(header).wantsGzip
    _ = asksForProblem(header)
    _ = EventPosition(header)
    _ = EntityTag(process: 1, generation: 2, reader: .all).isNamed(in: header)
    _ = HostName.isLoopback(HostName.host(ofAuthority: header))
    do throws(APIError) {
      let target = try RequestTarget(target, prefix: "/belfry")
      guard let endpoint = Endpoint(target.segments) else { return false }
      let parameters = try Parameters(target.parameters, for: endpoint)
      _ = try parameters.scope()
      _ = try parameters.time()
      _ = try parameters.matchers()
      _ = try parameters.fingerprint()
      _ = try parameters.commit()
      _ = try parameters.resource()
      _ = parameters.text("id").flatMap { ResourceID(opaque: $0) }
      let alerts: PageRequest<AlertKey> = try parameters.page()
      // What a cursor says is what was said.
      if let key = alerts.after { assert(AlertKey(opaqueText: key.opaqueText) == key, "a cursor has changed") }
      return true
    } catch {
      return false
    }
  }
}
