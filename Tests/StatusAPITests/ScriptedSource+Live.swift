import Model
import StatusAPI

extension ScriptedSource {
  func book() async -> AlertBook {
    AlertBook(generation: 812, takenAt: World.now, alerts: firing)
  }

  func events(after last: UInt64?, for reader: Visibility) async -> AsyncStream<StatusEvent> {
    stream(last, reader)
  }
}
