import Model
import StatusAPI

extension ScriptedSource {
  func book() async -> AlertBook {
    AlertBook(generation: 812, takenAt: World.now, alerts: await current)
  }

  func events(after last: UInt64?, for reader: Visibility) async -> AsyncStream<StatusEvent> {
    await changing?.events() ?? stream(last, reader)
  }
}
