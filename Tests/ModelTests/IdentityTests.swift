import Model
import Testing

@Suite struct `Names of what is live` {
  private static let sha1 = "0123456789abcdef0123456789abcdef01234567"
  private static let sha256 = sha1 + "89abcdef0123456789abcdef"

  @Test(arguments: ["main@sha1:" + sha1, "sha1:" + sha1, "refs/tags/v1.0@sha1:" + sha1, "main@sha256:" + sha256])
  func `a revision's text reads back`(text: String) {
    #expect(Revision(text)?.description == text)
  }

  @Test(arguments: [
    "", "main", "main@" + sha1, "main@sha1:" + sha1.dropLast(), "main@sha1:" + sha1.uppercased(), "main@md5:" + sha1,
    "a@b@sha1:" + sha1, "main@sha1:" + sha1 + ":x",
  ])
  func `another text is no revision`(text: String) {
    #expect(Revision(text) == nil)
  }

  @Test func `an object's name is 40 or 64 lower-case digits`() {
    #expect(ObjectID(Self.sha1)?.short == "01234567")
    #expect(ObjectID(Self.sha256) != nil)
    #expect(ObjectID(String(Self.sha1.dropLast()) + "g") == nil)
    #expect(ObjectID("") == nil)
  }

  @Test func `scopes sort from the platform down, tenants with their projects`() {
    let sorted: [Scope] = [
      .platform, .tenant("a"), .project(tenant: "a", project: "x"), .project(tenant: "a", project: "y"), .tenant("b"),
    ]
    #expect(sorted.reversed().sorted() == sorted)
    #expect(sorted.map(\.description) == ["platform", "a", "a/x", "a/y", "b"])
    #expect(sorted.map(\.path) == ["platform", "tenants/a", "tenants/a/x", "tenants/a/y", "tenants/b"])
    #expect(sorted[2].lineage == [.project(tenant: "a", project: "x"), .tenant("a"), .platform])
    #expect(sorted.map(\.parent) == [nil, .platform, .tenant("a"), .tenant("a"), .platform])
  }

  @Test func `resources sort in the order in which a plan makes them`() {
    let channel = ResourceID(.tenant("a"), .channel, "z")
    let group = ResourceID(.tenant("a"), .ruleGroup, "a")
    #expect([group, channel].sorted() == [channel, group])
    #expect(group.description == "a RuleGroup a")
    #expect(Set(Kind.allCases.map(\.stage)).count == Kind.allCases.count)
  }
}

@Suite struct `Texts that may carry a secret` {
  @Test func `a secret shows nothing of itself`() {
    let secret = Secret("hunter2")
    #expect(secret.reveal() == "hunter2")
    var dumped = ""
    dump(secret, to: &dumped)
    for shown in ["\(secret)", secret.debugDescription, String(reflecting: secret), dumped, "\([secret])"] {
      #expect(!shown.contains("hunter2"))
      #expect(shown.contains("‹redacted›"))
    }
  }

  @Test(arguments: [
    ("https://ana:pw@example.com/hook/abc?token=x#y", "https://example.com/hook/abc", "https://example.com/…"),
    ("http://example.com", "http://example.com", "http://example.com"),
    ("http://example.com/", "http://example.com/", "http://example.com/"),
    ("http://a@b@example.com:9090/x", "http://example.com:9090/x", "http://example.com:9090/…"),
    ("http://[::1]:9090/x?y", "http://[::1]:9090/x", "http://[::1]:9090/…"),
    ("http://example.com?token=x", "http://example.com", "http://example.com"), ("", "", ""),
    ("plain", "plain", "plain"),
  ])
  func `a URL is shown without what may be secret`(url: String, shown: String, withoutPath: String) {
    #expect(redactedURL(url) == shown)
    #expect(redactedURL(url, keepingPath: false) == withoutPath)
  }
}
