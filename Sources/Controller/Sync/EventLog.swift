import JSON
import Logging
import Model

/// Events with fields, one line each on stderr: `2026-11-20T10:00:00.123Z info sync.applied revision=main@sha1:…`.
struct EventLog: Sendable {
  private let format: Settings.LogFormat
  private let clock: any WallClock

  init(format: Settings.LogFormat, clock: any WallClock) {
    self.format = format
    self.clock = clock
  }

  /// How much an event matters.
  enum Level: String, Sendable {
    case info, warning, error
  }

  /// Writes one event; `fields` in the order given. No value may be a secret.
  func event(_ name: String, _ level: Level = .info, _ fields: KeyValuePairs<String, String> = [:]) {
    let time = clock.now.rfc3339(alwaysMilliseconds: true)
    switch format {
    case .text:
      let shown = fields.map { " " + $0.key + "=" + ($0.value.isPlainWord ? $0.value : $0.value.quotedAsGo) }
      Console.note(time + " " + level.rawValue + " " + name + shown.joined())
    case .json:
      var members = ["time": time, "level": level.rawValue, "event": name].map { ($0.key, $0.value) }.sorted {
        $0.0 > $1.0
      }
      members += fields.map { ($0.key, $0.value) }
      Console.note(EventLog.json(members))
    }
  }

  /// Takes in what a library logs; only its warnings and errors are shown.
  func handler(_ label: String) -> any LogHandler {
    LibraryLog(log: self, label: label)
  }
}

/// Hands what a library logs to the event log.
private struct LibraryLog: LogHandler {
  let log: EventLog
  let label: String
  /// Libraries may ask for more; it isn't shown.
  var logLevel: Logger.Level {
    get { .warning }
    set {}
  }

  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    log.event(
      "library.message", event.level >= .error ? .error : .warning, ["library": label, "message": "\(event.message)"])
  }
}

extension String {
  /// Whether this text needs no quotes in a log line.
  fileprivate var isPlainWord: Bool {
    !isEmpty && utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=") }
  }
}

extension EventLog {
  private static func json(_ members: [(String, String)]) -> String {
    JSONValue.object(members.map { JSONValue.Member($0.0, .string($0.1)) }).text
  }
}
