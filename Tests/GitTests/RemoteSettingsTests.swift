@testable import Git
import Model
import Testing

@Suite struct `Addresses of repositories` {
  @Test(arguments: [
    ("https://git.example.com/shop/alerts.git", RemoteURL.Kind.https, "git.example.com", 443),
    ("https://git.example.com:8443/alerts", .https, "git.example.com", 8443),
    ("http://127.0.0.1:3000/a", .http, "127.0.0.1", 3000),
    ("ssh://git@git.example.com:2222/a.git", .ssh, "git.example.com", 2222),
    ("git@git.example.com:shop/alerts.git", .ssh, "git.example.com", 22),
    ("git.example.com:alerts", .ssh, "git.example.com", 22),
    ("ssh://git@[::1]:2222/a", .ssh, "::1", 2222),
    ("file:///srv/alerts", .local, "", 0),
    ("/srv/alerts", .local, "", 0),
  ])
  func `are read`(text: String, kind: RemoteURL.Kind, host: String, port: Int) throws {
    let url = try RemoteURL.parse(text).url
    #expect((url.kind, url.host, url.port) == (kind, host, port))
    #expect(url.text == text)
  }

  @Test(arguments: [
    ("", "the repository's address is empty"), ("alerts", "'alerts' is not a repository's address"),
    ("git://h/a", "addresses that begin with 'git://' are not read"), ("https:///a", "names no host"),
    ("https://h:0/a", "'0' is not a port"), ("https://h:99999/a", "'99999' is not a port"),
    ("https://h/a b", "has a space or control character"), ("file://host/a", "has no absolute path"),
    ("ssh://-oProxyCommand=x/a", "names no host"), ("https://[::1/a", "names no host"),
  ])
  func `are refused with a reason`(text: String, reason: String) async {
    let error = await failure { try RemoteURL.parse(text) }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    #expect(error?.isTransient == false)
  }

  @Test func `keep user and password apart`() throws {
    let settings = try RemoteSettings(url: "https://ana:s%40cret@git.example.com/a?x=1")
    #expect(settings.url.text == "https://git.example.com/a?x=1")
    #expect(settings.url.description == "https://git.example.com/a")
    #expect(settings.credentials == .basic(username: "ana", password: Secret("s@cret")))
    #expect(!"\(settings)".contains("s@cret"))
  }

  @Test func `give way to credentials that are set`() throws {
    let settings = try RemoteSettings(url: "https://ana:old@h/a", credentials: .token(Secret("new")))
    #expect(settings.credentials == .token(username: "x-access-token", Secret("new")))
  }
}

@Suite struct `Names of refs` {
  @Test(arguments: ["main", "release/1.2", "refs/heads/main", "refs/pull/42/head", "v1.4.0", "größe"])
  func `are taken`(ref: String) throws {
    #expect(try RemoteSettings(url: "/a", ref: ref).ref == ref)
  }

  @Test func `HEAD is the default branch`() throws {
    #expect(try RemoteSettings(url: "/a", ref: "HEAD").ref == nil)
  }

  @Test(arguments: [
    "", "--upload-pack=x", "a b", "a..b", "a~1", "a^", "a:b", "a?", "a*", "a[", "a\\b", "/a", "a/", "a//b", ".a",
    "a.lock",
    "a.", "@", "a@{1}", "a\n",
  ])
  func `that git forbids are refused`(ref: String) async {
    #expect(await failure { try RemoteSettings(url: "/a", ref: ref) } != nil)
    #expect(await failure { try RemoteSettings(url: "/a", silencesRef: ref) } != nil)
  }
}

@Suite struct `Refs that a remote tells of` {
  private static let one = ObjectID(String(repeating: "1", count: 40))
  private static let two = ObjectID(String(repeating: "2", count: 40))

  private func refs(_ names: [String: ObjectID], default ref: String? = nil) throws -> AdvertisedRefs {
    AdvertisedRefs(names, defaultRef: ref, url: try RemoteURL.parse("/a").url)
  }

  @Test func `a branch comes before a tag of its name`() throws {
    let (one, two) = (try #require(Self.one), try #require(Self.two))
    let refs = try refs(["refs/heads/x": one, "refs/tags/x": two])
    #expect(try refs.find("x", isRequired: true) == .init(name: "refs/heads/x", commit: one))
    #expect(try refs.find("refs/tags/x", isRequired: true) == .init(name: "refs/tags/x", commit: two))
  }

  @Test func `an annotated tag is its commit`() throws {
    let (one, two) = (try #require(Self.one), try #require(Self.two))
    let refs = try refs(["refs/tags/v1": one, "refs/tags/v1^{}": two])
    #expect(try refs.find("v1", isRequired: true)?.commit == two)
  }

  @Test func `the default branch is guessed where the remote doesn't tell`() throws {
    let (one, two) = (try #require(Self.one), try #require(Self.two))
    let refs = try refs(["HEAD": two, "refs/heads/a": one, "refs/heads/trunk": two])
    #expect(try refs.find(nil, isRequired: true)?.name == "refs/heads/trunk")
  }

  @Test func `a missing one lists branches, then tags`() async throws {
    let one = try #require(Self.one)
    let refs = try refs(["HEAD": one, "refs/heads/main": one, "refs/tags/v1": one, "refs/pull/1/head": one])
    let error = await failure { try refs.find("mian", isRequired: true) }
    #expect(error == .noSuchRef("mian", available: ["main", "v1"]))
    #expect(error?.description == "the repository has no branch or tag 'mian'; it has 'main', 'v1'")
    #expect(try refs.find("mian", isRequired: false) == nil)
  }
}
