import Foundation
import JSON
import Synchronization
import TestKit

/// A vendor's API, or a robot, that answers each request as a test tells it to and remembers all of them.
final class ScriptedVendor: Sendable {
  private let book: AnswerBook
  private let server: LoopbackHTTPServer

  init(_ answer: @escaping @Sendable (LoopbackRequest) -> LoopbackAnswer) throws {
    let book = AnswerBook(answer)
    server = try LoopbackHTTPServer { book.answer($0) }
    self.book = book
  }

  private final class AnswerBook: Sendable {
    private let rule: Mutex<@Sendable (LoopbackRequest) -> LoopbackAnswer>

    init(_ rule: @escaping @Sendable (LoopbackRequest) -> LoopbackAnswer) { self.rule = Mutex(rule) }

    func answer(_ request: LoopbackRequest) -> LoopbackAnswer {
      let rule = rule.withLock { $0 }
      return rule(request)
    }

    func set(_ new: @escaping @Sendable (LoopbackRequest) -> LoopbackAnswer) { rule.withLock { $0 = new } }
  }

  var url: String { server.url }
  var requests: [LoopbackRequest] { server.requests }

  /// Answers from now on so.
  func answers(_ answer: @escaping @Sendable (LoopbackRequest) -> LoopbackAnswer) { book.set(answer) }
  func stop() { server.stop() }

  /// The bodies that came to a path, as JSON.
  func bodies(of path: String) -> [JSONValue] {
    requests.filter { $0.path == path }.compactMap { try? JSONValue(parsing: $0.body) }
  }
}

extension JSONValue {
  /// Every text in it, in order.
  var texts: [String] {
    if let string { return [string] }
    return (array ?? []).flatMap(\.texts) + (members ?? []).flatMap { $0.value.texts }
  }

  /// Whether one of its texts holds these words.
  func tells(_ words: String) -> Bool { texts.contains { $0.contains(words) } }
}

/// Answers that several vendors give.
enum LoopbackAnswers {
  /// Slack's incoming webhooks.
  static let ok = LoopbackAnswer(status: 200, body: "ok")
}
