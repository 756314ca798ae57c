import Crypto
import Model

@testable import Webhook

/// Webhooks as the forges send them.
enum Sample {
  static let secret = "It's a Secret to Everybody"
  static let now = Timestamp(millisecondsSinceEpoch: 1_700_000_000_000)
  static let commit = "9f2c000000000000000000000000000000000001"
  static let zeros = String(repeating: "0", count: 40)

  static func secrets(_ lines: String = secret) throws -> WebhookSecrets {
    try WebhookSecrets(parsing: Array(lines.utf8))
  }

  static func hmac(_ body: String, _ secret: String = secret) -> String {
    hex(HMAC<SHA256>.authenticationCode(for: Array(body.utf8), using: SymmetricKey(data: Array(secret.utf8))))
  }

  static func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  static func request(_ headers: [(String, String)], _ body: String) -> WebhookRequest {
    WebhookRequest(
      headers: WebhookHeaders(
        headers.map { (name: $0.0, value: $0.1) } + [(name: "Content-Type", value: "application/json")]),
      body: Array(body.utf8))
  }

  static let push = """
    {"ref": "refs/heads/main", "before": "\(zeros)", "after": "\(commit)", "repository": {"clone_url": "http://169.254.169.254/"}}
    """

  /// A forge's headers, with a signature where one is given, and its body of a push of ``commit`` to `main`.
  struct Forge: Sendable, CustomStringConvertible {
    var provider: WebhookProvider
    var headers: [(String, String)]
    var signatureHeader: String
    var prefix: String
    var body: String

    var description: String { "\(provider) by \(signatureHeader)" }

    func request(signature: String? = nil, body: String? = nil) -> WebhookRequest {
      let text = body ?? self.body
      let signature = signature ?? prefix + Sample.hmac(text)
      return Sample.request(headers + [(signatureHeader, signature)], text)
    }
  }

  static let gitea = [
    ("X-Gitea-Event", "push"), ("X-Gogs-Event", "push"), ("X-GitHub-Event", "push"), ("X-Gitea-Event-Type", "push"),
    ("X-Gitea-Delivery", "0b9a"), ("X-Gogs-Delivery", "0b9a"), ("X-GitHub-Delivery", "0b9a"),
  ]

  static let cloud = """
    {"push": {"changes": [{"old": null, "new": {"type": "branch", "name": "main", "target": {"hash": "\(commit)"}}}]},
     "repository": {"full_name": "acme/alerts"}}
    """

  static let server = """
    {"eventKey": "repo:refs_changed", "changes": [{"ref": {"id": "refs/heads/main", "displayId": "main"}, "refId":
     "refs/heads/main", "fromHash": "\(zeros)", "toHash": "\(commit)", "type": "UPDATE"}]}
    """

  static let signing: [Forge] = [
    Forge(
      provider: .github,
      headers: [("X-GitHub-Event", "push"), ("X-GitHub-Delivery", "72d3"), ("X-GitHub-Hook-ID", "1")],
      signatureHeader: "X-Hub-Signature-256", prefix: "sha256=", body: push),
    Forge(provider: .gitea, headers: gitea, signatureHeader: "X-Gitea-Signature", prefix: "", body: push),
    Forge(provider: .gitea, headers: gitea, signatureHeader: "X-Hub-Signature-256", prefix: "sha256=", body: push),
    Forge(
      provider: .forgejo, headers: gitea + [("X-Forgejo-Event", "push"), ("X-Forgejo-Delivery", "0b9a")],
      signatureHeader: "X-Forgejo-Signature", prefix: "", body: push),
    Forge(
      provider: .gogs, headers: [("X-Gogs-Event", "push"), ("X-Gogs-Delivery", "ff")],
      signatureHeader: "X-Gogs-Signature", prefix: "", body: push),
    Forge(
      provider: .bitbucket,
      headers: [
        ("X-Event-Key", "repo:push"), ("X-Hook-UUID", "u1"), ("X-Request-UUID", "r1"), ("X-Attempt-Number", "1"),
      ],
      signatureHeader: "X-Hub-Signature", prefix: "sha256=", body: cloud),
    Forge(
      provider: .bitbucketServer, headers: [("X-Event-Key", "repo:refs_changed"), ("X-Request-Id", "q1")],
      signatureHeader: "X-Hub-Signature", prefix: "sha256=", body: server),
  ]

  static let gitlab = """
    {"object_kind": "push", "ref": "refs/heads/main", "before": "\(zeros)", "after": "\(commit)",
     "checkout_sha": "\(commit)", "project": {"git_http_url": "http://gitlab.example.com/acme/alerts.git"}}
    """
}
