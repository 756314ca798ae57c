import JSON
import Model
import StatusAPI

/// What a scripted source lists besides live alerts; the ``World``'s unless a test says otherwise.
struct Scene: Sendable {
  var tenants = World.tenants
  var groups = World.groups
  var silences = World.silences
  var resources = World.resources
  var syncs = World.syncs
  var history = World.history
  var deliveries = World.deliveries
  var audit = World.audit
  var diagnostics = [World.diagnostic]
  /// The texts of spec files by path.
  var texts: [String: String] = [:]
  /// A resource in full.
  var resource: @Sendable (ResourceID) -> ResourceView = World.resource
}

extension ScriptedSource {
  func text(of file: String, in scope: Scope, for reader: Visibility) async -> [UInt8]? {
    scene.texts[file].map { Array($0.utf8) }
  }
}

/// Live alerts that a test changes while a page is open, and the events that tell of it.
actor ChangingAlerts {
  private(set) var alerts: [AlertView]
  private var streams: [AsyncStream<StatusEvent>.Continuation] = []
  private var last: UInt64 = 0

  init(_ alerts: [AlertView]) {
    self.alerts = alerts.sorted { AlertKey($0.alert) < AlertKey($1.alert) }
  }

  func events() -> AsyncStream<StatusEvent> {
    let (stream, continuation) = AsyncStream.makeStream(of: StatusEvent.self)
    streams.append(continuation)
    return stream
  }

  /// How many pages listen.
  var listeners: Int { streams.count }

  func add(_ view: AlertView) {
    alerts = (alerts + [view]).sorted { AlertKey($0.alert) < AlertKey($1.alert) }
    tell(.alert, of: view)
  }

  func remove(_ view: AlertView) {
    alerts.removeAll { $0 == view }
    tell(.status, of: view)
  }

  private func tell(_ kind: StatusEvent.Kind, of view: AlertView) {
    last += 1
    let event = StatusEvent(id: last, kind: kind, at: World.now, scope: view.alert.scope, data: view.json)
    for stream in streams { stream.yield(event) }
  }

  /// Ends every stream, as a server that stops does.
  func end() {
    for stream in streams { stream.finish() }
    streams = []
  }
}
