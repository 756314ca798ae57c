import Hummingbird
import HummingbirdTesting
import StatusAPI

extension Asking {
  /// Asks one server twice, the second time with the first answer's tag in place of `TAG` in `If-None-Match`.
  func sendTwice(_ path: String, form: String = "TAG") async throws -> (first: Answer, second: Answer) {
    let server = StatusServer(
      host: host, port: 0, source: source, tokens: tokens, version: VersionView(version: "0.9.0")
    )
    return try await server.application.test(.router) { client in
      let first = try await client.execute(uri: path, method: .get)
      let tag = first.headers[.eTag] ?? ""
      let header = form.split(separator: "TAG", omittingEmptySubsequences: false).joined(separator: tag)
      let second = try await client.execute(uri: path, method: .get, headers: [.ifNoneMatch: header])
      return (
        Answer(status: first.status.code, headers: first.headers, text: String(buffer: first.body)),
        Answer(status: second.status.code, headers: second.headers, text: String(buffer: second.body))
      )
    }
  }
}
