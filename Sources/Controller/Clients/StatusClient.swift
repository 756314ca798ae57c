import JSON
import Model
import Transport

/// Asks a controller's status API, for the commands that show what it knows.
struct StatusClient {
  private let url: String
  private let token: Secret?
  private let connection: ConnectionOptions
  private let transport: CurlTransport

  /// `url` may have a path, where a proxy serves the controller below one. `token`: `nil` takes `BELFRY_TOKEN` from the
  /// environment, if any. `connection`: certificates.
  ///
  /// - Throws: `usage` for an address that can't be asked.
  init(url: String, token: String?, connection: ConnectionOptions = ConnectionOptions()) throws {
    guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
      throw CommandFailure(
        .usage, "--url '\(redactedURL(url))': an address such as https://belfry.example.com is accepted")
    }
    guard !url.contains("?"), !url.contains("#"), !url.contains("@") else {
      throw CommandFailure(
        .usage, "--url '\(redactedURL(url))': an address without user, query and fragment is accepted; see --token")
    }
    var address = url
    while address.hasSuffix("/") { address.removeLast() }
    self.url = address
    self.token = (token ?? environment("BELFRY_TOKEN")).map { Secret($0) }
    self.connection = connection
    transport = try CurlTransport(version: belfryVersion)
  }

  /// The JSON document at a path.
  func get(_ path: String) async throws -> JSONValue {
    let (response, value) = try await answer(path)
    guard response.status == 200 else { throw failure(response, value, path) }
    return value
  }

  /// The JSON document at a path; `nil` where there is none, or none yet.
  ///
  /// - Throws: `unreachable` also when the controller can't answer for the moment.
  func find(_ path: String) async throws(CommandFailure) -> JSONValue? {
    let (response, value) = try await answer(path)
    switch response.status {
    case 200: return value
    case 404: return nil
    default: throw failure(response, value, path)
    }
  }

  /// The document at a path, if it isn't the one with this entity tag any more.
  func get(_ path: String, unless tag: inout String?) async throws -> JSONValue? {
    let (response, value) = try await answer(path, tag: tag)
    if response.status == 304 { return nil }
    guard response.status == 200 else { throw failure(response, value, path) }
    tag = response.header("ETag")
    return value
  }

  private func answer(
    _ path: String, tag: String? = nil
  ) async throws(CommandFailure) -> (response: HTTPResponse, value: JSONValue) {
    var request = HTTPRequest(url: url + path, options: connection, responseLimit: 256 << 20)
    request.options.timeout = .seconds(15)
    request.headers.append(Label("Accept", "application/json"))
    if let token { request.headers.append(Label("Authorization", "Bearer " + token.reveal())) }
    if let tag { request.headers.append(Label("If-None-Match", tag)) }
    let response: HTTPResponse
    do {
      response = try await transport.send(request)
    } catch {
      throw unreachable(error)
    }
    if response.status == 304 { return (response, .null) }
    do throws(JSONSyntaxError) {
      return (response, try JSONValue(parsing: response.body))
    } catch {
      throw notJSON(response, path, error)
    }
  }

  private func unreachable(_ error: TransportError) -> CommandFailure {
    let place = redactedURL(url, keepingPath: true)
    switch error {
    case .untrusted:
      return CommandFailure(.unreachable, "\(place) can't be trusted: \(error); --ca-file names its authority")
    case .unsendable: return CommandFailure(.usage, "\(place) can't be asked: \(error)")
    case .refusedByPolicy, .unreachable, .timedOut, .tooLarge, .brokenOff, .cancelled:
      return CommandFailure(.unreachable, "\(place) can't be reached: \(error)")
    }
  }

  /// Something answered that isn't a controller, or only the beginning of an answer came.
  private func notJSON(_ response: HTTPResponse, _ path: String, _ error: JSONSyntaxError) -> CommandFailure {
    let place = redactedURL(url + path, keepingPath: true)
    let type = response.header("Content-Type") ?? ""
    switch response.status {
    case 300..<400:
      let target = response.header("Location").map { " to " + redactedURL($0) } ?? ""
      return CommandFailure(
        .failed, "\(place) redirects\(target) (\(response.status)); give the address behind it as --url")
    case 401, 403, 407:
      return CommandFailure(
        .notAuthorised,
        "\(place) answered \(response.status), and not as a belfry does: a proxy in front asks for something of its own"
      )
    case 500...:
      return CommandFailure(.unreachable, "\(place) answered \(response.status) without JSON; is it a belfry?")
    case 200 where type.contains("json"):
      return CommandFailure(.failed, "\(place) answered JSON that is cut off or damaged: \(error)")
    default:
      let found = type.contains("html") ? "a page for browsers" : "something that isn't JSON"
      return CommandFailure(
        .failed,
        "\(place) answered \(response.status) without JSON, but \(found); is it a belfry, or a proxy's login page?")
    }
  }

  private func failure(_ response: HTTPResponse, _ value: JSONValue, _ path: String) -> CommandFailure {
    let place = redactedURL(url + path, keepingPath: true)
    // A problem (RFC 9457) has its words at the top.
    let message = value["error"]?["message"]?.string ?? value["detail"]?.string ?? "no further word"
    switch response.status {
    case 401:
      let remedy =
        token == nil ? "asks for a token: give --token or set BELFRY_TOKEN" : "doesn't take the token: \(message)"
      return CommandFailure(.notAuthorised, "\(redactedURL(url, keepingPath: true)) \(remedy)")
    case 403: return CommandFailure(.notAuthorised, "\(place): \(message)")
    case 429:
      let wait = response.header("Retry-After").map { "; it may be asked again in \($0) s" } ?? ""
      return CommandFailure(.unreachable, "\(place) was asked too often\(wait)")
    case 503: return CommandFailure(.unreachable, "\(place) answered 503: \(message)")
    default: return CommandFailure(.failed, "\(place) answered \(response.status): \(message)")
    }
  }

  /// What each scope has live.
  struct Applied {
    /// The newest revision that some scope has applied; `nil` before the first.
    var newest: Revision?
    var scopes: [(scope: Scope, revision: Revision)] = []
  }

  /// The revision that each scope has applied.
  func appliedRevisions() async throws -> Applied {
    let status = try await get("/api/v1/status")
    let tenants = try await get("/api/v1/tenants")
    var applied = Applied()
    applied.newest = status["source"]?["revision"]?["appliedNewest"]?.string.flatMap { Revision($0) }
    func add(_ scope: Scope, _ value: JSONValue?) {
      guard let text = value?["revision"]?["applied"]?.string, let revision = Revision(text) else { return }
      applied.scopes.append((scope, revision))
    }
    add(.platform, status["platform"])
    for tenant in tenants["items"]?.array ?? [] {
      guard let name = tenant["name"]?.string else { continue }
      add(.tenant(name), tenant)
      for project in tenant["projects"]?.array ?? [] {
        guard let projectName = project["name"]?.string else { continue }
        add(.project(tenant: name, project: projectName), project)
      }
    }
    return applied
  }
}

/// The version that `belfry --version`, the API and outgoing requests name.
let belfryVersion = "0.1.0"
