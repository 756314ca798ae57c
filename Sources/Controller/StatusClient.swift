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
        .failed, "\(redactedURL(url + path)) answered \(response.status) without JSON; is it a belfry?")
    }
    switch response.status {
    case 200: return value
    case 401, 403:
      throw CommandFailure(.notAuthorised, "\(redactedURL(url)) asks for a token: give --token or set BELFRY_TOKEN")
    default:
      let message = value["error"]?["message"]?.string ?? "no further word"
      throw CommandFailure(.failed, "\(redactedURL(url + path)) answered \(response.status): \(message)")
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
