import JSON
import Model
import Transport

/// Asks a controller's status API, for the commands that show what it knows.
struct StatusClient {
  private let url: String
  private let token: Secret?
  private let transport: CurlTransport

  /// `token`: `nil` takes `BELFRY_TOKEN` from the environment, if any.
  init(url: String, token: String?) throws {
    self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
    self.token = (token ?? environment("BELFRY_TOKEN")).map { Secret($0) }
    transport = try CurlTransport(version: belfryVersion)
  }

  /// The JSON document at a path.
  func get(_ path: String) async throws -> JSONValue {
    let (status, value) = try await answer(path)
    guard status == 200 else { throw failure(status, value, path) }
    return value
  }

  /// The JSON document at a path; `nil` where there is none, or none yet.
  ///
  /// - Throws: `unreachable` also when the controller can't answer for the moment.
  func find(_ path: String) async throws(CommandFailure) -> JSONValue? {
    let (status, value) = try await answer(path)
    switch status {
    case 200: return value
    case 404: return nil
    default: throw failure(status, value, path)
    }
  }

  private func answer(_ path: String) async throws(CommandFailure) -> (status: Int, value: JSONValue) {
    var request = HTTPRequest(url: url + path, responseLimit: 64 << 20)
    request.options.timeout = .seconds(15)
    if let token { request.headers.append(Label("Authorization", "Bearer " + token.reveal())) }
    let response: HTTPResponse
    do {
      response = try await transport.send(request)
    } catch {
      throw CommandFailure(.unreachable, "\(redactedURL(url)) can't be reached: \(error)")
    }
    guard let value = try? JSONValue(parsing: response.body) else {
      throw CommandFailure(
        response.status >= 500 ? .unreachable : .failed,
        "\(redactedURL(url + path)) answered \(response.status) without JSON; is it a belfry?")
    }
    return (response.status, value)
  }

  private func failure(_ status: Int, _ value: JSONValue, _ path: String) -> CommandFailure {
    guard status != 401, status != 403 else {
      return CommandFailure(.notAuthorised, "\(redactedURL(url)) asks for a token: give --token or set BELFRY_TOKEN")
    }
    let message = value["error"]?["message"]?.string ?? "no further word"
    return CommandFailure(
      status == 503 ? .unreachable : .failed, "\(redactedURL(url + path)) answered \(status): \(message)")
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
