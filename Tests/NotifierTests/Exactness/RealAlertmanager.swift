import Glibc
import JSON
import Model
import Notifier
import TestKit

/// Debian's Alertmanager in a process of its own, told of alerts as Prometheus does it.
struct RealAlertmanager: Sendable {
  static let program = "/usr/bin/prometheus-alertmanager"

  /// What the last word on an alert was.
  private struct Word {
    var startsAt: Timestamp
    var endsAt: Timestamp?
    var note: String
  }

  private let scenario: Scenario
  private let server: RealServer
  private let directory: String
  private let http: any HTTPTransport
  private let hookURL: @Sendable (String) -> String
  private var alerts: [String: Word] = [:]
  private var silences: [String: String] = [:]

  /// Starts it with the scenario's first configuration, and waits until it is ready.
  init(
    _ scenario: Scenario, over http: any HTTPTransport, clock: PacedClock,
    hookURL: @escaping @Sendable (String) -> String
  ) async throws {
    self.scenario = scenario
    self.http = http
    self.hookURL = hookURL
    let file = scenario.setup.alertmanagerFile(url: hookURL)
    // Somebody else may take the port before it does.
    for _ in 0..<5 {
      let (server, directory) = try Self.start(file)
      if try await Self.isReady(server, knowing: hookURL(""), over: http, clock: clock) {
        (self.server, self.directory) = (server, directory)
        return
      }
    }
    throw RealServer.Failure(what: "\(scenario.name): Alertmanager doesn't start")
  }

  private static func start(_ file: String) throws -> (RealServer, String) {
    var place = ""
    let server = try RealServer(program, files: ["alertmanager.yml": file]) { directory, address in
      place = directory
      return [
        "--config.file=\(directory)/alertmanager.yml", "--storage.path=\(directory)/data",
        "--web.listen-address=\(address)", "--cluster.listen-address=", "--log.level=error",
      ]
    }
    return (server, place)
  }

  /// Waits until a server works, or has ended; `text` is something of its own configuration.
  private static func isReady(
    _ server: RealServer, knowing text: String, over http: any HTTPTransport, clock: PacedClock
  ) async throws -> Bool {
    for _ in 0..<600 {
      let answer = try? await http.send(HTTPRequest(url: server.url + "/api/v2/status"))
      if let answer, answer.status == 200 { return String(decoding: answer.body, as: UTF8.self).contains(text) }
      var state = siginfo_t()
      let isAsked = waitid(P_PID, id_t(server.process), &state, WEXITED | WNOHANG | WNOWAIT) == 0
      guard isAsked, state.si_signo == 0 else { return false }
      try await clock.sleep(until: clock.now + .milliseconds(50), tolerance: nil)
    }
    return false
  }

  /// Does one step, which the script has at `origin` + `event.at`.
  mutating func perform(_ event: Scenario.Event, from origin: Timestamp) async throws {
    let now = origin + .milliseconds(event.at)
    switch event.step {
    case .fire(let names, let note, let since):
      for name in names {
        let known = alerts[name].flatMap { $0.endsAt == nil ? $0.startsAt : nil }
        let startsAt = known ?? since.map { origin + .milliseconds($0) } ?? now
        alerts[name] = Word(startsAt: startsAt, endsAt: nil, note: note)
      }
      try await post(names, at: now)
    case .resolve(let names):
      for name in names { alerts[name]?.endsAt = now }
      try await post(names, at: now)
    case .remind(let names): try await post(names, at: now)
    case .silence(let name, let matcher, let starting, let lasting):
      let start = starting.map { origin + .milliseconds($0) } ?? now
      silences[name] = try await silence(matcher, from: start, to: start + .milliseconds(lasting))
    case .unsilence(let name):
      try await ask("DELETE", "/api/v2/silence/" + (silences[name] ?? ""))
    case .configure(let setup):
      try write(setup.alertmanagerFile(url: hookURL))
      try await ask("POST", "/-/reload")
    case .answer: break
    }
  }

  /// Says again that what fires fires.
  func remind(at now: Timestamp) async throws {
    try await post(alerts.filter { $0.value.endsAt == nil }.keys.sorted(), at: now)
  }

  private func post(_ names: [String], at now: Timestamp) async throws {
    guard !names.isEmpty else { return }
    var json = JSONWriter()
    json.beginArray()
    for name in names {
      guard let word = alerts[name] else { continue }
      json.beginObject()
      json.key("labels")
      json.beginObject()
      for label in scenario.labels(of: name).pairs { json.member(label.name, label.value) }
      json.endObject()
      json.key("annotations")
      json.beginObject()
      if !word.note.isEmpty { json.member("note", word.note) }
      json.endObject()
      json.member("startsAt", word.startsAt.rfc3339())
      json.member("endsAt", (word.endsAt ?? now + .seconds(240)).rfc3339())
      json.endObject()
    }
    json.endArray()
    try await ask("POST", "/api/v2/alerts", json.bytes)
  }

  private func silence(_ matcher: String, from start: Timestamp, to end: Timestamp) async throws -> String {
    let matcher = try parsed(matcher)
    var json = JSONWriter()
    json.beginObject()
    json.key("matchers")
    json.beginArray()
    json.beginObject()
    json.member("name", matcher.name)
    json.member("value", matcher.value)
    json.member("isRegex", matcher.operation == .matches || matcher.operation == .matchesNot)
    json.member("isEqual", matcher.operation == .equal || matcher.operation == .matches)
    json.endObject()
    json.endArray()
    json.member("startsAt", start.rfc3339())
    json.member("endsAt", end.rfc3339())
    json.member("createdBy", "test")
    json.member("comment", "work")
    json.endObject()
    let answer = try await ask("POST", "/api/v2/silences", json.bytes)
    return try JSONValue(parsing: answer)["silenceID"]?.string ?? ""
  }

  private func parsed(_ text: String) throws -> Matcher { try matcher(text) }

  @discardableResult
  private func ask(_ method: String, _ path: String, _ body: [UInt8] = []) async throws -> [UInt8] {
    let request = HTTPRequest(
      method: method, url: server.url + path, headers: [Label("Content-Type", "application/json")], body: body)
    let answer: HTTPResponse
    do { answer = try await http.send(request) } catch {
      throw RealServer.Failure(what: "\(scenario.name): \(method) \(path): \(error)")
    }
    guard answer.status == 200 else {
      throw RealServer.Failure(
        what: "\(method) \(path) answered \(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
    }
    return answer.body
  }

  private func write(_ text: String) throws {
    guard let file = fopen(directory + "/alertmanager.yml", "w") else { throw RealServer.Failure(what: "no file") }
    fputs(text, file)
    fclose(file)
  }
}
