import JSON
import Model
package import Specs

/// Posts embeds to a webhook of Discord. With `update` a group's first message shows the present state, and a short
/// message tells of each change, since a change of a message notifies nobody.
package struct DiscordChannel: Channel {
  private let spec: DiscordSpec
  private let context: ChannelContext

  package init(_ spec: DiscordSpec, context: ChannelContext) {
    self.spec = spec
    self.context = context
  }

  package func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt {
    let message = DiscordMessage(MessageContent(post, context.style), spec)
    let isOfGroup = spec.update && !post.isDigest && !post.isTest
    let url = try context.url(for: post, in: spec.pool)
    if isOfGroup, let handle = post.first.handle.flatMap(DiscordHandle.init),
      let hook = try hook(of: handle, chosen: url), try await change(handle, at: hook, message, &outlet)
    {
      _ = try await self.post(message.note, to: hook, &outlet)
      return Receipt(detail: "changed the group's message and wrote a short one", handle: handle.text)
    }
    let answer = try await self.post(message.posting, to: url, &outlet)
    let id = answer.json?["id"]?.string.flatMap { UInt64($0) == nil ? nil : $0 }
    return Receipt(
      detail: "answered \(answer.status)" + (id.map { ", message " + $0 } ?? ""),
      handle: isOfGroup ? id.flatMap { DiscordHandle(hook: DiscordURL(url).hook, message: $0)?.text } : nil)
  }

  /// The URL of the webhook that wrote a message, since no other may change it: the one that was chosen for this post,
  /// or another of the pool.
  private func hook(of handle: DiscordHandle, chosen: String) throws(DeliveryError) -> String? {
    if DiscordURL(chosen).hook == handle.hook { return chosen }
    for endpoint in spec.pool.endpoints {
      let url = try context.text(of: endpoint.url)
      if DiscordURL(url).hook == handle.hook { return url }
    }
    return nil
  }

  private func post(
    _ body: [UInt8], to url: String, _ outlet: inout Outlet
  ) async throws(DeliveryError) -> VendorAnswer {
    let request = try context.post(body, to: DiscordURL(url).posting(thread: spec.thread), by: spec.pool)
    let answer = try await outlet.ask(request)
    try DiscordAnswer.check(answer)
    return answer
  }

  /// Changes a message; `false` when it is gone, as is a thread.
  private func change(
    _ handle: DiscordHandle, at url: String, _ message: DiscordMessage, _ outlet: inout Outlet
  ) async throws(DeliveryError) -> Bool {
    var request = try context.post(
      message.editing, to: DiscordURL(url).editing(handle.message, thread: spec.thread), by: spec.pool)
    request.method = "PATCH"
    let answer = try await outlet.ask(request)
    // 10008 Unknown Message, 10003 Unknown Channel, 50083 Thread is archived.
    if [10_008, 10_003, 50_083].contains(answer.json?["code"]?.int) { return false }
    try DiscordAnswer.check(answer)
    return true
  }
}

/// What Discord's answers mean (https://discord.com/developers/docs/topics/opcodes-and-status-codes#json).
private enum DiscordAnswer {
  static func check(_ answer: VendorAnswer) throws(DeliveryError) {
    let code = answer.json?["code"]?.int
    let words =
      "answered \(answer.status)" + (code.map { " code \($0)" } ?? "") + ": "
      + (answer.words("message") ?? answer.text)
    switch answer.status {
    case 429:
      // The body is finer than the header; a refusal by the gateway before it has the header alone.
      throw .throttled(retryAfter: answer.wait(answer.json?["retry_after"]) ?? answer.retryAfter)
    case 404 where code == 10_015 || code == nil: throw .unauthorised(words + "; make a new webhook")
    case 401, 403: throw .unauthorised(words)
    // Which field is wrong stands deeper in the body.
    case 400: throw .rejected("answered 400: " + answer.text)
    default: try answer.checkStatus()
    }
  }
}

/// A message of a webhook: `<webhook id>/<message id>`.
struct DiscordHandle: Hashable, Sendable {
  let hook: String
  let message: String

  init?(hook: String?, message: String) {
    guard let hook, UInt64(hook) != nil, UInt64(message) != nil else { return nil }
    (self.hook, self.message) = (hook, message)
  }

  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { return nil }
    self.init(hook: parts[0], message: parts[1])
  }

  var text: String { hook + "/" + message }
}

/// `https://discord.com/api/webhooks/<id>/<token>`, which may have a query.
struct DiscordURL {
  private let path: String
  private let query: [Substring]

  init(_ url: String) {
    let halves = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var path = String(halves[0])
    while path.hasSuffix("/") { path.removeLast() }
    self.path = path
    query = halves.count > 1 ? halves[1].split(separator: "&").filter { !$0.hasPrefix("wait=") } : []
  }

  /// The webhook's number, which is no secret; the part before the token.
  var hook: String? { path.split(separator: "/").dropLast().last.map(String.init) }

  /// Where a new message goes; Discord then answers with the message.
  func posting(thread: String?) -> String { path + "?" + parameters(["wait=true"], thread) }

  func editing(_ message: String, thread: String?) -> String {
    let parameters = parameters([], thread)
    return path + "/messages/" + message + (parameters.isEmpty ? "" : "?" + parameters)
  }

  private func parameters(_ own: [String], _ thread: String?) -> String {
    var all = own + query.filter { thread == nil || !$0.hasPrefix("thread_id=") }.map(String.init)
    if let thread { all.append("thread_id=" + thread) }
    return all.joined(separator: "&")
  }
}
