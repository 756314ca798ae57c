import Hummingbird
import Model

extension StatusResponder {
  /// How much of each list the page shows.
  private static let shownAlerts = 100
  private static let shownRows = 10
  private static let shownScopes = 20

  func dashboard(for reader: Visibility) async -> String {
    let status = await source.status(for: reader).limited(to: reader)
    let tenants = await source.tenants(for: reader).filter { reader.allows($0.scope) }
    var held: [ScopeView] = []
    for scope in status.held.prefix(Self.shownScopes) {
      if let view = await source.scope(scope, for: reader) { held.append(view) }
    }
    let page = DashboardPage(
      status: status, tenants: tenants, held: held,
      firing: await alerts(.firing, for: reader), pending: await alerts(.pending, for: reader),
      syncs: await syncs(for: reader), deliveries: await deliveries(for: reader)
    )
    return page.html
  }

  private func alerts(_ state: AlertState, for reader: Visibility) async -> Page<AlertView> {
    var page = await source.alerts(
      AlertFilter(states: [state]), PageRequest(limit: Self.shownAlerts), for: reader
    )
    page.elements.removeAll { !reader.allows($0.alert.scope) }
    page.elements.sort { $0.alert.activeAt > $1.alert.activeAt }
    return page
  }

  private func syncs(for reader: Visibility) async -> Result<[SyncView], SourceUnavailable> {
    do throws(SourceUnavailable) {
      return .success(try await source.syncs(PageRequest(limit: Self.shownRows), for: reader).elements)
    } catch {
      return .failure(error)
    }
  }

  private func deliveries(for reader: Visibility) async -> Result<[DeliveryRecord], SourceUnavailable> {
    do throws(SourceUnavailable) {
      let page = try await source.deliveries(DeliveryFilter(), PageRequest(limit: Self.shownRows), for: reader)
      return .success(page.elements.filter { reader.allows($0.owner) })
    } catch {
      return .failure(error)
    }
  }

  func stylesheet() -> Response {
    var response = Response(.css, dashboardStyle)
    response.headers[.cacheControl] = "private, max-age=300"
    return response
  }
}
