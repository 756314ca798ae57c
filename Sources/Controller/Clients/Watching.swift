import ArgumentParser
import Glibc
import JSON
import Model

/// What commands that can go on take.
struct WatchOptions: ParsableArguments {
  @Flag(
    name: .shortAndLong, help: "Go on: draw anew on a terminal, print what changes elsewhere; Ctrl-C ends it with 0.")
  var watch = false
}

/// Asks again and again; what hasn't changed costs the controller a 304.
struct Watching {
  /// How long to wait between two questions.
  static let pause = Duration.seconds(1)

  let client: StatusClient
  private let clock = SystemClock()
  private var isLost = false

  init(_ client: StatusClient) {
    self.client = client
    // An end by Ctrl-C is what was meant, so it isn't a failure.
    signal(SIGINT) { _ in _exit(0) }
    signal(SIGPIPE) { _ in _exit(0) }
  }

  /// Calls `body` until the process is ended. Where the controller can't be reached any more, that is said once, and
  /// asked again.
  mutating func forever(_ body: () async throws -> Void) async throws {
    var wasReached = false
    while true {
      do {
        try await body()
        if isLost { Console.note("reached again") }
        isLost = false
        wasReached = true
      } catch let failure as CommandFailure where failure.exit == .unreachable && wasReached {
        if !isLost { Console.note("belfry: \(failure.description); trying again") }
        isLost = true
      }
      try await clock.sleep(until: clock.now + Self.pause, tolerance: nil)
    }
  }

  /// Draws a whole screen anew, without flicker: each line over the one before.
  static func draw(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).prefix(max(5, Console.height - 1))
    Console.write("\u{1b}[H" + lines.map { $0 + "\u{1b}[K" }.joined(separator: "\n") + "\u{1b}[J")
  }
}
