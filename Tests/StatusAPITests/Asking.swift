import Hummingbird
import HummingbirdTesting
import JSON
import Model
import StatusAPI

/// What came back, in plain values.
struct Answer {
  var status: Int
  var headers: HTTPFields
  var text: String
  var bytes: [UInt8] = []

  /// The body as JSON, one member a line.
  var pretty: String {
    get throws { String(decoding: try json.bytes(pretty: true), as: UTF8.self) + "\n" }
  }

  var json: JSONValue {
    get throws { try JSONValue(parsing: text) }
  }

  var errorCode: String? {
    get throws { try json["error"]?["code"]?.string }
  }

  var errorMessage: String? {
    get throws { try json["error"]?["message"]?.string }
  }
}

/// A server over a scripted source, asked without a connection.
struct Asking {
  var source = ScriptedSource()
  var host = "127.0.0.1"
  var tokens: [ReadToken] = []
  var externalURL: String?
  var limits = StatusLimits()
  var clock: (any WallClock)?

  func send(
    _ path: String, _ method: HTTPRequest.Method = .get, headers: HTTPFields = [:], body: ByteBuffer? = nil
  ) async throws -> Answer {
    let server = StatusServer(
      host: host, port: 0, source: source, tokens: tokens, version: VersionView(version: "0.9.0", commit: "41d0"),
      externalURL: externalURL, limits: limits, clock: clock
    )
    return try await server.application.test(.router) { client in
      try await client.execute(uri: path, method: method, headers: headers, body: body) { response in
        Answer(
          status: response.status.code, headers: response.headers, text: String(buffer: response.body),
          bytes: Array(response.body.readableBytesView)
        )
      }
    }
  }
}
