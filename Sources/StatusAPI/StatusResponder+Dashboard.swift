import Hummingbird
import Model

/// The pages of the dashboard.
extension StatusResponder {
  func page(_ route: DashboardRoute, _ reading: Reading) async throws(APIError) -> Response {
    let language = Language(
      query: reading.parameters.text("lang"), cookies: reading.request.headers[.cookie],
      acceptLanguage: reading.request.headers[.acceptLanguage])
    // Whoever signs in is nobody yet: nothing is told there.
    let status = route == .login ? nil : await source.status(for: reading.reader).limited(to: reading.reader)
    let frame = PageFrame(
      route: route, language: language, status: status, version: version.version,
      now: status?.observedAt ?? Timestamp(millisecondsSinceEpoch: 0),
      isSignedIn: reading.request.headers[.cookie]?.contains(SessionSeal.cookie + "=") ?? false)
    var response: Response
    do throws(APIError) {
      response = Response(.html, try await html(route, frame, reading))
    } catch {
      response = Response(.html, frame.html(ErrorPage(error: error)), status: error.status)
    }
    if let chosen = reading.parameters.text("lang"), Language(rawValue: chosen) != nil {
      let path = prefix.isEmpty ? "/" : prefix + "/"
      response.headers[.setCookie] = "\(Language.cookie)=\(chosen); Path=\(path); Max-Age=31536000; SameSite=Lax"
    }
    response.headers[.vary] = "Accept-Language, Cookie, Authorization"
    return response
  }

  func asset(_ name: String, _ reading: Reading) throws(APIError) -> Response {
    guard let asset = DashboardAsset.all[name] else { throw .notFound("nothing is served here") }
    return asset.response(version: reading.parameters.text("v"), ifNoneMatch: reading.ifNoneMatch)
  }

  private func html(
    _ route: DashboardRoute, _ frame: PageFrame, _ reading: Reading
  ) async throws(APIError) -> String {
    guard let status = frame.status else {
      return frame.html(LoginPage(next: reading.parameters.text("next").flatMap(ReturnPath.init)?.text ?? ""))
    }
    switch route {
    case .login: return frame.html(LoginPage(next: ""))
    case .overview: return frame.html(await overview(status, for: reading.reader))
    case .tenants:
      let tenants = await source.tenants(for: reading.reader).filter { reading.reader.allows($0.scope) }
      return frame.html(TenantsPage(platform: status.platform, tenants: tenants))
    case .scope(let scope): return frame.html(try await scopePage(scope, for: reading.reader))
    case .alerts: return frame.html(await alertsPage(try reading.parameters.alertQuery(), for: reading.reader))
    case .alert(let fingerprint):
      return frame.html(AlertPage(explanation: try await explanation(of: fingerprint, reading)))
    case .rules: return frame.html(try await rulesPage(reading))
    case .resource(let id): return frame.html(try await resourcePage(id, for: reading.reader))
    case .syncs:
      return frame.html(SyncsPage(status: status, syncs: await syncsPage(try reading.parameters.page(), reading)))
    case .sync(let id): return frame.html(SyncPage(view: try await syncView(id, reading)))
    case .silences: return frame.html(try await silencesPage(reading))
    case .channels: return frame.html(try await channelsPage(reading))
    case .history:
      return frame.html(HistoryPage(rows: await historyRows(try reading.parameters.page(), reading.reader)))
    case .audit: return frame.html(AuditPage(rows: await auditRows(try reading.parameters.page(), reading.reader)))
    }
  }
}
