import ArgumentParser
import Model

/// What every command that asks a controller takes.
struct ClientOptions: ParsableArguments {
  /// How answers are printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Option(
    help:
      "The controller's address, with the path where a proxy serves it (or BELFRY_URL; default: http://127.0.0.1:8080)."
  )
  var url: String?
  @Option(help: "A token that may read (or BELFRY_TOKEN).")
  var token: String?
  @Option(help: "A file with the token (or BELFRY_TOKEN_FILE).")
  var tokenFile: String?
  @Option(help: "Certificate authorities for https, PEM (or BELFRY_CA_FILE).")
  var caFile: String?
  @Option(help: "A client's certificate for mutual TLS, PEM (or BELFRY_CERT_FILE); goes with --key-file.")
  var certFile: String?
  @Option(help: "The certificate's key, PEM (or BELFRY_KEY_FILE).")
  var keyFile: String?
  @Option(help: "How the answer is printed.")
  var format = Format.text

  func client() throws -> StatusClient {
    var connection = ConnectionOptions()
    connection.caFile = caFile ?? environment("BELFRY_CA_FILE")
    connection.clientCertificateFile = certFile ?? environment("BELFRY_CERT_FILE")
    connection.clientKeyFile = keyFile ?? environment("BELFRY_KEY_FILE")
    guard (connection.clientCertificateFile == nil) == (connection.clientKeyFile == nil) else {
      throw CommandFailure(.usage, "mutual TLS needs both --cert-file and --key-file")
    }
    return try StatusClient(
      url: url ?? environment("BELFRY_URL") ?? "http://127.0.0.1:8080", token: readToken(), connection: connection)
  }

  /// A flag wins over a file that a flag names, and both over the environment.
  private func readToken() throws -> String? {
    if let token { return token }
    if tokenFile == nil, let token = environment("BELFRY_TOKEN") { return token }
    guard let name = tokenFile ?? environment("BELFRY_TOKEN_FILE") else { return nil }
    let text: String
    do {
      text = String(decoding: try Files.read(name, limit: 1 << 16), as: UTF8.self)
    } catch {
      throw CommandFailure(.usage, "--token-file: \(error)")
    }
    let token = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard !token.isEmpty, !token.contains(" ") else {
      throw CommandFailure(.usage, "--token-file '\(name)': a file with one token, and nothing else, is accepted")
    }
    return token
  }
}

/// How times are shown in text.
struct TimeOptions: ParsableArguments {
  @Option(help: "How times are shown: relative, local or utc (default: relative on a terminal, else utc).")
  var times: ClientTimes.Style?
  @Flag(help: "The same as --times utc.")
  var utc = false

  /// The style to show times in at this moment.
  var shown: ClientTimes {
    let style = utc ? .utc : times ?? (Console.isTerminal ? .relative : .utc)
    return ClientTimes(style: style, now: SystemClock().now)
  }
}

/// Which scope is asked for.
struct ScopeOptions: ParsableArguments {
  @Option(help: "Only this tenant and its projects.")
  var tenant: String?
  @Option(help: "Only this project of the tenant.")
  var project: String?

  func validate() throws {
    guard project == nil || tenant != nil else {
      throw ValidationError("--project '\(project ?? "")' needs --tenant, the tenant that it belongs to")
    }
  }

  var parameters: [(String, String?)] { [("tenant", tenant), ("project", project)] }
}
