import Model
import TestKit
import Testing

@testable import Webhook

@Suite struct `Webhooks by forge` {
  static let main = RefChange(ref: "refs/heads/main", commit: ObjectID(Sample.commit))

  private func refusal(_ request: WebhookRequest, _ secrets: WebhookSecrets? = nil) throws -> WebhookRefusal? {
    let secrets = try secrets ?? Sample.secrets()
    do {
      _ = try request.verified(by: secrets, at: Sample.now)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: Sample.signing)
  func `are taken with the right signature`(_ forge: Sample.Forge) throws {
    let webhook = try forge.request().verified(
      by: try Sample.secrets("old one\n" + Sample.secret + "\n"), at: Sample.now)
    #expect(webhook.provider == forge.provider)
    #expect(webhook.delivery != nil)
    #expect(webhook.content == .push([Self.main]))
  }

  @Test(arguments: Sample.signing)
  func `are refused with any other`(_ forge: Sample.Forge) throws {
    let right = forge.prefix + Sample.hmac(forge.body)
    #expect(
      try refusal(forge.request(signature: forge.prefix + Sample.hmac(forge.body, "guess")))
        == .wrongSignature(forge.provider))
    #expect(try refusal(forge.request(signature: right, body: forge.body + " ")) == .wrongSignature(forge.provider))
    for malformed in [
      "", "sha256=", "sha1=" + Sample.hmac(forge.body), String(right.dropLast()), right + "0", right + "zz",
    ] {
      #expect(try refusal(forge.request(signature: malformed))?.code == "unauthorised", "\(malformed)")
    }
    #expect(try refusal(Sample.request(forge.headers, forge.body))?.status == 401)
    let name = forge.signatureHeader
    #expect(
      try refusal(Sample.request(forge.headers + [(name, right), (name, right)], forge.body))
        == .repeatedHeader(name.lowercased()))
    #expect(try refusal(forge.request(), Sample.secrets("another")) == .wrongSignature(forge.provider))
  }

  /// One byte flipped anywhere, in the body or in the signature, and the request is refused.
  @Test func `fit their signature in every byte`() throws {
    var random = SplitMix64(seed: 5)
    let secrets = try Sample.secrets()
    for forge in Sample.signing {
      for _ in 0..<60 {
        var body = Array(forge.body.utf8)
        let index = Int.random(in: 0..<body.count, using: &random)
        body[index] ^= UInt8.random(in: 1...255, using: &random)
        var request = forge.request()
        request.body = body
        #expect(throws: WebhookRefusal.wrongSignature(forge.provider)) {
          try request.verified(by: secrets, at: Sample.now)
        }
      }
    }
  }

  @Test func `of GitHub fit its published pair`() throws {
    let body = "Hello, World!"
    let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    let ping = Sample.request([("X-GitHub-Event", "ping"), ("X-Hub-Signature-256", signature)], body)
    #expect(try ping.verified(by: try Sample.secrets(), at: Sample.now).content == .ping(isSigned: true))
    let push = Sample.request([("X-GitHub-Event", "push"), ("X-Hub-Signature-256", signature)], body)
    #expect(try refusal(push)?.status == 400)
    let old = Sample.request(
      [("X-GitHub-Event", "push"), ("X-Hub-Signature", "sha1=" + String(repeating: "a", count: 40))], body)
    #expect(try refusal(old) == .noSignature(.github, header: "x-hub-signature-256"))
  }

  @Test func `of GitHub sent as a form are refused with the remedy, after the signature`() throws {
    let body = "payload=%7B%7D"
    func request(_ signature: String) -> WebhookRequest {
      WebhookRequest(
        headers: WebhookHeaders([
          (name: "X-GitHub-Event", value: "push"), (name: "X-Hub-Signature-256", value: signature),
          (name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8"),
        ]), body: Array(body.utf8))
    }
    #expect(try refusal(request("sha256=" + Sample.hmac(body))) == .form)
    #expect(WebhookRefusal.form.status == 415)
    #expect(WebhookRefusal.form.description.contains("application/json"))
    #expect(try refusal(request("sha256=" + Sample.hmac(body, "x"))) == .wrongSignature(.github))
  }

  @Test func `of GitLab carry the secret itself`() throws {
    let headers = [("X-Gitlab-Event", "Push Hook"), ("X-Gitlab-Event-UUID", "e1"), ("X-Gitlab-Instance", "https://x")]
    let good = Sample.request(headers + [("X-Gitlab-Token", Sample.secret)], Sample.gitlab)
    let webhook = try good.verified(by: try Sample.secrets(), at: Sample.now)
    #expect(webhook == Webhook(provider: .gitlab, delivery: "e1", content: .push([Self.main])))
    for token in ["", "It's a Secret", Sample.secret + " ", Sample.secret.lowercased()] {
      #expect(
        try refusal(Sample.request(headers + [("X-Gitlab-Token", token)], Sample.gitlab)) == .wrongSignature(.gitlab))
    }
    #expect(try refusal(Sample.request(headers, Sample.gitlab))?.status == 401)
    let system = Sample.request(
      [("X-Gitlab-Event", "System Hook"), ("X-Gitlab-Token", Sample.secret)], Sample.gitlab)
    #expect(try system.verified(by: try Sample.secrets(), at: Sample.now).content == .push([Self.main]))
  }

  static let standardKey = "whsec_c3VwZXJzZWNyZXRieXRlcy0zMi1ieXRlcy1sb25nISE="
  static let standardBody = #"{"ref":"refs/heads/main"}"#

  private func standard(
    signature: String = "v1,Zbsea/VPMA38/qFrRrHWaKNqduC3zmX/u7fT0xFEoYc=", id: String = "msg_01",
    stamp: String = "1700000000", body: String = Self.standardBody, more: [(String, String)] = []
  ) -> WebhookRequest {
    Sample.request(
      [
        ("X-Gitlab-Event", "Push Hook"), ("webhook-id", id), ("webhook-timestamp", stamp),
        ("webhook-signature", signature),
      ] + more, body)
  }

  @Test func `of GitLab may be signed as Standard Webhooks are`() throws {
    let secrets = try Sample.secrets("other\n" + Self.standardKey)
    let good = try standard().verified(by: secrets, at: Sample.now)
    #expect(
      good
        == Webhook(
          provider: .gitlab, delivery: "msg_01", content: .push([RefChange(ref: "refs/heads/main", commit: nil)])))
    let rotated = "v1,\(String(repeating: "A", count: 43))= v1a,xx v1,Zbsea/VPMA38/qFrRrHWaKNqduC3zmX/u7fT0xFEoYc="
    #expect(try refusal(standard(signature: rotated), secrets) == nil)
    #expect(try refusal(standard(id: "msg_02"), secrets) == .wrongSignature(.gitlab))
    #expect(try refusal(standard(stamp: "1700000001"), secrets) == .wrongSignature(.gitlab))
    #expect(try refusal(standard(body: Self.standardBody + " "), secrets) == .wrongSignature(.gitlab))
    for stamp in ["", "-1", "soon", "999999999999999999999"] {
      #expect(try refusal(standard(stamp: stamp), secrets)?.status == 401)
    }
    #expect(try refusal(standard(signature: "v0,abcd"), secrets)?.code == "unauthorised")
    #expect(try refusal(standard(), Sample.secrets()) == .noSigningKey)
    // A wrong signature isn't made good by a right token.
    let both = standard(id: "msg_02", more: [("X-Gitlab-Token", "other")])
    #expect(try refusal(both, secrets) == .wrongSignature(.gitlab))
    // Where no signing token is known, the secret token has to do.
    #expect(try refusal(both, Sample.secrets("other")) == nil)
  }

  @Test(arguments: [(-301, false), (-300, true), (0, true), (300, true), (301, false)])
  func `signed as Standard Webhooks are hold for five minutes`(off: Int, isTaken: Bool) throws {
    let secrets = try Sample.secrets(Self.standardKey)
    let now = Sample.now + .seconds(off)
    let result = Result { () throws(WebhookRefusal) in try standard().verified(by: secrets, at: now) }
    #expect(((try? result.get()) != nil) == isTaken)
    if case .failure(let refusal) = result { #expect(refusal == .stale(seconds: Int64(off))) }
  }

  @Test func `of one forge don't pass as another's`() throws {
    let body = Sample.push
    let signature = "sha256=" + Sample.hmac(body)
    // Signed for GitHub, sent as GitLab's, Gitea's, Gogs's.
    for event in ["X-Gitlab-Event", "X-Gogs-Event"] {
      let request = Sample.request([(event, "Push Hook"), ("X-Hub-Signature-256", signature)], body)
      #expect(try refusal(request)?.status == 401)
    }
    #expect(try refusal(Sample.request([("X-Hub-Signature-256", signature)], body)) == .unknownProvider)
    // Gogs and Gitea send GitHub's headers too; theirs decide.
    #expect(WebhookProvider(WebhookHeaders(Sample.gitea.map { (name: $0.0, value: $0.1) })) == .gitea)
  }

  @Test func `of other events and deletions mean no commit`() throws {
    let issue = Sample.request(
      [("X-GitHub-Event", "pull_request"), ("X-Hub-Signature-256", "sha256=" + Sample.hmac("{}"))], "{}")
    #expect(try issue.verified(by: try Sample.secrets(), at: Sample.now).content == .other("pull_request"))
    let deleted = #"{"ref": "refs/heads/gone", "after": "\#(Sample.zeros)", "head_commit": null}"#
    let request = Sample.request(
      [("X-GitHub-Event", "push"), ("X-Hub-Signature-256", "sha256=" + Sample.hmac(deleted))], deleted)
    #expect(
      try request.verified(by: try Sample.secrets(), at: Sample.now).content
        == .push([RefChange(ref: "refs/heads/gone", commit: nil)]))
    let cloud =
      #"{"push": {"changes": [{"new": null, "old": {"type": "tag", "name": "v1", "target": {"hash": "aa"}}}]}}"#
    #expect(
      try Sample.request([], cloud).changes(as: .bitbucket) == [RefChange(ref: "refs/tags/v1", commit: nil)])
  }

  @Test func `of Bitbucket Server may be tried without a signature`() throws {
    let ping = Sample.request([("X-Event-Key", "diagnostics:ping"), ("X-Request-Id", "p")], #"{"test": true}"#)
    #expect(try ping.verified(by: try Sample.secrets(), at: Sample.now).content == .ping(isSigned: false))
    let bad = Sample.request(
      [("X-Event-Key", "diagnostics:ping"), ("X-Hub-Signature", "sha256=" + Sample.hmac("x"))], "{}")
    #expect(try refusal(bad) == .wrongSignature(.bitbucketServer))
  }

  @Test func `with nonsense for a body are refused after their signature`() throws {
    for body in [
      "", "[]", "{", "null", #"{"ref": 5}"#, #"{"ref": ""}"#, String(repeating: "[", count: 100_000),
      "{\"ref\": \"\u{0}",
    ] {
      let request = Sample.request(
        [("X-GitHub-Event", "push"), ("X-Hub-Signature-256", "sha256=" + Sample.hmac(body))], body)
      #expect(try refusal(request)?.status == 400, "\(body.prefix(20))")
    }
  }
}

@Suite struct `The file of secrets` {
  @Test(arguments: [
    ("", WebhookSecretsError.none), ("\n", .none), ("\n\n", .none), ("a\n\nb\n", .empty(line: 2)),
    ("\na", .empty(line: 1)),
    ("a\n\n", .empty(line: 2)), ("a \n", .spaces(line: 1)), ("a\n\tb", .spaces(line: 2)),
    ("whsec_", .signingToken(line: 1)), ("whsec_$$", .signingToken(line: 1)),
  ])
  func `is refused with what is wrong`(text: String, error: WebhookSecretsError) {
    #expect(throws: error) { try WebhookSecrets(parsing: Array(text.utf8)) }
  }

  @Test func `may end its lines as Windows does, and isn't shown`() throws {
    let secrets = try WebhookSecrets(parsing: Array("first\r\nsecond\r\n".utf8))
    #expect(
      secrets.contain("first") && secrets.contain("second") && !secrets.contain("") && !secrets.contain("first\r"))
    #expect("\(secrets)" == "2 secrets")
    var dumped = ""
    dump(secrets, to: &dumped)
    #expect(!dumped.contains("first"))
    #expect(throws: WebhookSecretsError.notText(line: 1)) { try WebhookSecrets(parsing: [0xff, 0xfe]) }
  }
}

@Suite struct `Deliveries` {
  @Test func `are remembered up to a number`() {
    var memory = DeliveryMemory(limit: 3)
    let news = ["a", "b", "c", "a", "d", "a", "c", "d"].map { memory.note($0) }
    #expect(news == [true, true, true, false, true, true, false, false])
    let all = (0..<10_000).map { memory.note("n\($0)") }
    #expect(!all.contains(false))
    #expect(memory.count == 3)
  }
}
