import JSON
import Model
import Transport

/// Reads what both sides have, by their APIs.
struct ComparisonLooks: Sendable {
  let belfry: StatusClient
  let tenant: String
  /// The Alertmanager's address, without a slash at its end.
  let alertmanager: String
  let token: Secret?
  /// Which of its alerts are the tenant's, in its own syntax.
  let matchers: [String]
  private let transport: CurlTransport

  init(belfry: StatusClient, tenant: String, alertmanager: String, token: Secret?, matchers: [String]) throws {
    self.belfry = belfry
    self.tenant = tenant
    self.alertmanager = alertmanager.hasSuffix("/") ? String(alertmanager.dropLast()) : alertmanager
    self.token = token
    self.matchers = matchers
    transport = try CurlTransport(version: belfryVersion)
  }

  /// What the controller has: every group of the tenant, page by page.
  func ours() async throws -> AlertmanagerComparison.Look {
    var look = AlertmanagerComparison.Look()
    var cursor: String?
    repeat {
      let path = "/api/v1/groups?limit=1000&tenant=" + tenant.percentEncoded + (cursor.map { "&cursor=" + $0 } ?? "")
      let page = try await belfry.get(path)
      for group in page["items"]?.array ?? [] {
        add(group["labels"], group["alerts"]?.array ?? [], to: &look) { alert in
          (alert["state"]?.string == "firing", alert["muted"]?.bool ?? false)
        }
      }
      cursor = page["next"]?.string
    } while cursor != nil
    return look
  }

  /// What the Alertmanager has.
  func theirs() async throws -> AlertmanagerComparison.Look {
    var query = matchers.map { "filter=" + $0.percentEncoded }
    query += ["active=true", "silenced=true", "inhibited=true"]
    let groups = try await get(alertmanager + "/api/v2/alerts/groups?" + query.joined(separator: "&"))
    var look = AlertmanagerComparison.Look()
    for group in groups.array ?? [] {
      add(group["labels"], group["alerts"]?.array ?? [], to: &look) { alert in
        (true, alert["status"]?["state"]?.string == "suppressed")
      }
    }
    return look
  }

  private func add(
    _ labels: JSONValue?, _ alerts: [JSONValue], to look: inout AlertmanagerComparison.Look,
    _ state: (JSONValue) -> (isFiring: Bool, isMuted: Bool)
  ) {
    var hasAlerts = false
    for alert in alerts {
      let (isFiring, isMuted) = state(alert)
      guard isFiring, let labels = Self.labels(alert["labels"]) else { continue }
      hasAlerts = true
      if isMuted { look.muted.insert(labels) } else { look.told.insert(labels) }
    }
    if hasAlerts, let labels = Self.labels(labels) { look.groups.insert(labels) }
  }

  private static func labels(_ value: JSONValue?) -> Labels? {
    value?.members.map { Labels($0.map { Label($0.name, $0.value.string ?? "") }) }
  }

  private func get(_ url: String) async throws -> JSONValue {
    var request = HTTPRequest(url: url, responseLimit: 256 << 20)
    request.options.timeout = .seconds(30)
    if let token { request.headers.append(Label("Authorization", "Bearer " + token.reveal())) }
    let response: HTTPResponse
    do {
      response = try await transport.send(request)
    } catch {
      throw CommandFailure(.unreachable, "\(redactedURL(alertmanager)) can't be reached: \(error)")
    }
    guard response.status == 200, let value = try? JSONValue(parsing: response.body) else {
      throw CommandFailure(
        .failed, "\(redactedURL(alertmanager)) answered \(response.status); is it an Alertmanager, 0.16 or later?")
    }
    return value
  }
}
