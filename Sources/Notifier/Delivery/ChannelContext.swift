package import Model
import Specs

/// What a channel has besides its own spec.
package struct ChannelContext: Sendable {
  /// Its scope decides where secrets are looked for.
  package let id: ResourceID
  package let style: MessageStyle
  package var secrets: any SecretResolver
  package let egress: EgressPolicy
  package let userAgent: String
  /// For the times in signatures.
  package let clock: any WallClock
  /// A text that no other request has, for signatures: 32 hexadecimal digits.
  package let nonce: @Sendable () -> String

  package init(
    id: ResourceID, style: MessageStyle, secrets: any SecretResolver, egress: EgressPolicy = .open,
    userAgent: String = "Belfry", clock: any WallClock, nonce: @escaping @Sendable () -> String
  ) {
    self.id = id
    self.style = style
    self.secrets = secrets
    self.egress = egress
    self.userAgent = userAgent
    self.clock = clock
    self.nonce = nonce
  }
}

extension ChannelContext {
  /// The secret `name` of the channel's scope.
  func secret(_ name: String) throws(DeliveryError) -> String { try secrets.text(name, for: id.scope) }

  func text(of value: SecretOr) throws(DeliveryError) -> String {
    switch value {
    case .plain(let text): text
    case .secret(let name): try secret(name)
    }
  }

  /// The endpoint at `position`, counted around: a pool may have shrunk since the post was made.
  func endpoint(_ position: Int, of pool: EndpointPool) -> ChannelEndpoint {
    pool.endpoints[position % pool.endpoints.count]
  }

  /// The address that a post goes to.
  func url(for post: Post, in pool: EndpointPool) throws(DeliveryError) -> String {
    try text(of: endpoint(post.endpoint, of: pool).url)
  }

  /// A request of JSON to a URL, by a pool's settings: its credentials, headers, certificates and proxy.
  ///
  /// A header of the pool takes the place of ours with the same name. Of a long answer the beginning is taken: its
  /// status says already what became of the message.
  func post(
    _ json: [UInt8], to url: String, by pool: EndpointPool, headers: [Label] = []
  ) throws(DeliveryError) -> HTTPRequest {
    var all = [Label("Content-Type", "application/json"), Label("User-Agent", userAgent)] + headers
    if let authorization = try pool.http.authorization(secrets, for: id.scope) {
      all.append(Label("Authorization", authorization))
    }
    all = all.replaced(by: pool.http.headers)
    return HTTPRequest(
      method: "POST", url: url, headers: all, body: json,
      options: try pool.http.options(secrets, for: id.scope, egress: egress, timeout: pool.timeout),
      responseLimit: 1 << 16, cutsLongAnswers: true)
  }
}

extension [Label] {
  /// These headers, each of which gives way to those of `others` with its name.
  func replaced(by others: [Label]) -> [Label] {
    let names = Set(others.lazy.map { $0.name.lowercased() })
    return filter { !names.contains($0.name.lowercased()) } + others
  }

  /// The first header of this name, compared without case.
  func header(_ name: String) -> String? { first { $0.name.lowercased() == name.lowercased() }?.value }
}

extension String {
  /// This URL with `path` behind its own path, unless it ends with it already; a query stays behind both.
  func appendingPath(_ path: String) -> String {
    let end = utf8.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? utf8.endIndex
    var base = self[..<end]
    while base.utf8.last == UInt8(ascii: "/") { base.removeLast() }
    return base + (base.hasSuffix(path) ? "" : path) + self[end...]
  }
}

extension Message {
  /// By what a destination knows a group again, whatever becomes of its alerts: lower-case hexadecimal SHA-256 of the
  /// owner and Alertmanager's text for the group, so that two tenants who share a destination never share a key.
  ///
  /// Trouble that began under another key, before labels or folders were renamed, keeps that.
  package var deduplicationKey: String {
    if let handle, handle.hasPrefix(Self.groupMark) { return String(handle.dropFirst(Self.groupMark.count)) }
    return Self.deduplicationKey(owner, groupKey)
  }

  private static let groupMark = "group "

  private static func deduplicationKey(_ owner: Scope, _ groupKey: String) -> String {
    sha256(Array((owner.description + "\n" + groupKey).utf8)).hexadecimal
  }

  /// A handle that keeps a group's key at its destination.
  static func handle(ofGroup key: NotificationLogEntry.Key) -> String {
    groupMark + deduplicationKey(key.owner, key.groupKey)
  }

  /// By what a receiver knows this very message again when it comes twice: 32 hexadecimal digits, the same for each
  /// attempt.
  package var deliveryID: String {
    let identity = [owner.description, groupKey, channel.description, String(at.millisecondsSinceEpoch)]
    return String(sha256(Array(identity.joined(separator: "\n").utf8)).hexadecimal.prefix(32))
  }
}

extension Post {
  /// One post for each group: what machines are told, whatever comes.
  var single: [Post] { messages.map { Post([$0], endpoint: endpoint, isTest: isTest) } }
}
