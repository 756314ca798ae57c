import JSON
import Model
import Synchronization
import TestKit

/// The webhooks of many runs on one port: `/<run>/<hook>`.
final class HookServer: Sendable {
  private struct Arrival {
    let at: Timestamp
    let path: String
    let body: [UInt8]
  }

  /// What the runs share with the server's threads.
  private final class Book: Sendable {
    let answers = Mutex<[String: HookAnswers]>([:])
    let arrivals = Mutex<[Arrival]>([])

    func answer(_ request: LoopbackRequest) -> LoopbackAnswer {
      let now = PacedClock.systemNow
      let parts = request.path.split(separator: "/").map(String.init)
      guard parts.count == 2 else { return LoopbackAnswer(status: 404) }
      let status = answers.withLock { $0[parts[0]] }?.next(parts[1]) ?? 200
      if status == 200 {
        arrivals.withLock { $0.append(Arrival(at: now, path: request.path, body: request.body)) }
      }
      return LoopbackAnswer(status: status)
    }
  }

  private let book: Book
  private let server: LoopbackHTTPServer

  init() throws {
    let book = Book()
    self.book = book
    server = try LoopbackHTTPServer { book.answer($0) }
  }

  func url(_ run: String, _ hook: String) -> String { server.url + "/" + run + "/" + hook }

  func set(_ answers: HookAnswers, for run: String) { book.answers.withLock { $0[run] = answers } }

  /// What the hooks of a run took, in the order in which it came.
  func told(_ run: String, in scenario: Scenario, from origin: Timestamp) throws -> [Told] {
    try book.arrivals.withLock { arrivals in
      try arrivals.filter { $0.path.hasPrefix("/" + run + "/") }.map { arrival in
        try Told(
          parsing: JSONValue(parsing: arrival.body), in: scenario,
          hook: String(arrival.path.dropFirst(run.utf8.count + 2)),
          at: Int((arrival.at - origin).wholeMilliseconds))
      }
    }
  }
}

extension Told {
  /// Reads Alertmanager's webhook document.
  fileprivate init(parsing document: JSONValue, in scenario: Scenario, hook: String, at: Int) throws {
    var names: [String: [String]] = [:]
    var index = 0
    while let alert = document["alerts"]?[index] {
      index += 1
      guard case .object(let members)? = alert["labels"] else { continue }
      let labels = Labels(members.map { Label($0.name, $0.value.string ?? "") })
      let note = alert["annotations"]?["note"]?.string.map { "\"\($0)\"" } ?? ""
      names[alert["status"]?.string ?? "", default: []].append(scenario.name(of: labels) + note)
    }
    self.init(
      at: at, hook: hook, group: document["groupKey"]?.string ?? "", firing: (names["firing"] ?? []).sorted(),
      resolved: (names["resolved"] ?? []).sorted(), cut: document["truncatedAlerts"]?.int ?? 0)
  }
}
