import Model
import StatusAPI

extension StatusBoard {
  func book() async -> AlertBook {
    let view = await view(for: .all)
    var alerts: [AlertView] = []
    for (_, alert) in view.alerts.map({ (StatusAlertKey($0), $0) }).sorted(by: { $0.0 < $1.0 }) {
      alerts.append(await alertView(alert, in: view))
    }
    return AlertBook(generation: await generation(), takenAt: view.at, alerts: alerts)
  }

  func events(after last: UInt64?, for reader: Visibility) async -> AsyncStream<StatusEvent> {
    AsyncStream { $0.finish() }
  }
}
