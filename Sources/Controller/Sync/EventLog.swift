import Glibc
import JSON
import Logging
import Model

/// Events with fields, one line each on stderr: `2026-11-20T10:00:00.123Z info sync.applied revision=main@sha1:…`.
///
/// `docs/logs.md` lists every event. Whatever a value holds, an event is one line: control characters are escaped. A
/// warning or an error that comes again and again is written ten times a minute, and then counted.
struct EventLog: Sendable {
  private let format: Settings.LogFormat
  private let clock: any WallClock
  private let isOnTerminal: Bool
  private let write: @Sendable (String) -> Void
  private let repeats: EventRepeats

  /// `write` takes a line without its end; `isOnTerminal` aligns names and colours levels.
  init(
    format: Settings.LogFormat, clock: any WallClock, isOnTerminal: Bool = Console.colourful,
    write: @escaping @Sendable (String) -> Void = { Console.note($0) }
  ) {
    self.format = format
    self.clock = clock
    self.isOnTerminal = isOnTerminal
    self.write = write
    repeats = EventRepeats()
  }

  /// How much an event matters.
  enum Level: String, Sendable, CaseIterable {
    case info, warning, error
  }

  /// Writes one event; `fields` in the order given. No value may be a secret.
  func event(_ name: String, _ level: Level = .info, _ fields: KeyValuePairs<String, String> = [:]) {
    let now = clock.now
    switch repeats.verdict(on: name, level, subject: fields.prefix(2).map(\.value).joined(separator: "\u{0}"), at: now)
    {
    case .leaveOut: return
    case .write(let leftOut):
      var fields = fields.map { ($0.key, $0.value) }
      if leftOut > 0 { fields.append(("repeated", String(leftOut))) }
      write(line(name, level, fields, at: now))
    }
  }

  /// How many events there were of each level, and how many of them weren't written.
  var counts: (written: [Level: Int], leftOut: Int) { repeats.counts }

  private func line(_ name: String, _ level: Level, _ fields: [(String, String)], at now: Timestamp) -> String {
    let time = now.rfc3339(alwaysMilliseconds: true)
    switch format {
    case .text:
      let shown = fields.map { " " + $0 + "=" + ($1.isPlainWord ? $1 : $1.quotedForLog) }.joined()
      guard isOnTerminal else { return time + " " + level.rawValue + " " + name + shown }
      return time + " " + level.coloured + " " + name.padded(to: 22) + shown
    case .json:
      let members = [("time", time), ("level", level.rawValue), ("event", name)] + fields
      return JSONValue.object(members.map { JSONValue.Member($0, .string($1)) }).text
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

extension EventLog.Level {
  /// Seven columns wide; warnings yellow, errors red.
  fileprivate var coloured: String {
    switch self {
    case .info: "info   "
    case .warning: "\u{1b}[33mwarning\u{1b}[0m"
    case .error: "\u{1b}[31merror\u{1b}[0m  "
    }
  }
}

extension String {
  /// Whether this text needs no quotes in a log line.
  fileprivate var isPlainWord: Bool {
    !isEmpty && utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=") }
  }

  /// This text in quotes, on one line; what steers a terminal or turns the direction of writing is escaped too.
  fileprivate var quotedForLog: String {
    let quoted = quotedAsGo
    guard quoted.unicodeScalars.contains(where: \.steers) else { return quoted }
    var text = ""
    for scalar in quoted.unicodeScalars {
      if scalar.steers {
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - utf8.count))
  }
}

extension Unicode.Scalar {
  /// Whether it is a control character beyond ASCII, ends a line, or turns the direction of writing.
  fileprivate var steers: Bool {
    switch value {
    case 0x80..<0xa0, 0x2028, 0x2029, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069, 0xfeff: true
    default: false
    }
  }
}
